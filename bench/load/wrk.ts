import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../paths.ts';

const run = promisify(execFile);
const SCRIPT = join(ROOT, 'bench/load/report.lua');

/** Stands in a source's URL for the number of the request. */
export const NUMBER = '8160718';

/** A load of one kind of request. */
export interface Load {
  /** The server, such as `http://127.0.0.1:40123`. */
  base: string;
  /** The path to ask for, with `NUMBER` in it. */
  path: string;
  connections: number;
  /** Whole seconds. */
  seconds: number;
}

/** What came of a load. Times are in ms. */
export interface Outcome {
  requests: number;
  seconds: number;
  p50: number;
  p99: number;
  p999: number;
  mean: number;
  max: number;
  /** Answers with a status of 400 and more. */
  refused: number;
  /** Connections that failed, and requests that took too long. */
  broken: number;
}

/** Loads that have begun: each counts its requests from a number of its own. */
let begun = Math.floor(Date.now() / 1000) % 1_000_000;

/**
 * Loads a server with wrk, in one thread, each connection asking anew as soon as it has its answer.
 *
 * @throws Error where wrk fails or no request was answered.
 */
export async function load({ base, path, connections, seconds }: Load): Promise<Outcome> {
  begun++;
  const { stdout } = await run('wrk', [
    ...['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`],
    // Longer than any server's own deadline.
    ...['--timeout', '60s', '--latency', '--script', SCRIPT, base],
    ...['--', path, NUMBER, String(begun)],
  ]);
  return parseOutcome(stdout);
}

/** Reads what the script printed among wrk's own words. */
export function parseOutcome(text: string): Outcome {
  const line = text.split('\n').find((candidate) => candidate.startsWith('@'));
  if (!line) throw new Error(`wrk did not report: ${text}`);
  return JSON.parse(line.slice(1));
}
