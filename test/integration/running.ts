import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childrenOf } from './usage.ts';

/** A process that a test started. */
export interface Running {
  /** Where it answers, such as `http://127.0.0.1:40123`. */
  url: string;
  process: ChildProcess;
  /** What it wrote to standard output, the end of it where it is very much. */
  output(): string;
  /** The process ids of a server's serving processes. */
  serving(): number[];
  /** Ends it with SIGTERM and gives its exit status. */
  stop(): Promise<number | null>;
}

/** Characters of a server's output that are kept: hours of it would fill the memory. */
const MAX_OUTPUT = 1_000_000;

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Starts an origin that serves the files below `folder`. */
export async function startOrigin(folder: string, ...flags: 'no-range'[]): Promise<Running> {
  const child = fork(`${root}test/integration/origin.mjs`, [folder, ...flags], { execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return running(child, port, () => '');
}

/** Starts `imgpeek serve` on a free port, with loopback sources allowed and `env` on top. */
export async function startServer(
  env: Record<string, string> = {},
  ...flags: string[]
): Promise<Running> {
  const child = spawn(process.execPath, [`${root}dist/main.js`, 'serve', ...flags], {
    env: {
      PATH: process.env.PATH,
      // A build under sanitizers is preloaded and named from outside.
      LD_PRELOAD: process.env.LD_PRELOAD,
      ASAN_OPTIONS: process.env.ASAN_OPTIONS,
      UBSAN_OPTIONS: process.env.UBSAN_OPTIONS,
      IMGPEEK_ADDON: process.env.IMGPEEK_ADDON,
      IMGPROXY_BIND: '127.0.0.1:0',
      IMGPROXY_LOG_FORMAT: 'json',
      // What a process keeps, such as its connections to origins, is counted by tests.
      IMGPEEK_PROCESSES: '1',
      // No balancer looks.
      IMGPEEK_DRAIN_DELAY: '0',
      IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES: 'true',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`imgpeek exited with ${code}: ${output}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-MAX_OUTPUT);
      const match = /"port":(\d+)/.exec(output);
      if (match) resolve(Number(match[1]));
    });
  });
  child.removeAllListeners('exit');
  return running(child, port, () => output);
}

function running(child: ChildProcess, port: number, output: () => string): Running {
  return {
    url: `http://127.0.0.1:${port}`,
    process: child,
    output,
    serving: () => childrenOf(child.pid),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      return ((await exit) as [number | null])[0];
    },
  };
}
