const URL_SAFE = /^[A-Za-z0-9_-]*$/;

/** Bytes of unpadded URL-safe Base64 (RFC 4648, section 5); undefined where it is none. */
export function fromBase64Url(text: string): Buffer | undefined {
  // Six bits are not yet a byte.
  if (text.length % 4 === 1 || !URL_SAFE.test(text)) return undefined;
  return Buffer.from(text, 'base64url');
}
