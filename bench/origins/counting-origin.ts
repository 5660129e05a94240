import { fork } from 'node:child_process';
import { once } from 'node:events';
import { compiled } from '../paths.ts';
import type { Count } from './counting/counts.ts';

/** What the counting origin has to say. */
export interface CountingReport {
  /** By the file's path, since the last report. */
  counts: Record<string, Count>;
  /** Responses under way now. */
  open: number;
}

/** A counting origin that runs in a process of its own. */
export interface CountingOrigin {
  /** Where it answers, one URL for each address. */
  urls: string[];
  report(): Promise<CountingReport>;
  stop(): Promise<void>;
}

/**
 * Starts a counting origin.
 *
 * @param root The folder that it serves.
 * @param addresses Of this machine; each is an origin of its own to those who ask.
 */
export async function startCountingOrigin(
  root: string,
  addresses = ['127.0.0.1'],
): Promise<CountingOrigin> {
  const child = fork(compiled('origins/counting/main.js'), [root, ...addresses], { execArgv: [] });
  const [{ ports }] = (await once(child, 'message')) as [{ ports: number[] }];
  return {
    urls: addresses.map((address, i) => `http://${address}:${ports[i]}`),
    async report() {
      const answer = once(child, 'message');
      child.send('report');
      return ((await answer) as [CountingReport])[0];
    },
    async stop() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
