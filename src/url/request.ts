import type { Config } from '../config/table.ts';
import { RequestError } from '../errors.ts';
import { createAllowedSources } from './allowed-sources.ts';
import { invalidUrl, quote } from './errors.ts';
import { createOptionsParser, type OptionsConfig } from './options/parse.ts';
import { createOptionsReader } from './options/reader.ts';
import type { DefaultsConfig, InfoOptions } from './options/table.ts';
import { createPathSplitter, splitAtFirstPart, splitAtSource } from './path.ts';
import { compilePresets, type PresetsConfig } from './presets.ts';
import { createReplacements } from './replacements.ts';
import { createSignatureCheck, type SignatureConfig } from './signature.ts';
import {
  createSourceUrlDecoder,
  isEncrypted,
  type SourceUrlConfig,
  WRONG_CIPHERTEXT,
} from './source-url.ts';

/** Configuration that URLs are read by. */
export type UrlConfig = SignatureConfig &
  SourceUrlConfig &
  OptionsConfig &
  PresetsConfig &
  DefaultsConfig &
  Pick<Config, 'pathPrefix' | 'baseUrl' | 'urlReplacements' | 'allowedSources' | 'infoOnlyPresets'>;

/** What a URL asks for. */
export interface InfoRequest {
  readonly options: InfoOptions;
  /** Decoded, with replacements and base URL applied, and allowed. */
  readonly sourceUrl: string;
}

/** What a parser may be given beside the configuration. */
export interface UrlParserHooks {
  /** Milliseconds of the Unix epoch. */
  now?: () => number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a URL parser would drop some of them
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Makes the reading of raw request targets. It throws RequestError NOT_FOUND, INVALID_URL,
 * FORBIDDEN, EXPIRED_URL or INVALID_SOURCE_URL, whose message names what is wrong, for the log.
 *
 * @throws ConfigError where the presets are wrong
 */
export function createUrlParser(
  config: UrlConfig,
  { now = Date.now }: UrlParserHooks = {},
): (rawTarget: string) => InfoRequest {
  const splitPath = createPathSplitter(config.pathPrefix);
  const checkSignature = createSignatureCheck(config);
  const parseOptions = createOptionsParser(config);
  const presets = compilePresets(config, parseOptions);
  const split = config.infoOnlyPresets
    ? splitAtFirstPart
    : (path: string) => splitAtSource(path, config.argumentsSeparator);
  const readOptions = createOptionsReader(config, parseOptions, presets);
  const decodeSourceUrl = createSourceUrlDecoder(config);
  const replace = createReplacements(config.urlReplacements);
  const isAllowed = createAllowedSources(config.allowedSources);

  return (rawTarget) => {
    const { signature, path } = splitPath(rawTarget);
    checkSignature(signature, path);

    const { options: optionsText, source } = split(path);
    const options = readOptions(optionsText);
    if (options.expires > 0 && options.expires < Math.floor(now() / 1000)) {
      throw new RequestError('EXPIRED_URL', `the URL expired at ${options.expires}`);
    }

    const sourceUrl = withBase(config.baseUrl, replace(decodeSourceUrl(source)));
    // What decrypts to no URL must be answered as what does not decrypt.
    if (isEncrypted(source) && !hasScheme(sourceUrl)) throw invalidUrl(WRONG_CIPHERTEXT);
    const refuse = (detail: string) =>
      isEncrypted(source) ? invalidUrl(detail) : new RequestError('INVALID_SOURCE_URL', detail);
    if (CONTROL.test(sourceUrl)) throw refuse('the source URL holds control characters');
    if (!isAllowed(sourceUrl)) {
      throw refuse(`${quote(toSite(sourceUrl))} is not in IMGPROXY_ALLOWED_SOURCES`);
    }
    return { options, sourceUrl };
  };
}

/** RFC 3986, 3.1, and the slashes that each scheme of a source has. */
function hasScheme(url: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url);
}

/** Scheme and host, which is all of a source URL that a log may hold: the rest may be a secret. */
function toSite(sourceUrl: string): string {
  if (!URL.canParse(sourceUrl)) return '(malformed)';
  const { protocol, host } = new URL(sourceUrl);
  return `${protocol}//${host}`;
}

function withBase(baseUrl: string, url: string): string {
  return url.startsWith(baseUrl) ? url : `${baseUrl}${url}`;
}
