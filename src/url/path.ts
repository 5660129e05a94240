import { RequestError } from '../errors.ts';
import { invalidUrl, quote } from './errors.ts';

/** The route that all info URLs begin with. */
const ROUTE = '/info';
const PLAIN = '/plain/';
/** A scheme whose double slash a proxy has collapsed: RFC 3986, section 3.1. */
const COLLAPSED_SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/(?!\/)/;

/** What stands after the route. */
export interface SignedPath {
  readonly signature: string;
  /** What the signature was made for, its leading slash included. */
  readonly path: string;
}

/** Makes the function that takes a raw request target apart. `pathPrefix` has no slash at its end. */
export function createPathSplitter(pathPrefix: string): (rawTarget: string) => SignedPath {
  const route = `${pathPrefix}${ROUTE}`;
  return (rawTarget) => {
    const query = rawTarget.indexOf('?');
    const target = query < 0 ? rawTarget : rawTarget.slice(0, query);
    if (!target.startsWith(route) || !isSlashOrEnd(target, route.length)) {
      throw new RequestError('NOT_FOUND', `no route for ${quote(target.split('/', 2).join('/'))}`);
    }
    const start = route.length + 1;
    const slash = target.indexOf('/', start);
    if (slash <= start) throw invalidUrl('no signature, or nothing after it');
    const path = repair(target.slice(slash));
    if (path === '/') throw invalidUrl('nothing after the signature');
    return { signature: target.slice(start, slash), path };
  };
}

/** The two halves of what was signed. */
export interface SplitPath {
  /** Options, one a part between slashes; empty where there are none. */
  readonly options: string;
  /** The source URL in one of its forms. */
  readonly source: string;
}

/** Options end with the first part that has no separator. */
export function splitAtSource(path: string, separator: string): SplitPath {
  let start = 1;
  for (;;) {
    const slash = path.indexOf('/', start);
    const end = slash < 0 ? path.length : slash;
    if (!path.slice(start, end).includes(separator)) break;
    if (slash < 0) return { options: path.slice(1), source: '' };
    start = slash + 1;
  }
  return { options: path.slice(1, Math.max(1, start - 1)), source: path.slice(start) };
}

/** The options are the first part, whatever it holds. */
export function splitAtFirstPart(path: string): SplitPath {
  const slash = path.indexOf('/', 1);
  const end = slash < 0 ? path.length : slash;
  return { options: path.slice(1, end), source: path.slice(end + 1) };
}

/**
 * Undoes what proxies do to a path: `%3A` for the colons of options, one slash for the two after a
 * plain source URL's scheme. `local:/x` was `local:///x`, for its host is empty.
 */
function repair(path: string): string {
  const plain = path.indexOf(PLAIN);
  const end = plain < 0 ? path.length : plain;
  const options = path.slice(0, end).replaceAll('%3A', ':');
  if (plain < 0) return withOneLeadingSlash(options);

  const url = path
    .slice(plain + PLAIN.length)
    .replace(
      COLLAPSED_SCHEME,
      (_, scheme: string) => `${scheme}:${scheme === 'local' ? '///' : '//'}`,
    );
  return withOneLeadingSlash(`${options}${PLAIN}${url}`);
}

/** A slash too many after the signature is no part of what was signed. */
function withOneLeadingSlash(path: string): string {
  return path.startsWith('//') ? path.slice(1) : path;
}

function isSlashOrEnd(text: string, index: number): boolean {
  return index >= text.length || text[index] === '/';
}
