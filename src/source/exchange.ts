import type { Dispatcher } from 'undici';
import { RequestError } from '../errors.ts';
import { Body, type Flow, type Sink } from './body.ts';
import type { Carried, Carrier } from './client.ts';
import { Decoder, parseContentEncoding } from './decode.ts';
import { toIncomplete } from './errors.ts';
import { type ContentRange, parseContentRange } from './range.ts';
import type { Headers, SourceCost } from './source.ts';

/** The rest of a body that is read out, in bytes: another connection would cost more. */
const READ_OUT = 64 * 1024;

/** How long that may take and hold the connection, in ms. */
const READ_OUT_TIMEOUT = 1_000;

/** The head of a response, and its body to read. */
export interface Response {
  status: number;
  headers: Headers;
  /** Of a 206, if it has a proper one. */
  contentRange: ContentRange | undefined;
  /** The coding that the body had, and was freed of. */
  encoding: string | undefined;
  /** Bytes of the file as a whole, where the response is the whole and says so. */
  length: number | undefined;
  body: Body;
  /**
   * Gives up the rest of the body. A short rest is read out, so that the connection can be used
   * again; a long one costs more than a new connection. Whoever is done with a response says so.
   */
  dispose(): void;
}

/** The first value of a field. */
export function field(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** One request and its response, over undici. */
export class Exchange implements Carried, Flow {
  readonly response: Promise<Response>;
  carrier: Carrier | undefined;
  #host: string;
  #cost: SourceCost;
  #onDone: (() => void) | undefined;
  #decodes = false;
  #answer!: (response: Response) => void;
  #refuse!: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #sink: Sink | undefined;
  #length: number | undefined;
  #received = 0;
  #done = false;
  #reason: RequestError | undefined;
  /** Bytes that may still be read out; undefined while the body is read. */
  #allowance: number | undefined;
  #readOut: NodeJS.Timeout | undefined;

  /**
   * @param host For the log.
   * @param cost Where the bytes of the body are counted.
   * @param onDone Told once that nobody waits for the exchange any more.
   */
  constructor(host: string, cost: SourceCost, onDone: () => void) {
    this.#host = host;
    this.#cost = cost;
    this.#onDone = onDone;
    this.response = new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#refuse = reject;
    });
    // Whoever gave the exchange up does not wait for it.
    this.response.catch(() => {});
  }

  /**
   * Whether the memory of the body is nobody else's. A connection that is not done with the exchange
   * may have put the rest of a piece back, and a decoder go on writing to what it handed out.
   */
  get exclusive(): boolean {
    return this.#done && !this.#decodes;
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  /** Ends the exchange at once. */
  abort(reason?: RequestError): void {
    if (this.#done) return;
    this.#reason = reason ?? this.#givenUp();
    // While it waits for a connection there is no controller, and the connection is not its own.
    if (this.#controller) this.carrier?.drop(this.#reason);
    this.#fail(this.#reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a connection. To abort here would cost the connection.
    if (this.#reason) throw this.#reason;
    this.#controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.#length = parseLength(field(headers, 'content-length'));
    const contentRange =
      status === 206 || status === 416
        ? parseContentRange(field(headers, 'content-range'))
        : undefined;
    const coding = headers['content-encoding'];
    const encoding =
      coding === undefined ? undefined : parseContentEncoding([coding].flat().join(','));
    const body = this.#open(contentRange, encoding);
    this.#answer({
      status,
      headers,
      contentRange,
      encoding,
      length: encoding ? undefined : this.#length,
      body,
      dispose: () => this.#dispose(body),
    });
  }

  onResponseData(_: Dispatcher.DispatchController, data: Buffer): void {
    this.#received += data.length;
    this.#cost.bytes += data.length;
    this.#sink?.push(data);
    if (this.#allowance === undefined) return;
    this.#allowance -= data.length;
    if (this.#allowance < 0) this.abort();
  }

  onResponseEnd(): void {
    if (this.#done) return;
    this.#finish();
    this.#sink?.end();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #open(contentRange: ContentRange | undefined, encoding: string | undefined): Body {
    if (encoding !== undefined) {
      this.#decodes = true;
      const decoder = new Decoder(encoding, this);
      const body = new Body(decoder);
      decoder.pipeTo(body);
      this.#sink = decoder;
      return body;
    }
    const part = contentRange && 'first' in contentRange ? contentRange : undefined;
    const body = part ? new Body(this, part.first, part.last + 1) : new Body(this);
    this.#sink = body;
    return body;
  }

  #dispose(body: Body): void {
    const sink = this.#sink;
    this.#sink = undefined;
    if (sink instanceof Decoder) sink.destroy();
    else if (this.#done) return;
    body.fail(this.#givenUp());
    if (this.#done) return;
    const left = (this.#length ?? 0) - this.#received;
    if (left > READ_OUT) {
      this.abort();
      return;
    }
    this.#release();
    this.#allowance = READ_OUT;
    this.#readOut = setTimeout(() => this.abort(), READ_OUT_TIMEOUT).unref();
    this.resume();
  }

  #givenUp(): RequestError {
    return new RequestError('CLIENT_GONE', `the answer of ${this.#host} was given up`);
  }

  #fail(error: unknown): void {
    if (this.#done) return;
    this.#finish();
    this.#refuse(error);
    this.#sink?.fail(toIncomplete(error, this.#host));
  }

  #finish(): void {
    this.#done = true;
    clearTimeout(this.#readOut);
    this.#release();
  }

  #release(): void {
    this.#onDone?.();
    this.#onDone = undefined;
  }
}

function parseLength(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
