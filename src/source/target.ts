import { LRUCache } from 'lru-cache';
import { RequestError } from '../errors.ts';

/** Where a request goes. Path and query are as the URL had them, byte for byte where HTTP lets. */
export interface Target {
  /** Scheme, host and port, normalised. */
  readonly origin: string;
  /** The host alone: lower case, punycode, IPv6 in brackets. */
  readonly host: string;
  readonly secure: boolean;
  /** Path and query as they go into the request line. */
  readonly path: string;
  /** The URL without its fragment. It may hold secrets: not for the log. */
  readonly url: string;
  /** Of the user name and password in the URL. */
  readonly authorization: string | undefined;
}

// RFC 3986, appendix B, for http and https alone. A backslash ends no authority: browsers and
// libraries disagree on it, and so it is refused.
const URL_PARTS = /^(https?):\/\/([^/?#]*)([^#]*)/i;

// WHATWG's parser drops what is refused here in silence; then the log, the check of allowed sources
// and the connection would mean different hosts.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const BAD_AUTHORITY = /[\\\u0000-\u0020\u007f]/;

// RFC 3986, 2: what a URL is made of, and of other printable ASCII what is sent unencoded in practice.
// A percent sign stands where two hex digits follow.
const NOT_IN_TARGET = /%(?![0-9a-f]{2})|[^!$%&'()*+,\-./0-9:;=?@A-Z[\]_a-z~]+/gi;

/**
 * Takes a URL of an http or https source apart.
 *
 * @throws RequestError INVALID_SOURCE_URL
 */
export function parseTarget(url: string): Target {
  const [, scheme = '', authority = '', rest = ''] = URL_PARTS.exec(url) ?? [];
  if (authority === '' || BAD_AUTHORITY.test(authority)) throw invalid();
  const site = toSite(`${scheme}://${authority}`);
  const path = encodeTarget(rest.startsWith('/') ? rest : `/${rest}`);
  return {
    origin: site.origin,
    host: site.host,
    secure: site.secure,
    path,
    url: site.url + path,
    authorization: site.authorization,
  };
}

/** A URL up to its path, taken apart; `url` ends before the path. */
type Site = Omit<Target, 'path'>;

/** Nearly all requests are for a few of them, and to parse one takes longer than all else here. */
const sites = new LRUCache<string, Site>({ max: 1_000 });
const MAX_REMEMBERED_LENGTH = 200;

function toSite(text: string): Site {
  const known = sites.get(text);
  if (known) return known;
  const parsed = parseOrigin(text);
  const site: Site = {
    origin: parsed.origin,
    host: parsed.hostname,
    secure: parsed.protocol === 'https:',
    url: `${parsed.protocol}//${parsed.host}`,
    authorization: toBasic(parsed),
  };
  if (text.length <= MAX_REMEMBERED_LENGTH) sites.set(text, site);
  return site;
}

/**
 * Resolves the Location of a redirect (RFC 9110, 10.2.2; RFC 3986, 5.2).
 *
 * @param location The field's value, a character for a byte.
 * @throws RequestError SOURCE_UNREACHABLE for a scheme that is not HTTP's, INVALID_SOURCE_URL
 */
export function resolveTarget(location: string, base: Target): Target {
  const reference = encodeBytes(location.trim()).replace(/#.*$/s, '');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(reference)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') return parseTarget(reference);
  if (scheme !== undefined) {
    throw new RequestError('SOURCE_UNREACHABLE', `${base.host} redirects to the scheme ${scheme}`);
  }
  if (reference.startsWith('//')) {
    return parseTarget(`${base.secure ? 'https' : 'http'}:${reference}`);
  }
  const path = base.origin + resolvePath(reference, base.path);
  return { ...parseTarget(path), authorization: base.authorization };
}

/** Percent-encodes what may not stand in a request line, and nothing else. */
function encodeTarget(target: string): string {
  return target.replace(NOT_IN_TARGET, (illegal) => percentEncode(Buffer.from(illegal, 'utf8')));
}

function encodeBytes(text: string): string {
  return text.replace(/[\u0080-\u00ff]+/g, (bytes) => percentEncode(Buffer.from(bytes, 'latin1')));
}

function percentEncode(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase().replace(/../g, '%$&');
}

function parseOrigin(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw invalid();
  }
}

function resolvePath(reference: string, base: string): string {
  if (reference === '') return base;
  if (reference.startsWith('/')) return reference;
  const path = base.replace(/\?.*$/s, '');
  return reference.startsWith('?') ? path + reference : mergePath(path, reference);
}

// RFC 3986, 5.2.3 and 5.2.4. Only a relative path has its dots removed: one that is given whole is
// the origin's own, and a presigned one would break.
function mergePath(base: string, reference: string): string {
  const [path = '', query = ''] = splitQuery(reference);
  const segments = base.split('/').slice(1, -1);
  const parts = path.split('/');
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    if (part === '..') segments.pop();
    if (part !== '..' && part !== '.') segments.push(part);
    else if (last) segments.push('');
  }
  return `/${segments.join('/')}${query}`;
}

function splitQuery(reference: string): [string, string] {
  const at = reference.indexOf('?');
  return at < 0 ? [reference, ''] : [reference.slice(0, at), reference.slice(at)];
}

// RFC 7617
function toBasic({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const credentials = `${decode(username)}:${decode(password)}`;
  return `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function invalid(): RequestError {
  return new RequestError('INVALID_SOURCE_URL', 'the source URL is malformed');
}
