import { isUtf8 } from 'node:buffer';

import type { Config } from '../config/table.ts';
import { fromBase64Url } from './base64.ts';
import { createDecrypt } from './encryption.ts';
import { invalidUrl } from './errors.ts';
import { decodePercent, toText } from './percent.ts';

/** Configuration that the decoding depends on. */
export type SourceUrlConfig = Pick<Config, 'sourceUrlEncryptionKey' | 'base64UrlIncludesFilename'>;

const PLAIN = 'plain/';
const ENCRYPTED = 'enc/';
const EXTENSION = /^[A-Za-z0-9]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;
/** One message for all that can be wrong, or it would tell an attacker what is. */
export const WRONG_CIPHERTEXT = 'the encrypted source URL is not valid';

/** Whether what follows the options in a path is an encrypted source URL. */
export function isEncrypted(source: string): boolean {
  return source.startsWith(ENCRYPTED);
}

/** Makes the decoder of what follows the options in a path. It throws INVALID_URL. */
export function createSourceUrlDecoder(config: SourceUrlConfig): (source: string) => string {
  const { sourceUrlEncryptionKey: key } = config;
  const decrypt = key && createDecrypt(key);

  const decodeBase64 = (source: string): string => {
    const bytes = fromDivided(source, config);
    if (bytes === undefined) throw invalidUrl('the source URL is not URL-safe Base64');
    return toText(bytes);
  };

  const decodeEncrypted = (source: string): string => {
    if (decrypt === undefined) throw invalidUrl('no IMGPROXY_SOURCE_URL_ENCRYPTION_KEY is set');
    const encrypted = fromDivided(source, config);
    const decrypted = encrypted && decrypt(encrypted);
    if (decrypted === undefined) throw invalidUrl(WRONG_CIPHERTEXT);
    // A changed ciphertext whose padding happens to be right decrypts to noise: it is answered no
    // other way, and takes no other time, than one whose padding is wrong.
    const { plaintext, isPadded } = decrypted;
    const url = plaintext.toString('utf8');
    const isText = isUtf8(plaintext);
    const hasControl = CONTROL.test(url);
    if (!isPadded || !isText || hasControl) throw invalidUrl(WRONG_CIPHERTEXT);
    return url;
  };

  return (source) => {
    if (source.startsWith(PLAIN)) return decodePlain(source.slice(PLAIN.length));
    if (isEncrypted(source)) return decodeEncrypted(source.slice(ENCRYPTED.length));
    return decodeBase64(source);
  };
}

function decodePlain(encoded: string): string {
  const escaped = withoutExtension(encoded, '@');
  const url = decodePercent(escaped);
  if (url === undefined) {
    throw invalidUrl('the source URL is not percent-encoded well');
  }
  return url;
}

/** Bytes of Base64 that slashes may divide, with or without padding, an extension, a file name. */
function fromDivided(source: string, config: SourceUrlConfig): Buffer | undefined {
  const name = config.base64UrlIncludesFilename ? source.lastIndexOf('/') : -1;
  const encoded = (name < 0 ? source : source.slice(0, name)).replaceAll('/', '');
  return fromBase64Url(withoutPadding(withoutExtension(encoded, '.')));
}

function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '=') end--;
  return text.slice(0, end);
}

/** What stands before an extension, which says nothing to `/info`. */
function withoutExtension(text: string, mark: string): string {
  const at = text.indexOf(mark);
  const url = at < 0 ? text : text.slice(0, at);
  if (url === '') throw invalidUrl('the source URL is empty');
  if (at >= 0 && !EXTENSION.test(text.slice(at + 1))) {
    throw invalidUrl(`what follows ${mark} in the source URL is no extension`);
  }
  return url;
}
