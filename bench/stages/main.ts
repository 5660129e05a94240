// Where the time of a request goes: one serving process under load, profiled by V8. The shares are of
// the time that its JavaScript thread is at work, in JavaScript and in all that it calls.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeFiles } from '../cases/cases.ts';
import { loadOnce } from '../figures/cell.ts';
import { startNginx } from '../origins/nginx.ts';
import { CACHE, FILES, ROOT } from '../paths.ts';
import { imgpeek } from '../rivals/imgpeek.ts';
import { findPort, startService } from '../rivals/service.ts';
import { type CpuProfile, sumByStage, toShares } from './profile.ts';

const CONNECTIONS = 32;

async function main(file: string, seconds: number): Promise<void> {
  makeFiles(join(ROOT, '../shared/corpus'));
  const folder = mkdtempSync(join(tmpdir(), 'imgpeek-stages-'));
  const nginx = await startNginx(FILES, join(CACHE, 'nginx'));
  try {
    const requests = await profileLoad(nginx.url, file, seconds, folder);
    const sums = sumByStage(readProfile(folder));
    const waits = (sums.get('waits') ?? 0) + (sums.get('starting') ?? 0);
    const busy = [...sums.values()].reduce((sum, time) => sum + time, -waits);
    process.stdout.write(
      `${file}: ${requests} requests, ${(busy / requests).toFixed(0)} µs each\n`,
    );
    for (const [stage, share] of toShares(sums)) {
      process.stdout.write(`${(share * 100).toFixed(1).padStart(5)} %  ${stage}\n`);
    }
  } finally {
    await nginx.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Loads one serving process that writes its profile to `folder` when it ends. */
async function profileLoad(origin: string, file: string, seconds: number, folder: string) {
  const port = await findPort();
  const service = await startService({
    command: process.execPath,
    args: ['--cpu-prof', `--cpu-prof-dir=${folder}`, join(ROOT, 'dist/main.js'), 'serve'],
    env: {
      IMGPROXY_BIND: `127.0.0.1:${port}`,
      IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES: 'true',
      IMGPROXY_LOG_LEVEL: 'error',
      IMGPEEK_PROCESSES: '1',
    },
    port,
  });
  try {
    const { requests } = await loadOnce(
      { rival: imgpeek, service },
      origin,
      file,
      CONNECTIONS,
      seconds,
    );
    return requests;
  } finally {
    await service.stop();
  }
}

/** The serving process' profile: its supervisor's is much shorter. */
function readProfile(folder: string): CpuProfile {
  const paths = readdirSync(folder).map((name) => join(folder, name));
  const [largest] = paths.sort((a, b) => statSync(b).size - statSync(a).size);
  if (!largest) throw new Error('the server wrote no profile');
  return JSON.parse(readFileSync(largest, 'utf8'));
}

const { values } = parseArgs({
  options: {
    file: { type: 'string', default: 'photo.jpg' },
    seconds: { type: 'string', default: '10' },
  },
});
await main(values.file, Number(values.seconds));
