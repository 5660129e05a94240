import { isUtf8 } from 'node:buffer';

const PERCENT = 0x25;
const WRONG_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/**
 * Resolves percent-encoding once. Bytes that are no UTF-8 stay percent-encoded, so that a URL in
 * another charset reaches its origin as it was.
 *
 * @returns undefined where a `%` begins no escape
 */
export function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text;
  if (WRONG_ESCAPE.test(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return toText(toBytes(text));
  }
}

/** Text of UTF-8 bytes; what is no UTF-8 becomes percent-encoding. */
export function toText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let result = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    result +=
      length > 0
        ? bytes.toString('utf8', at, at + length)
        : `%${bytes[at]!.toString(16).toUpperCase().padStart(2, '0')}`;
    at += Math.max(1, length);
  }
  return result;
}

/** Bytes of the character at an offset; 0 where there is none. */
function characterLength(bytes: Buffer, at: number): number {
  const length = lengthByFirstByte(bytes[at]!);
  if (length < 2) return length;
  // Most of what is no character shows in its second byte.
  const second = bytes[at + 1];
  if (second === undefined || (second & 0xc0) !== 0x80) return 0;
  const character = bytes.subarray(at, at + length);
  return character.length === length && isUtf8(character) ? length : 0;
}

/** RFC 3629, section 4. */
function lengthByFirstByte(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  if (byte >= 0xf0 && byte <= 0xf4) return 4;
  return 0;
}

/** Bytes of a text with its escapes resolved; each `%` begins one. */
function toBytes(text: string): Buffer {
  const bytes = Buffer.from(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at++, length++) {
    let byte = bytes[at]!;
    if (byte === PERCENT) {
      byte = (hexDigit(bytes[at + 1]!) << 4) | hexDigit(bytes[at + 2]!);
      at += 2;
    }
    bytes[length] = byte;
  }
  return bytes.subarray(0, length);
}

/** The value of an ASCII hex digit: in either case, a letter's low bits count from 1. */
function hexDigit(byte: number): number {
  return (byte & 0x0f) + (byte >= 0x41 ? 9 : 0);
}
