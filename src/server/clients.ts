import { endLateConnections, guardConnections } from '../native.ts';
import { READ_FIELDS } from './fields.ts';

/** How long clients may take, in seconds, and what is kept of their requests. */
export interface ClientLimits {
  readRequestTimeout: number;
  writeResponseTimeout: number;
  /** 0 has each connection closed by the answer. */
  keepAliveTimeout: number;
  /** Lower-case names of fields that are not to be dropped, however many there are. */
  keptFields: readonly string[];
}

/** How often late clients are looked for, in milliseconds: at least this often, and at most. */
const SLOWEST_LOOK = 1_000;
const QUICKEST_LOOK = 50;

/**
 * Guards the connections that µWebSockets serves from now on: their requests are mended and come one
 * at a time, and clients that take too long are let go.
 *
 * @returns False where that cannot be done on this system.
 */
export function guardClients(limits: ClientLimits): boolean {
  const { readRequestTimeout, writeResponseTimeout, keepAliveTimeout } = limits;
  // Where the answer closes the connection, this is what is left to the client to take it.
  const seconds = [
    readRequestTimeout,
    writeResponseTimeout,
    keepAliveTimeout || writeResponseTimeout,
  ];
  const [readRequest = 0, writeResponse = 0, keepAlive = 0] = seconds.map((one) => one * 1000);
  const fields = [...READ_FIELDS, ...limits.keptFields];
  if (!guardConnections('/uws_', fields, { readRequest, writeResponse, keepAlive })) return false;
  const look = Math.min(SLOWEST_LOOK, Math.min(readRequest, writeResponse, keepAlive) / 4);
  setInterval(endLateConnections, Math.max(QUICKEST_LOOK, look)).unref();
  return true;
}
