import { Child } from '../child.ts';
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
  const script = compiled('origins/counting/main.js');
  const child = new Child<{ ports: number[] }, CountingReport>(script, [root, ...addresses]);
  const { ports } = await child.ready;
  return {
    urls: addresses.map((address, i) => `http://${address}:${ports[i]}`),
    report: () => child.ask(),
    stop: () => child.stop(),
  };
}
