import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

/** A request, and which answers to it are right. */
export interface Question {
  path: string;
  isRight(status: number, body: string): boolean;
}

/** How a server is driven. */
export interface Drive {
  base: string;
  /** Gives the requests, one after the other. */
  next(): Question;
  connections: number;
  /** Requests a second; as many as are answered where it is left out. */
  rate?: number;
  /** Ends after so many requests, or so many milliseconds. */
  requests?: number;
  ms?: number;
}

/** What came of it. */
export interface Driven {
  answered: number;
  seconds: number;
  wrong: number;
  /** A few of the wrong answers. */
  examples: string[];
}

const EXAMPLES = 10;

/** Asks a server, over connections that are kept, and holds the answers against what is right. */
export async function drive(options: Drive): Promise<Driven> {
  const { base, next, connections, rate, requests = Infinity, ms = Infinity } = options;
  const pool = new Pool(base, { connections, pipelining: 1 });
  const driven: Driven = { answered: 0, seconds: 0, wrong: 0, examples: [] };
  const began = performance.now();
  let asked = 0;

  const ask = async ({ path, isRight }: Question) => {
    let what: string;
    try {
      const { statusCode, body } = await pool.request({ path, method: 'GET' });
      const text = await body.text();
      driven.answered++;
      if (isRight(statusCode, text)) return;
      what = `${statusCode} ${text.slice(0, 100)}`;
    } catch (error) {
      what = String(error);
    }
    driven.wrong++;
    if (driven.examples.length < EXAMPLES) driven.examples.push(`${path}: ${what}`);
  };

  const work = async () => {
    while (asked < requests && performance.now() - began < ms) {
      const number = asked++;
      const due = rate ? (1000 * number) / rate - (performance.now() - began) : 0;
      if (due > 1) await sleep(due);
      await ask(next());
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  driven.seconds = (performance.now() - began) / 1000;
  await pool.close();
  return driven;
}
