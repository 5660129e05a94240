import type { Headers } from '../source/source.ts';

/** Fields of one connection (RFC 9110, 7.6.1), and those that frame or describe one message. */
const OF_ONE_MESSAGE = new Set([
  'accept-ranges',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** True where a field may stand in another message than the one that it came in. */
export function mayPass(name: string): boolean {
  return !OF_ONE_MESSAGE.has(name.toLowerCase());
}

/**
 * The fields of an origin's answer that go on to the client.
 *
 * @param names In lower case.
 */
export function pickFields(headers: Headers, names: readonly string[]): [string, string[]][] {
  if (names.length === 0) return [];
  const nominated = toNominated([headers['connection'] ?? []].flat().join(','));
  return names
    .filter((name) => mayPass(name) && !nominated.has(name))
    .map((name): [string, string[]] => [name, [headers[name] ?? []].flat()])
    .filter(([, values]) => values.length > 0);
}

/**
 * The fields of a client's request that go on to the origin.
 *
 * @param read Gives a field's value by its lower-case name; empty where there is none.
 */
export function pickRequestFields(
  read: (name: string) => string,
  names: readonly string[],
): Record<string, string> | undefined {
  if (names.length === 0) return undefined;
  const nominated = toNominated(read('connection'));
  const fields = names
    .filter((name) => mayPass(name) && !nominated.has(name))
    .map((name): [string, string] => [name, toFieldValue(read(name))])
    .filter(([, value]) => value !== '');
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}

/** The names, in lower case, that a Connection field makes those of the connection alone. */
function toNominated(connection: string): ReadonlySet<string> {
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}

/** A value, which has a character for a byte, without what could end its line. */
function toFieldValue(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not pass
  return value.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, '');
}
