import { RequestError } from '../errors.ts';
import type { Opened, OpenOptions, SourceOpener } from './source.ts';

/** Opens a source with the opener of its URL's scheme. */
export class SchemeOpener implements SourceOpener {
  #openers: ReadonlyMap<string, SourceOpener>;

  /** @param openers By scheme, in lower case and without `://`. Those that are disabled are absent. */
  constructor(openers: Readonly<Record<string, SourceOpener>>) {
    this.#openers = new Map(Object.entries(openers));
  }

  open(url: string, options: OpenOptions): Promise<Opened> {
    const opener = this.#openers.get(url.slice(0, Math.max(0, url.indexOf('://'))).toLowerCase());
    return opener ? opener.open(url, options) : refuse(url);
  }
}

async function refuse(url: string): Promise<Opened> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase() ?? '';
  throw new RequestError('SOURCE_UNREACHABLE', `unknown or disabled scheme: ${scheme}`);
}
