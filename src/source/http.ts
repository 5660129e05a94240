import type { Chunk } from '../native.ts';
import { type AgentOptions, Connections } from './agent.ts';
import { Download, type DownloadOptions } from './download.ts';
import { field, type Response } from './exchange.ts';
import { checkFileSize } from './file-size.ts';
import { fetchForeseen, takeForeseen } from './foreseen.ts';
import { judge, type Verdict, validatorsOf } from './http-response.ts';
import { mergeRanges, toRangeField } from './range.ts';
import { RangeSupport } from './range-support.ts';
import { RangedSource } from './ranged.ts';
import { SequentialSource } from './sequential.ts';
import type { Opened, OpenOptions, SourceOpener } from './source.ts';
import { parseTarget } from './target.ts';

/** How files are fetched over HTTP. */
export interface HttpOptions
  extends DownloadOptions,
    Omit<AgentOptions, 'addresses' | 'connectTimeout'> {
  userAgent: string;
  /** Fields that each request carries; they win over `userAgent`. */
  customRequestHeaders: Readonly<Record<string, string>>;
  allowLoopbackAddresses: boolean;
  allowLinkLocalAddresses: boolean;
  allowPrivateAddresses: boolean;
  /** Bytes of a file that are read at most where the origin knows no ranges. */
  maxReadOn: number;
  /** Bytes that a file may have; 0 for no limit. */
  maxFileSize: number;
}

// What frames a message or makes it conditional is ours: RFC 9110, 7.6.1, 13.1 and 14.2.
const OURS = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'keep-alive',
  'proxy-connection',
  'range',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Opens `http://` and `https://` sources. */
export class HttpOpener implements SourceOpener {
  #options: HttpOptions;
  #connections: Connections;
  #headers: Readonly<Record<string, string>>;
  #rangeSupport = new RangeSupport();

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#connections = new Connections({
      ...options,
      connectTimeout: options.downloadTimeout,
      addresses: {
        allowLoopback: options.allowLoopbackAddresses,
        allowLinkLocal: options.allowLinkLocalAddresses,
        allowPrivate: options.allowPrivateAddresses,
      },
    });
    // Some origins refuse whoever does not say who they are or what they take.
    const always = { accept: '*/*', 'user-agent': options.userAgent };
    this.#headers = { ...always, ...withoutOurs(options.customRequestHeaders) };
  }

  async open(url: string, options: OpenOptions): Promise<Opened> {
    const headers =
      options.headers || options.trace
        ? { ...this.#headers, ...withoutOurs(options.headers ?? {}), ...options.trace }
        : this.#headers;
    const target = parseTarget(url);
    const download = new Download(
      this.#connections,
      this.#options,
      target,
      headers,
      options.cookies,
      options.signal,
    );
    try {
      return await download.within(() => this.#open(download, options));
    } catch (error) {
      download.close();
      throw error;
    }
  }

  /** Closes all connections, those in use too. */
  async close(): Promise<void> {
    await this.#connections.close();
  }

  async #open(download: Download, options: OpenOptions): Promise<Opened> {
    const { foreseen } = options;
    const beginning = this.#begin(download, options.firstRange);
    const [{ response, verdict }, parts] = foreseen
      ? await Promise.all([beginning, fetchForeseen(download, foreseen)])
      : [await beginning];
    const limits = {
      maxReadOn: Math.max(this.#options.maxReadOn, options.firstRange),
      maxFileSize: options.maxFileSize ?? this.#options.maxFileSize,
    };
    const contentType = mediaTypeOf(response);
    const seekable = verdict !== 'whole';
    const source = seekable
      ? new RangedSource(download, response, contentType, limits)
      : new SequentialSource(download, response, contentType, limits);
    checkFileSize(source.size, limits.maxFileSize);
    const first = await readFirst(response, source.size, options.firstRange);
    checkFileSize(response.body.position, limits.maxFileSize);
    if (!seekable) return { source, first };
    response.dispose();
    if (!foreseen || !parts) return { source, first };
    const taken = takeForeseen(parts, foreseen, validatorsOf(response), source.size);
    return { source, first: [...first, ...taken] };
  }

  async #begin(
    download: Download,
    firstRange: number,
  ): Promise<{ response: Response; verdict: Verdict }> {
    const { origin } = download.target;
    const gives = this.#rangeSupport.of(origin);
    if (gives !== false) {
      const asked = { offset: 0, length: firstRange };
      const response = await download.get({ range: toRangeField(asked) });
      const verdict = judgeOrDispose(response, download, asked);
      if (verdict === 'part' && !gives) this.#rangeSupport.learn(origin, true);
      if (verdict !== 'useless') return { response, verdict };
      response.dispose();
    }
    const response = await download.get({});
    const verdict = judgeOrDispose(response, download);
    // There is no range of an empty file.
    if (gives === undefined && response.length !== 0) this.#rangeSupport.learn(origin, false);
    return { response, verdict };
  }
}

function judgeOrDispose(
  response: Response,
  { target }: Download,
  asked?: { offset: number; length: number },
): Verdict {
  try {
    return judge(response, asked, target);
  } catch (error) {
    response.dispose();
    throw error;
  }
}

// A body that breaks off may have brought all that is needed; if not, the next read will say so.
async function readFirst(
  { body }: Response,
  size: number | undefined,
  firstRange: number,
): Promise<Chunk[]> {
  const chunks = await body.read(mergeRanges([{ offset: 0, length: firstRange }], size));
  const { failure } = body;
  if (failure && (failure.code !== 'SOURCE_INCOMPLETE' || chunks.length === 0)) throw failure;
  return chunks;
}

function mediaTypeOf({ headers }: Response): string | undefined {
  const [type = ''] = (field(headers, 'content-type') ?? '').split(';');
  return type.trim().toLowerCase() || undefined;
}

function withoutOurs(headers: Readonly<Record<string, string>>): Record<string, string> {
  const fields = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries(fields.filter(([name]) => !OURS.has(name as string)));
}
