import { isIP } from 'node:net';
import type { ClientCookies } from './source.ts';
import { parseTarget, type Target } from './target.ts';

/** More cookies than this are not kept, nor longer ones: they come from strangers. */
const MAX_COOKIES = 50;
const MAX_COOKIE_LENGTH = 4096;

interface Cookie {
  name: string;
  value: string;
  domain: string;
  /** Sent to the domain's host alone, not to those below it. */
  hostOnly: boolean;
  path: string;
  secure: boolean;
}

/**
 * The cookies that an origin sets on the way to one file (RFC 6265, 5), as some set one with a
 * redirect and refuse whoever comes back without it, and those of the client. They are forgotten
 * with the file.
 */
export class CookieJar {
  #cookies: Cookie[] = [];
  /** For every origin. */
  #everywhere: string | undefined;

  /** @param client Cookies that it begins with. */
  constructor(client?: ClientCookies) {
    if (client?.base === undefined) this.#everywhere = client?.field;
    else this.#cookies = readClientCookies(client.field, client.base);
  }

  /** Keeps what the Set-Cookie fields of an answer from `target` say. */
  store(fields: readonly string[], target: Target): void {
    for (const field of fields) {
      const attributes = field.split(';');
      const cookie = parseCookie(attributes, target);
      if (!cookie) continue;
      this.#cookies = this.#cookies.filter((other) => !isSame(other, cookie));
      if (!isExpired(attributes) && this.#cookies.length < MAX_COOKIES) this.#cookies.push(cookie);
    }
  }

  /** The Cookie field for a request to `target`; undefined where there is none to send. */
  fieldFor(target: Target): string | undefined {
    const fitting = this.#cookies.filter((cookie) => isFor(cookie, target));
    const pairs = fitting.map(({ name, value }) => `${name}=${value}`);
    if (this.#everywhere !== undefined) pairs.unshift(this.#everywhere);
    return pairs.length > 0 ? pairs.join('; ') : undefined;
  }
}

/** None where the base is no URL: it may be what a client sent. */
function readClientCookies(field: string, base: string): Cookie[] {
  const target = tryParseTarget(base);
  if (!target) return [];
  const cookies = field.split(';').map((pair) => parseCookie([pair], target));
  return cookies.filter((cookie) => cookie !== undefined);
}

function tryParseTarget(url: string): Target | undefined {
  try {
    return parseTarget(url);
  } catch {
    return undefined;
  }
}

function parseCookie(attributes: readonly string[], target: Target): Cookie | undefined {
  const [pair = ''] = attributes;
  const at = pair.indexOf('=');
  const name = pair.slice(0, at).trim();
  const value = pair.slice(at + 1).trim();
  // RFC 6265, 4.1.1, but for what is met in the wild; a header must stay one header.
  if (at < 1 || pair.length > MAX_COOKIE_LENGTH || !/^[\x20-\x7e\x80-\xff]*$/.test(pair)) {
    return undefined;
  }
  const domain = attribute(attributes, 'domain')?.replace(/^\./, '').toLowerCase();
  if (domain && domain !== target.host && !isBelow(target.host, domain)) return undefined;
  const path = attribute(attributes, 'path');
  return {
    name,
    value,
    domain: domain || target.host,
    hostOnly: !domain,
    path: path?.startsWith('/') ? path : defaultPath(target.path),
    secure: attribute(attributes, 'secure') !== undefined,
  };
}

function attribute(attributes: readonly string[], wanted: string): string | undefined {
  for (const part of attributes.slice(1)) {
    const [name = '', ...value] = part.split('=');
    if (name.trim().toLowerCase() === wanted) return value.join('=').trim();
  }
  return undefined;
}

// RFC 6265, 5.2.2: Max-Age counts before Expires.
function isExpired(attributes: readonly string[]): boolean {
  const maxAge = attribute(attributes, 'max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
  return Date.parse(attribute(attributes, 'expires') ?? '') <= Date.now();
}

// RFC 6265, 5.1.3. A domain without a dot is a top-level one, and belongs to nobody.
function isBelow(host: string, domain: string): boolean {
  return domain.includes('.') && host.endsWith(`.${domain}`) && isIP(host) === 0;
}

function isFor(cookie: Cookie, target: Target): boolean {
  if (cookie.secure && !target.secure) return false;
  const sameHost = cookie.domain === target.host;
  if (!sameHost && (cookie.hostOnly || !isBelow(target.host, cookie.domain))) return false;
  const path = target.path.replace(/\?.*$/s, '');
  if (path === cookie.path) return true;
  return path.startsWith(cookie.path.endsWith('/') ? cookie.path : `${cookie.path}/`);
}

function isSame(a: Cookie, b: Cookie): boolean {
  return a.name === b.name && a.domain === b.domain && a.path === b.path;
}

// RFC 6265, 5.1.4
function defaultPath(target: string): string {
  const path = target.replace(/\?.*$/s, '');
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
