import type { HttpResponse } from 'uWebSockets.js';
import { STATUS_CODES } from 'node:http';

/**
 * The answer to one request, and the only code that touches µWS' response. That object dies with
 * its connection and must not be used after; a Reply may be, and then does nothing.
 */
export class Reply {
  readonly #res: HttpResponse;
  readonly #withoutBody: boolean;
  readonly #headers: [string, string][] = [];
  #done = false;

  /**
   * @param withoutBody The request was a HEAD: headers as for GET, and no body.
   * @param onGone Called once where the client leaves before the answer was sent.
   */
  constructor(res: HttpResponse, withoutBody: boolean, onGone: () => void) {
    this.#res = res;
    this.#withoutBody = withoutBody;
    res.onAborted(() => {
      if (this.#done) return;
      this.#done = true;
      onGone();
    });
  }

  /** Adds a header. What could end its line is cut out of the value. */
  header(name: string, value: string): this {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not pass
    this.#headers.push([name, value.replace(/[\x00-\x1f\x7f]/g, '')]);
    return this;
  }

  /** Sends status, headers and body. Returns whether the client was still there; the first call counts. */
  send(status: number, contentType: string, body: string): boolean {
    if (this.#done) return false;
    this.#done = true;
    this.#res.cork(() => {
      this.#res.writeStatus(`${status} ${STATUS_CODES[status] ?? 'Unknown'}`);
      for (const [name, value] of this.#headers) this.#res.writeHeader(name, value);
      this.#res.writeHeader('Content-Type', contentType);
      // µWS writes Content-Length by itself, except where it is told which body it stands for.
      if (this.#withoutBody) this.#res.endWithoutBody(Buffer.byteLength(body));
      else this.#res.end(body);
    });
    return true;
  }
}
