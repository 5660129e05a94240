import { load, type Outcome } from '../load/wrk.ts';
import { median, sum } from '../measure/statistics.ts';
import { type Runner, toSource } from './context.ts';

/** Under so many requests, the 99.9th percentile says nothing. */
const ENOUGH_FOR_P999 = 1000;

/** One server, one file, one number of connections. Times are in ms. */
export interface Cell {
  rival: string;
  file: string;
  connections: number;
  /** Requests a second. */
  rate: number;
  p50: number;
  p99: number;
  /** Absent where there were too few requests. */
  p999?: number;
  requests: number;
  /** Requests that were not answered with success. */
  failed: number;
}

/** A server that takes no part in some loads, and why. */
export interface Absent {
  rival: string;
  file: string;
  /** Absent where it takes part in none. */
  connections?: number;
  why: string;
}

/** One load of a runner with one file of an origin. */
export function loadOnce(
  { rival, service }: Runner,
  origin: string,
  file: string,
  connections: number,
  seconds: number,
): Promise<Outcome> {
  const path = rival.path(toSource(origin, file));
  return load({ base: service.base, path, connections, seconds });
}

/**
 * Why a load came to nothing: some rivals end under one.
 *
 * @throws the error where it is our own: without ourselves there is nothing to compare.
 */
export function toReason({ rival }: Runner, error: unknown): string {
  if (rival.name === 'imgpeek') throw error;
  const [line = ''] = (error as Error).message.split('\n').slice(-2);
  return `fails under it: ${line}`;
}

/** The medians of several loads of one kind. */
export function toCell(
  rival: string,
  file: string,
  connections: number,
  outcomes: Outcome[],
): Cell {
  const requests = sum(outcomes.map((outcome) => outcome.requests));
  return {
    rival,
    file,
    connections,
    rate: median(outcomes.map((outcome) => outcome.requests / outcome.seconds)),
    p50: median(outcomes.map((outcome) => outcome.p50)),
    p99: median(outcomes.map((outcome) => outcome.p99)),
    ...(requests >= ENOUGH_FOR_P999 && { p999: median(outcomes.map(({ p999 }) => p999)) }),
    requests,
    failed: sum(outcomes.map(({ refused, broken }) => refused + broken)),
  };
}
