import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createConnection, type NetConnectOpts, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { sendDatagram } from '../native.ts';
import type { Format, Level } from './entry.ts';
import type { Sink } from './log.ts';

/** Where syslog is, and what it gets. */
export interface SyslogOptions {
  level: Level;
  /** `unix` is a stream socket, `unixgram` and blank a datagram one. */
  network: '' | 'udp' | 'tcp' | 'unix' | 'unixgram';
  /** HOST:PORT, or the path of a socket; blank: the local syslog. */
  address: string;
  tag: string;
}

/** RFC 3164, 4.1.1: messages of programs. */
const FACILITY_USER = 1;
const SEVERITIES: Readonly<Record<Level, number>> = { error: 3, warn: 4, info: 6, debug: 7 };
/** Where the system's own syslog listens: syslog(3). */
const LOCAL = '/dev/log';
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Bytes that wait for a syslog that stalls; lines beyond them are dropped. */
const MAX_WAITING = 1024 * 1024;
/** ms until a connection that was lost is tried again. */
const RETRY = 1_000;

/** Sends lines to syslog in the form of RFC 3164, and drops them while it cannot be reached. */
export class SyslogSink implements Sink {
  readonly level: Level;
  readonly format: Format;
  readonly #tag: string;
  readonly #host = hostname();
  readonly #transport: Transport;

  constructor(options: SyslogOptions, format: Format) {
    this.level = options.level;
    this.format = format;
    this.#tag = `${options.tag}[${process.pid}]`;
    this.#transport = createTransport(options);
  }

  write(line: string, level: Level): void {
    const priority = FACILITY_USER * 8 + SEVERITIES[level];
    this.#transport.send(
      `<${priority}>${toTimestamp(new Date())} ${this.#host} ${this.#tag}: ${line}`,
    );
  }
}

interface Transport {
  send(message: string): void;
}

function createTransport({ network, address }: SyslogOptions): Transport {
  if (network === 'udp') return new Datagrams(address);
  if (network === 'tcp') return new Stream(parseAddress(address));
  const path = address === '' ? LOCAL : address;
  if (network === 'unix') return new Stream({ path });
  return { send: (message) => sendDatagram(path, message) };
}

class Datagrams implements Transport {
  readonly #socket: UdpSocket;
  readonly #host: string;
  readonly #port: number;

  constructor(address: string) {
    const { host, port } = parseAddress(address);
    this.#host = host;
    this.#port = port;
    this.#socket = createSocket(host.includes(':') ? 'udp6' : 'udp4').unref();
    // A datagram that nobody takes is lost: that is what UDP is.
    this.#socket.on('error', () => {});
  }

  send(message: string): void {
    if (this.#socket.getSendQueueSize() > MAX_WAITING) return;
    this.#socket.send(message, this.#port, this.#host);
  }
}

class Stream implements Transport {
  readonly #target: NetConnectOpts;
  #socket: Socket | undefined;
  #retryAt = 0;

  constructor(target: NetConnectOpts) {
    this.#target = target;
  }

  send(message: string): void {
    const socket = this.#socket ?? this.#connect();
    if (!socket || socket.writableLength > MAX_WAITING) return;
    socket.write(`${message}\n`);
  }

  #connect(): Socket | undefined {
    if (Date.now() < this.#retryAt) return undefined;
    this.#retryAt = Date.now() + RETRY;
    const socket = createConnection(this.#target);
    socket.unref().on('error', () => {});
    socket.on('close', () => {
      this.#socket = undefined;
    });
    this.#socket = socket;
    return socket;
  }
}

/** @throws Error where it is not HOST:PORT */
function parseAddress(address: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(address);
  if (!match) throw new Error(`cannot reach syslog at "${address}": not HOST:PORT`);
  return { host: match[1] ?? (match[2] || 'localhost'), port: Number(match[3]) };
}

/** `Mmm dd hh:mm:ss`, local: RFC 3164, 4.1.2. */
function toTimestamp(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${MONTHS[time.getMonth()]} ${String(time.getDate()).padStart(2, ' ')} ${clock}`;
}
