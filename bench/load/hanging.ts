import { fork } from 'node:child_process';
import { once } from 'node:events';
import { compiled } from '../paths.ts';

/** Requests that are kept under way by a process of its own. */
export interface Hanging {
  /** How many are under way now, and how those ended that have: by status or error. */
  report(): Promise<{ underWay: number; ended: Record<string, number> }>;
  stop(): Promise<void>;
}

/**
 * Keeps requests under way at a server, and waits until all have begun.
 *
 * @param paths Templates of paths with `NUMBER` in them, taken in turn.
 */
export async function startHanging(base: string, paths: string[], count: number): Promise<Hanging> {
  const child = fork(compiled('load/hang.js'), [base, JSON.stringify(paths), String(count)], {
    execArgv: [],
  });
  await once(child, 'message');
  return {
    async report() {
      const answer = once(child, 'message');
      child.send('report');
      return (await answer)[0];
    },
    async stop() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
