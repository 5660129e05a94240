import type { HttpResponse } from 'uWebSockets.js';
import { STATUS_CODES } from 'node:http';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not pass
const CONTROL = /[\x00-\x1f\x7f]/;
const CONTROLS = new RegExp(CONTROL, 'g');

const withoutControls = (value: string) => value.replace(CONTROLS, '');
const toStatusLine = (status: number) => `${status} ${STATUS_CODES[status] ?? 'Unknown'}`;

/**
 * The answer to one request, and the only code that touches µWS' response. That object dies with
 * its connection and must not be used after; a Reply may be, and then does nothing.
 */
export class Reply {
  readonly #res: HttpResponse;
  readonly #withoutBody: boolean;
  readonly #headers = new Map<string, [name: string, values: readonly (string | Buffer)[]]>();
  readonly #fixed: readonly (readonly [string, string])[];
  #done = false;
  #last = false;

  /**
   * @param withoutBody The request was a HEAD: headers as for GET, and no body.
   * @param fixed Headers that the operator sets; they stand in for others of their names.
   * @param onGone Called once where the client leaves before the answer was sent.
   */
  constructor(
    res: HttpResponse,
    withoutBody: boolean,
    fixed: readonly (readonly [string, string])[],
    onGone: () => void,
  ) {
    this.#res = res;
    this.#withoutBody = withoutBody;
    this.#fixed = fixed;
    res.onAborted(() => {
      if (this.#done) return;
      this.#done = true;
      onGone();
    });
  }

  /** Sets a header, a line a value. What could end its line is cut out of a value. */
  header(name: string, ...values: readonly string[]): this {
    const clean = values.some((value) => CONTROL.test(value))
      ? values.map(withoutControls)
      : values;
    this.#headers.set(name.toLowerCase(), [name, clean]);
    return this;
  }

  /** The same with values that have a character for a byte, as they came from an origin. */
  headerOfBytes(name: string, ...values: readonly string[]): this {
    const bytes = values.map((value) => Buffer.from(withoutControls(value), 'latin1'));
    this.#headers.set(name.toLowerCase(), [name, bytes]);
    return this;
  }

  /** Whether a header of this name is set. */
  has(name: string): boolean {
    return this.#headers.has(name.toLowerCase());
  }

  /** Closes the connection after the answer, and says so. */
  closing(): this {
    this.#last = true;
    return this;
  }

  /** Sends status, headers and body. Returns whether the client was still there; the first call counts. */
  send(status: number, contentType: string, body: string): boolean {
    if (this.#done) return false;
    this.#done = true;
    this.#res.cork(() => {
      this.#writeHead(status);
      this.#res.writeHeader('Content-Type', contentType);
      if (this.#withoutBody) {
        this.#res.writeHeader('Content-Length', String(Buffer.byteLength(body)));
        this.#endWithoutBody();
      } else {
        this.#res.end(body, this.#last);
      }
    });
    return true;
  }

  /** Sends 304, which has neither a body nor a word about one: RFC 9110, 15.4.5. */
  sendNotModified(): boolean {
    if (this.#done) return false;
    this.#done = true;
    this.#res.cork(() => {
      this.#writeHead(304);
      this.#endWithoutBody();
    });
    return true;
  }

  // Told a length, µWS takes no next request before so many bytes are sent, and it closes only where
  // it is told one. So the client closes; one that does not is let go as any that idles.
  #endWithoutBody(): void {
    if (this.#last) this.#res.writeHeader('Connection', 'close');
    this.#res.endWithoutBody();
  }

  #writeHead(status: number): void {
    this.#res.writeStatus(status === 200 ? '200 OK' : toStatusLine(status));
    for (const [name, value] of this.#fixed) this.header(name, value);
    for (const [name, values] of this.#headers.values()) {
      for (const value of values) this.#res.writeHeader(name, value);
    }
  }
}
