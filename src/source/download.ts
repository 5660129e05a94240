import { performance } from 'node:perf_hooks';
import type { CancelSignal } from '../cancel.ts';
import { RequestError } from '../errors.ts';
import type { Connections } from './agent.ts';
import { CookieJar } from './cookies.ts';
import { isLostConnection, toAbortError, toUnreachable } from './errors.ts';
import { Exchange, type Response } from './exchange.ts';
import { mayForward, redirectTarget } from './redirect.ts';
import type { ClientCookies, SourceCost } from './source.ts';
import type { Target } from './target.ts';
import { endInTurn } from './turns.ts';

/** What downloads have in common. */
export interface DownloadOptions {
  /** ms that one download's waiting for its origin may take in all. */
  downloadTimeout: number;
  /** Redirects that are followed for one request. */
  maxRedirects: number;
  /** Whether a redirect's URL may be a source. */
  allowedSources: (url: string) => boolean;
}

/** Fields of one request that are not the same for all. */
export interface Ask {
  range?: string | undefined;
  ifRange?: string | undefined;
}

// The bytes that stand in the file are what offsets count in. No field that a client or an operator
// sets may bend that, nor the framing.
const ALWAYS = ['accept-encoding', 'identity'];

/** All requests that are made for one file: their deadline, their cookies, what they cost. */
export class Download {
  readonly cost: SourceCost = { requests: 0, bytes: 0 };
  #connections: Connections;
  #options: DownloadOptions;
  #first: Target;
  #target: Target;
  #headers: Readonly<Record<string, string>>;
  #jar: CookieJar;
  #live = new Set<Exchange>();
  #exclusive = true;
  /** ms left of the deadline. It runs while the origin is waited for, not while we reckon. */
  #left: number;
  #failure: RequestError | undefined;
  #closed = false;
  #signal: CancelSignal;
  #onAbort = () => this.#fail(toAbortError(this.#signal));

  /**
   * @param headers Fields for each request, by lower-case name.
   * @param cookies The client's.
   * @param signal Ends the download.
   */
  constructor(
    connections: Connections,
    options: DownloadOptions,
    target: Target,
    headers: Readonly<Record<string, string>>,
    cookies: ClientCookies | undefined,
    signal: CancelSignal,
  ) {
    this.#connections = connections;
    this.#options = options;
    this.#first = target;
    this.#target = target;
    this.#headers = headers;
    this.#jar = new CookieJar(cookies);
    this.#left = options.downloadTimeout;
    this.#signal = signal;
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort);
  }

  /** Where the file was found, redirects followed. */
  get target(): Target {
    return this.#target;
  }

  /** Whether the file was found at another place than it was asked for at. */
  get redirected(): boolean {
    return this.#target !== this.#first;
  }

  /** Whether the memory of what came is nobody else's any more: neither a connection's nor a decoder's. */
  get exclusive(): boolean {
    return this.#exclusive && this.#live.size === 0;
  }

  /**
   * Does work that waits for the origin, on the download's deadline.
   *
   * @throws RequestError SOURCE_TOO_SLOW, or what the signal says
   */
  async within<T>(work: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    const started = performance.now();
    let over = false;
    const end = () => {
      if (!over) this.#fail(this.#tooSlow());
    };
    const timer = setTimeout(() => endInTurn(end), Math.max(1, this.#left));
    try {
      return await work();
    } catch (error) {
      this.#abortAll();
      throw this.#failure ?? (this.#closed ? closed() : error);
    } finally {
      over = true;
      clearTimeout(timer);
      this.#left -= performance.now() - started;
    }
  }

  /**
   * Asks for the file or a part of it, follows redirects, and comes back with the head of the
   * answer, whatever its status.
   *
   * @throws RequestError INVALID_SOURCE_URL, SOURCE_UNREACHABLE, SOURCE_TOO_SLOW
   */
  async get(ask: Ask): Promise<Response> {
    let target = this.#target;
    for (let redirects = 0; ; redirects++) {
      const response = await this.#send(target, ask);
      const cookies = response.headers['set-cookie'];
      if (cookies !== undefined) this.#jar.store([cookies].flat(), target);
      const next = redirectTarget(response, target);
      if (!next) {
        this.#target = target;
        return response;
      }
      response.dispose();
      if (redirects >= this.#options.maxRedirects) {
        throw new RequestError('SOURCE_UNREACHABLE', `${target.host}: ${redirects + 1} redirects`);
      }
      if (!this.#options.allowedSources(next.url)) {
        throw new RequestError('INVALID_SOURCE_URL', `${next.host} is not an allowed source`);
      }
      target = next;
    }
  }

  /** Ends what is under way. */
  close(): void {
    this.#closed = true;
    if (this.#live.size > 0) this.#fail(closed());
    else this.#signal.removeEventListener('abort', this.#onAbort);
  }

  #checkOpen(): void {
    if (this.#failure) throw this.#failure;
    if (this.#closed) throw closed();
  }

  // A kept connection may be closed by the origin just as it is used: then once more.
  async #send(target: Target, ask: Ask): Promise<Response> {
    try {
      return await this.#dispatch(target, ask);
    } catch (error) {
      if (this.#failure || !isLostConnection(error)) throw toUnreachable(error, target.host);
    }
    try {
      return await this.#dispatch(target, ask);
    } catch (error) {
      throw toUnreachable(error, target.host);
    }
  }

  #dispatch(target: Target, ask: Ask): Promise<Response> {
    if (this.cost.requests === 0) return this.#begin(target, ask);
    // undici takes a connection for free a turn of the loop after its last answer. Whoever asks
    // sooner gets a new one, and a handshake with it.
    const turn = new Promise((resolve) => setImmediate(resolve));
    return turn.then(() => this.#begin(target, ask));
  }

  #begin(target: Target, ask: Ask): Promise<Response> {
    this.#checkOpen();
    const { origin, host, path } = target;
    const exchange = new Exchange(host, this.cost, () => {
      this.#live.delete(exchange);
      if (!exchange.exclusive) this.#exclusive = false;
      this.#connections.release(origin);
    });
    this.#live.add(exchange);
    this.cost.requests++;
    this.#connections.send(origin, path, this.#fieldsFor(target, ask), exchange);
    return exchange.response;
  }

  #fieldsFor(target: Target, ask: Ask): string[] {
    const fields = [...ALWAYS];
    let cookie = this.#jar.fieldFor(target);
    let authorization = target.authorization;
    for (const [name, value] of Object.entries(this.#headers)) {
      if (!mayForward(name, this.#first, target)) continue;
      if (name === 'cookie') cookie = cookie ? `${value}; ${cookie}` : value;
      else if (name === 'authorization') authorization = value;
      else fields.push(name, value);
    }
    if (authorization) fields.push('authorization', authorization);
    if (cookie) fields.push('cookie', cookie);
    if (ask.range) fields.push('range', ask.range);
    if (ask.ifRange) fields.push('if-range', ask.ifRange);
    return fields;
  }

  #fail(reason: RequestError): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    if (this.#failure) return;
    this.#failure = reason;
    this.#abortAll();
  }

  #abortAll(): void {
    for (const exchange of this.#live) exchange.abort(this.#failure);
  }

  #tooSlow(): RequestError {
    const { host } = this.#target;
    return new RequestError(
      'SOURCE_TOO_SLOW',
      `${host} took more than ${this.#options.downloadTimeout} ms`,
    );
  }
}

// Made only where it is thrown: an error costs more than the rest of a download's bookkeeping.
function closed(): RequestError {
  return new RequestError('CLIENT_GONE', 'the source was closed');
}
