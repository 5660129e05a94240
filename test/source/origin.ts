import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { CERTIFICATE } from './certificate.ts';

/** What an origin answers, and how it goes about it. */
export interface Reply {
  status: number;
  headers?: Record<string, string | string[]>;
  body?: Uint8Array;
  /** Statuses of interim responses that come before. */
  interim?: number[];
  /** Waits so many ms before the head. */
  delay?: number;
  /** Sends the body in pieces of so many bytes, so many ms apart. */
  trickle?: { bytes: number; ms: number };
  /** Destroys the connection after so many bytes of the body; before the head if negative. */
  breakAfter?: number;
}

/** What a request asked for, as the origin saw it. */
export interface Seen {
  method: string;
  /** The request target, byte for byte. */
  target: string;
  headers: Record<string, string | undefined>;
  /** Bytes of the body that the origin could send. */
  sent: number;
}

/** How an origin treats requests for one path. */
export type Behaviour = (request: Seen) => Reply;

/** An HTTP origin on loopback that does what it is told, however wrong. */
export class Origin {
  readonly seen: Seen[] = [];
  connections = 0;
  #behaviours = new Map<string, Behaviour>();
  #sockets = new Set<Socket>();
  #server: Server;
  #scheme: string;

  private constructor(scheme: 'http' | 'https') {
    const accept = (socket: Socket) => this.#accept(socket);
    this.#scheme = scheme;
    this.#server =
      scheme === 'https' ? createSecureServer(CERTIFICATE, accept) : createServer(accept);
  }

  /** @param host The address that it listens on. */
  static async start(scheme: 'http' | 'https' = 'http', host = '127.0.0.1'): Promise<Origin> {
    const origin = new Origin(scheme);
    await new Promise<void>((resolve) => origin.#server.listen(0, host, resolve));
    return origin;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  url(path: string, host = '127.0.0.1'): string {
    return `${this.#scheme}://${host}:${this.port}${path}`;
  }

  /** @param path Without its query; `*` for all others. */
  on(path: string, behaviour: Behaviour): this {
    this.#behaviours.set(path, behaviour);
    return this;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {});
    let head = '';
    socket.on('data', (data) => {
      head += data.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const seen = parse(head.slice(0, end));
      head = head.slice(end + 4);
      this.seen.push(seen);
      const path = seen.target.replace(/\?.*$/, '');
      const behave = this.#behaviours.get(path) ?? this.#behaviours.get('*');
      const reply = behave?.(seen) ?? { status: 404 };
      setTimeout(() => send(reply, socket, seen), reply.delay ?? 0).unref();
    });
  }
}

function parse(head: string): Seen {
  const [line = '', ...fields] = head.split('\r\n');
  const [method = '', target = ''] = line.split(' ');
  const headers = Object.fromEntries(
    fields.map((field) => {
      const at = field.indexOf(':');
      return [field.slice(0, at).toLowerCase(), field.slice(at + 1).trim()];
    }),
  );
  return { method, target, headers, sent: 0 };
}

// Written by hand: Node's own server would not let an origin lie.
async function send(reply: Reply, socket: Socket, seen: Seen): Promise<void> {
  const { body = new Uint8Array(), breakAfter = Number.POSITIVE_INFINITY, trickle } = reply;
  if (breakAfter < 0) return void socket.destroy();
  const headers = Object.entries(reply.headers ?? {});
  const named = new Set(headers.map(([name]) => name.toLowerCase()));
  if (!named.has('content-length') && !named.has('connection') && !named.has('transfer-encoding')) {
    headers.push(['Content-Length', String(body.length)]);
  }
  const lines = headers.flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
  for (const status of reply.interim ?? []) {
    socket.write(`HTTP/1.1 ${status} Whatever\r\nLink: </x>\r\n\r\n`);
  }
  socket.write(`HTTP/1.1 ${reply.status} Whatever\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const whole = body.subarray(0, Math.min(breakAfter, body.length));
  const step = trickle?.bytes ?? 16 * 1024;
  for (let at = 0; at < whole.length && socket.writable; at += step) {
    const piece = whole.subarray(at, at + step);
    const flushed = new Promise<void>((resolve) => socket.write(piece, () => resolve()));
    seen.sent += piece.length;
    if (trickle) await new Promise((resolve) => setTimeout(resolve, trickle.ms));
    else await flushed;
  }
  if (breakAfter < body.length) socket.destroy();
  else if (named.has('connection')) socket.end();
}

/** The part of a file that a request's Range asks for. */
export function askedOf(request: Seen, size: number): { first: number; last: number } | undefined {
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (!match) return undefined;
  const last = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return { first: Number(match[1]), last };
}

/** Fields of a response that serves a file. */
export type FileHeaders = Record<string, string> & { ETag?: string; 'Last-Modified'?: string };

/** A file served as the standard says, with any field changed. */
export function serve(
  file: Uint8Array,
  headers: FileHeaders = {},
  change: Partial<Reply> = {},
): Behaviour {
  return (request) => {
    const asked = askedOf(request, file.length);
    const ifRange = request.headers['if-range'];
    const honoured = !ifRange || ifRange === headers.ETag || ifRange === headers['Last-Modified'];
    if (!asked || !honoured) return { status: 200, headers, body: file, ...change };
    if (asked.first >= file.length) {
      const unsatisfied = { ...headers, 'Content-Range': `bytes */${file.length}` };
      return { status: 416, headers: unsatisfied, ...change };
    }
    const contentRange = `bytes ${asked.first}-${asked.last}/${file.length}`;
    return {
      status: 206,
      headers: { ...headers, 'Content-Range': contentRange },
      body: file.subarray(asked.first, asked.last + 1),
      ...change,
    };
  };
}

/** A file served whole, whatever is asked for. */
export function serveWhole(
  file: Uint8Array,
  headers: Record<string, string> = {},
  change: Partial<Reply> = {},
): Behaviour {
  return () => ({ status: 200, headers, body: file, ...change });
}

/** A body in chunked framing, as `Transfer-Encoding: chunked` has it. */
export function chunked(body: Uint8Array, piece = 10_000): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += piece) {
    const data = body.subarray(at, at + piece);
    parts.push(Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}
