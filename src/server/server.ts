import uWS, {
  type FilteredApp,
  type HttpRequest,
  type HttpResponse,
  type us_listen_socket,
} from 'uWebSockets.js';
import { Canceller } from '../cancel.ts';
import { RequestError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import type { Done, Metrics } from '../metrics/metrics.ts';
import type { ClientCookies } from '../source/source.ts';
import { type AnswerHeadersOptions, writeAnswerHeaders } from './answer-headers.ts';
import { type Conditions, isNotModified } from './conditional.ts';
import { type CookieOptions, pickCookies } from './cookies.ts';
import { type ErrorReplyOptions, sendError, toRequestError } from './error-reply.ts';
import type { InfoFacts, InfoResult, InfoRoute } from './info-route.ts';
import { LANDING_PAGE } from './landing-page.ts';
import { mayPass, pickRequestFields } from './passthrough.ts';
import { Reply } from './reply.ts';
import { toRequestId } from './request-id.ts';
import { type Trace, toTrace } from './trace.ts';

/** What the server takes from the configuration. */
export interface ServerOptions extends ErrorReplyOptions, AnswerHeadersOptions, CookieOptions {
  /** What stands before every path, with its leading slash; may be empty. */
  pathPrefix: string;
  /** The value of the Server header; empty: none. */
  serverName: string;
  /** Access-Control-Allow-Origin; empty: no CORS. */
  allowOrigin: string;
  healthCheckMessage: string;
  /** A second path for the health check; empty: none. */
  healthCheckPath: string;
  /** Headers of each response. */
  customResponseHeaders: readonly (readonly [name: string, value: string])[];
  /** Lower-case names of the client's fields that are handed on to origins. */
  requestHeadersPassthrough: readonly string[];
  /** Seconds that an idle connection is kept; only whether it is 0 counts here. */
  keepAliveTimeout: number;
  /** Client connections that may be open; further ones are closed. */
  maxClients: number;
}

/** Where to listen. */
export type Bind = { host: string; port: number } | { path: string };

/** A request's parts that outlive µWS' own object. */
interface Exchange {
  id: string;
  method: string;
  target: string;
  accept: string;
  trace: Trace | undefined;
  conditions: Conditions;
  handedOn: Readonly<Record<string, string>> | undefined;
  cookies: ClientCookies | undefined;
  reply: Reply;
  canceller: Canceller;
  started: number;
}

/** The HTTP server: routes, replies, the log of requests. */
export class Server {
  readonly #app = uWS.App() as FilteredApp;
  readonly #options: ServerOptions;
  readonly #info: InfoRoute;
  readonly #log: Log;
  readonly #metrics: Metrics | undefined;
  readonly #underWay = new Set<Exchange>();
  readonly #customHeaders: readonly (readonly [string, string])[];
  #listening: us_listen_socket | undefined;
  #onIdle: (() => void) | undefined;
  #draining = false;
  #clients = 0;

  /** @param metrics Counts the requests, where they are counted. */
  constructor(options: ServerOptions, info: InfoRoute, log: Log, metrics?: Metrics) {
    this.#metrics = metrics;
    this.#options = options;
    this.#info = info;
    this.#log = log;
    this.#customHeaders = options.customResponseHeaders.filter(([name]) => mayPass(name));
    this.#app.filter((res, change) => this.#countClients(res, change));
    this.#app.any('/*', (res, req) => this.#accept(res, req));
  }

  /**
   * Starts to listen.
   *
   * @returns The port, or 0 for a Unix socket.
   * @throws Error where the address is taken or not ours.
   */
  listen(bind: Bind): Promise<number> {
    return new Promise((resolve, reject) => {
      const listening = (socket: us_listen_socket | false) => {
        if (!socket) return reject(new Error(`cannot listen on ${JSON.stringify(bind)}`));
        this.#listening = socket;
        resolve('path' in bind ? 0 : uWS.us_socket_local_port(socket));
      };
      if ('path' in bind) this.#app.listen_unix(listening, bind.path);
      else this.#app.listen(bind.host, bind.port, listening);
    });
  }

  /** Turns /health to 503 and keeps no connection any more, so that whoever balances looks elsewhere. */
  drain(): void {
    this.#draining = true;
  }

  /**
   * Stops listening and waits for the requests under way.
   *
   * @param timeout Milliseconds; what is not done by then is cut off.
   */
  async stop(timeout: number): Promise<void> {
    this.drain();
    if (this.#listening) uWS.us_listen_socket_close(this.#listening);
    this.#listening = undefined;
    if (this.#underWay.size > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
        timer = setTimeout(resolve, timeout);
      });
      clearTimeout(timer);
    }
    this.#app.close();
  }

  #countClients(res: HttpResponse, change: number): void {
    this.#clients += change;
    if (change > 0 && this.#clients > this.#options.maxClients) res.close();
  }

  #accept(res: HttpResponse, req: HttpRequest): void {
    const canceller = new Canceller();
    const method = req.getCaseSensitiveMethod();
    const parent = req.getHeader('traceparent');
    const { serverName, allowOrigin, useEtag, useLastModified, requestHeadersPassthrough } =
      this.#options;
    const exchange: Exchange = {
      id: toRequestId(req.getHeader('x-request-id')),
      method,
      target: req.getUrl(),
      accept: req.getHeader('accept'),
      trace: parent === '' ? undefined : toTrace(parent, req.getHeader('tracestate')),
      conditions: {
        ifNoneMatch: useEtag ? req.getHeader('if-none-match') : '',
        ifModifiedSince: useLastModified ? req.getHeader('if-modified-since') : '',
      },
      handedOn: pickRequestFields((name) => req.getHeader(name), requestHeadersPassthrough),
      cookies: pickCookies((name) => req.getHeader(name), this.#options),
      reply: new Reply(res, method === 'HEAD', this.#customHeaders, () =>
        canceller.abort(new RequestError('CLIENT_GONE', 'the client closed the connection')),
      ),
      canceller,
      started: performance.now(),
    };
    if (this.#draining || this.#options.keepAliveTimeout === 0) exchange.reply.closing();
    exchange.reply.header('X-Request-ID', exchange.id);
    if (serverName !== '') exchange.reply.header('Server', serverName);
    if (allowOrigin !== '') {
      exchange.reply
        .header('Access-Control-Allow-Origin', allowOrigin)
        .header('Access-Control-Allow-Methods', 'GET, OPTIONS');
    }
    this.#route(exchange, req.getHeader('authorization'));
  }

  #route(exchange: Exchange, authorization: string): void {
    const { method, target, reply } = exchange;
    const { pathPrefix, healthCheckPath, healthCheckMessage } = this.#options;
    const path = target.startsWith(pathPrefix) ? target.slice(pathPrefix.length) : undefined;
    if (method === 'OPTIONS') {
      reply.send(200, 'text/plain; charset=utf-8', '');
    } else if (method !== 'GET' && method !== 'HEAD') {
      this.#fail(exchange, new RequestError('NOT_FOUND', `${method} is not served`), {});
    } else if (path === '/info' || path?.startsWith('/info/')) {
      void this.#answerInfo(exchange, authorization);
    } else if (path === '/health' || (healthCheckPath !== '' && target === healthCheckPath)) {
      reply.header('Cache-Control', 'no-cache');
      if (this.#draining) reply.send(503, 'text/plain; charset=utf-8', 'imgpeek is stopping');
      else reply.send(200, 'text/plain; charset=utf-8', healthCheckMessage);
    } else if (path === '/' || path === '') {
      reply.send(200, 'text/html; charset=utf-8', LANDING_PAGE);
    } else {
      this.#fail(exchange, new RequestError('NOT_FOUND', 'no such route'), {});
    }
  }

  async #answerInfo(exchange: Exchange, authorization: string): Promise<void> {
    const facts: InfoFacts = {};
    this.#underWay.add(exchange);
    this.#metrics?.start();
    try {
      const { target, handedOn, cookies, canceller, trace } = exchange;
      const result = await this.#info(
        { target, authorization, handedOn, cookies, canceller, trace: trace?.headers },
        facts,
      );
      if (this.#draining) exchange.reply.closing();
      const { answer, queued } = result;
      const status = this.#sendAnswer(exchange, result);
      this.#observe(exchange, { status, work: { ...answer, queued } });
      this.#logDone(exchange, status, {
        source: facts.sourceHost,
        rounds: answer.rounds,
        requests: answer.cost.requests,
        bytes: answer.cost.bytes,
        ...(answer.cut && { cut: true }),
        ...(answer.undecoded && { undecoded: answer.undecoded }),
      });
    } catch (thrown) {
      this.#fail(exchange, toRequestError(thrown), facts);
    } finally {
      this.#underWay.delete(exchange);
      this.#metrics?.end();
      if (this.#underWay.size === 0) this.#onIdle?.();
    }
  }

  /** Sends the answer, or word that the client holds it already; gives the status. */
  #sendAnswer({ reply, conditions, started }: Exchange, result: InfoResult): 200 | 304 {
    const options = this.#options;
    const validators = writeAnswerHeaders(reply, result, options, performance.now() - started);
    if (isNotModified(conditions, validators, options)) {
      reply.sendNotModified();
      return 304;
    }
    reply.send(200, 'application/json', result.answer.body);
    return 200;
  }

  #fail(exchange: Exchange, error: RequestError, facts: InfoFacts): void {
    if (this.#draining) exchange.reply.closing();
    sendError(exchange.reply, error, exchange.accept, this.#options);
    this.#observe(exchange, { status: error.status, error: error.code });
    this.#logDone(exchange, error.status, {
      source: facts.sourceHost,
      error: error.message,
      // An unknown error is a bug of ours: its stack is what is needed to mend it.
      ...(error.code === 'INTERNAL' && { err: error.cause }),
    });
  }

  #observe(exchange: Exchange, done: Omit<Done, 'seconds'>): void {
    this.#metrics?.observe({ ...done, seconds: (performance.now() - exchange.started) / 1000 });
  }

  #logDone(exchange: Exchange, status: number, facts: Record<string, unknown>): void {
    const level = status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info';
    this.#log[level](
      {
        request_id: exchange.id,
        trace_id: exchange.trace?.id,
        method: exchange.method,
        status,
        ms: Math.round((performance.now() - exchange.started) * 100) / 100,
        ...facts,
      },
      'request',
    );
  }
}
