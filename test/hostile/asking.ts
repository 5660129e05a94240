import { Agent, request } from 'undici';
import type { Running } from '../integration/running.ts';

/** Options that ask for all that headers tell, and for all that pixels and whole files do. */
export const HEADERS = 'pn:1/cs:1/b:1/sf:1';
export const PIXELS = `${HEADERS}/a:1:1/c:0.5:0.5:sm/p:8/avg:1/dc:1:1/bh:4:3/th:1/ph:1/chs:md5`;

/** Far more than any answer takes, even under sanitizers on a busy machine. */
const TOO_LONG_MS = 2000;
/** Some pictures of twelve megapixels take seconds, more of them at once and under sanitizers longer. */
const TOO_LONG_DECODING_MS = 9000;
const AT_ONCE = 4;

/** A file of an origin's. */
export interface Served {
  path: string;
  bytes: number;
}

/** Asks a server about damaged files of an origin's. */
export class Asking {
  readonly #agent = new Agent({ connections: AT_ONCE });
  readonly #server: Running;
  readonly #origin: Running;

  constructor(server: Running, origin: Running) {
    this.#server = server;
    this.#origin = origin;
  }

  /** What was wrong with the answers: each file is damaged in each way, as the origin has it. */
  async complaints(
    files: readonly Served[],
    damages: (bytes: number) => string[],
    options = HEADERS,
  ): Promise<string[]> {
    const tasks = files.flatMap(({ path, bytes }) =>
      damages(bytes).map((damage) => () => this.#complaint(path, damage, options)),
    );
    const found: string[] = [];
    const work = async () => {
      for (let task = tasks.pop(); task; task = tasks.pop()) {
        const wrong = await task();
        if (wrong) found.push(wrong);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return found;
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #complaint(path: string, damage: string, options: string): Promise<string | undefined> {
    const source = encodeURIComponent(`${this.#origin.url}/${path}?${damage}`);
    const url = `${this.#server.url}/info/_/${options}/plain/${source}`;
    const started = performance.now();
    const { statusCode, body } = await request(url, { dispatcher: this.#agent });
    const text = await body.text();
    const ms = performance.now() - started;
    const what = `${path}?${damage}`;
    if (statusCode !== 200 && statusCode !== 422) return `${what}: ${statusCode} ${text}`;
    if (statusCode === 200) {
      try {
        JSON.parse(text);
      } catch {
        return `${what}: not JSON`;
      }
    }
    const tooLong = options === HEADERS ? TOO_LONG_MS : TOO_LONG_DECODING_MS;
    return ms > tooLong ? `${what}: took ${Math.round(ms)} ms` : undefined;
  }
}
