import { isUtf8 } from 'node:buffer';

import type { Config } from '../config/table.ts';
import { fromBase64Url } from './base64.ts';
import { createDecrypt } from './encryption.ts';
import { invalidUrl, quote } from './errors.ts';
import { decodePercent, toText } from './percent.ts';

/** Configuration that the decoding depends on. */
export type SourceUrlConfig = Pick<Config, 'sourceUrlEncryptionKey' | 'base64UrlIncludesFilename'>;

const EXTENSION = /^[A-Za-z0-9]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;
/** One message for all that can be wrong, or it would tell an attacker what is. */
const WRONG_CIPHERTEXT = 'the encrypted source URL is not valid';

/** Makes the decoder of the path's parts that follow the options. It throws INVALID_URL. */
export function createSourceUrlDecoder(
  config: SourceUrlConfig,
): (parts: readonly string[]) => string {
  const { sourceUrlEncryptionKey: key } = config;
  const decrypt = key && createDecrypt(key);

  const decodeBase64 = (parts: readonly string[]): string => {
    const bytes = fromParts(parts, config);
    if (bytes === undefined) throw invalidUrl('the source URL is not URL-safe Base64');
    return toText(bytes);
  };

  const decodeEncrypted = (parts: readonly string[]): string => {
    if (decrypt === undefined) throw invalidUrl('no IMGPROXY_SOURCE_URL_ENCRYPTION_KEY is set');
    const encrypted = fromParts(parts, config);
    const bytes = encrypted && decrypt(encrypted);
    if (bytes === undefined) throw invalidUrl(WRONG_CIPHERTEXT);
    // A changed ciphertext whose padding happens to be right decrypts to noise: answer it no other way.
    const url = bytes.toString('utf8');
    if (!isUtf8(bytes) || CONTROL.test(url)) throw invalidUrl(WRONG_CIPHERTEXT);
    return url;
  };

  return (parts) => {
    if (parts[0] === 'plain' && parts.length > 1) return decodePlain(parts.slice(1).join('/'));
    if (parts[0] === 'enc' && parts.length > 1) return decodeEncrypted(parts.slice(1));
    return decodeBase64(parts);
  };
}

function decodePlain(encoded: string): string {
  const escaped = withoutExtension(encoded, '@');
  const url = decodePercent(escaped);
  if (url === undefined) {
    throw invalidUrl(`the source URL is not percent-encoded well: ${quote(escaped)}`);
  }
  return url;
}

/** Bytes of Base64 that slashes may divide, with or without padding, an extension, a file name. */
function fromParts(parts: readonly string[], config: SourceUrlConfig): Buffer | undefined {
  const counted = config.base64UrlIncludesFilename && parts.length > 1 ? parts.slice(0, -1) : parts;
  return fromBase64Url(withoutPadding(withoutExtension(counted.join(''), '.')));
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
    throw invalidUrl(
      `what follows ${mark} in the source URL is no extension: ${quote(text.slice(at))}`,
    );
  }
  return url;
}
