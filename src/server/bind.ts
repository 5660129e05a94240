import type { Bind } from './server.ts';

/** The address that stands for all of a kind. */
const ANY = { tcp: '::', tcp4: '0.0.0.0', tcp6: '::' } as const;

/**
 * Reads an address as imgproxy writes it: `:8080`, `127.0.0.1:8080`, `[::1]:8080`, or a path where
 * the network is `unix`.
 *
 * @throws Error where it is none of them.
 */
export function parseBind(bind: string, network: 'tcp' | 'tcp4' | 'tcp6' | 'unix'): Bind {
  if (network === 'unix') return { path: bind };
  const match = /^(?<host>\[[^\]]*\]|[^:]*):(?<port>\d{1,5})$/.exec(bind);
  const port = Number(match?.groups?.['port']);
  if (!match || port > 65535) throw new Error(`cannot listen on "${bind}": not HOST:PORT`);
  const host = match.groups?.['host']?.replace(/^\[|\]$/g, '') ?? '';
  return { host: host === '' ? ANY[network] : host, port };
}
