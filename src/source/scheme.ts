import { RequestError } from '../errors.ts';
import type { Opened, OpenOptions, SourceOpener } from './source.ts';

/** Opens a source with the opener of its URL's scheme. */
export class SchemeOpener implements SourceOpener {
  #openers: ReadonlyMap<string, SourceOpener>;

  /** @param openers By scheme, in lower case and without `://`. Those that are disabled are absent. */
  constructor(openers: Readonly<Record<string, SourceOpener>>) {
    this.#openers = new Map(Object.entries(openers));
  }

  async open(url: string, options: OpenOptions): Promise<Opened> {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase() ?? '';
    const opener = this.#openers.get(scheme);
    if (opener) return opener.open(url, options);
    throw new RequestError('SOURCE_UNREACHABLE', `unknown or disabled scheme: ${scheme}`);
  }
}
