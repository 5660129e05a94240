import { Child } from '../child.ts';
import { compiled } from '../paths.ts';

/** How many requests are under way now, and how those ended that have: by status or error. */
interface HangingReport {
  underWay: number;
  ended: Record<string, number>;
}

/** Requests that are kept under way by a process of its own. */
export interface Hanging {
  report(): Promise<HangingReport>;
  stop(): Promise<void>;
}

/**
 * Keeps requests under way at a server, and waits until all have begun.
 *
 * @param paths Templates of paths with `NUMBER` in them, taken in turn.
 */
export async function startHanging(base: string, paths: string[], count: number): Promise<Hanging> {
  const args = [base, JSON.stringify(paths), String(count)];
  const child = new Child<'ready', HangingReport>(compiled('load/hang.js'), args);
  await child.ready;
  return { report: () => child.ask(), stop: () => child.stop() };
}
