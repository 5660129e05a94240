// Runs in a network of its own: asks for sources whose names are never answered, and meanwhile for
// others. Prints what came of them, and what the name server was asked, as JSON. Usage: node
// inside.mjs MAIN, the server's main.js.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNameServer } from '../../source/dns/name-server.mjs';

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const HERE = [['127.0.0.1']];
const SILENT = { silent: ['A', 'AAAA'] };

const servers = await startNameServer({
  'long.test': { steps: HERE, ttl: 600 },
  'short.test': { steps: HERE, ttl: 1 },
  'minio.search.test': { steps: HERE, ttl: 600 },
  'silent.test': SILENT,
  ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`silent${i}.test`, SILENT])),
});

const origin = createServer((_, response) => {
  // Each question makes a connection of its own, and with it a look-up.
  response.writeHead(200, { 'Content-Length': GIF.length, Connection: 'close' }).end(GIF);
});
origin.listen(80, '127.0.0.1');
await once(origin, 'listening');

const root = mkdtempSync(join(tmpdir(), 'imgpeek-names-'));
writeFileSync(join(root, 'file.gif'), GIF);

const server = spawn(process.execPath, [process.argv[2], 'serve'], {
  env: {
    PATH: process.env.PATH,
    IMGPROXY_BIND: '127.0.0.1:8080',
    IMGPROXY_LOG_LEVEL: 'error',
    // Each process remembers names of its own.
    IMGPEEK_PROCESSES: '1',
    IMGPROXY_DOWNLOAD_TIMEOUT: '60',
    IMGPROXY_TIMEOUT: '60',
    IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES: 'true',
    IMGPROXY_LOCAL_FILESYSTEM_ROOT: root,
  },
  stdio: ['ignore', 2, 2],
});
const info = 'http://127.0.0.1:8080/info/_/plain/';
const ask = async (source) => (await fetch(info + source)).status;
while (!(await fetch('http://127.0.0.1:8080/health').catch(() => undefined))) {
  await new Promise((resolve) => setTimeout(resolve, 50));
}

// The silent ones come first. That they are still waited for when the others are done is what counts.
let unanswered = 0;
const hanging = Array.from({ length: 40 }, async (_, i) => {
  unanswered++;
  await ask(`http://silent${i}.test/`).finally(() => unanswered--);
});
hanging.map((question) => question.catch(() => {}));
while (servers.asked.filter((name) => name.includes('silent')).length < 40) {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
const others = [];
for (let i = 0; i < 10; i++) {
  others.push(
    await Promise.all([
      ask('local:///file.gif'),
      ask('http://long.test/'),
      ask('http://minio/'),
      ask('http://localhost/'),
    ]),
  );
}
const unansweredThen = unanswered;

const count = (name) => servers.asked.filter((question) => question === `A ${name}`).length;
await Promise.all(Array.from({ length: 10 }, () => ask('http://short.test/')));
const shortAtOnce = count('short.test');
await new Promise((resolve) => setTimeout(resolve, 1_200));
await ask('http://short.test/');
const result = {
  others,
  unanswered: unansweredThen,
  asked: {
    long: count('long.test'),
    minio: count('minio.search.test'),
    shortAtOnce,
    shortLater: count('short.test'),
  },
};
server.kill();
process.stdout.write(JSON.stringify(result), () => process.exit());
