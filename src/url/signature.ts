import { createHash, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

import type { Config } from '../config/table.ts';
import { RequestError } from '../errors.ts';
import { fromBase64Url } from './base64.ts';

/** Configuration that the signature depends on. */
export type SignatureConfig = Pick<
  Config,
  'keys' | 'salts' | 'signatureSize' | 'trustedSignatures'
>;

/**
 * Makes the check of a signature over a path (its leading slash included), which throws FORBIDDEN
 * unless the signature was made with one of the keys, or is trusted.
 */
export function createSignatureCheck(
  config: SignatureConfig,
): (signature: string, path: string) => void {
  if (config.keys.length === 0) return refuseOptionAsSignature;

  const pairs = config.keys.map((key, index) => ({
    key: createSecretKey(key),
    salt: config.salts[index]!,
  }));
  const trusted = config.trustedSignatures.map(digest);

  return (signature, path) => {
    if (isTrusted(signature, trusted)) return;
    const given = fromBase64Url(signature);
    if (given === undefined) throw forbidden('the signature is not URL-safe Base64');

    let matches = false;
    if (given.length === config.signatureSize) {
      for (const { key, salt } of pairs) {
        const mac = createHmac('sha256', key).update(salt).update(path).digest();
        if (timingSafeEqual(mac.subarray(0, config.signatureSize), given)) matches = true;
      }
    }
    if (!matches) throw forbidden('the signature does not match');
  };
}

/**
 * Makes the signing of paths (their leading slash included) with the first key and its salt.
 *
 * @throws Error where there is no key
 */
export function createSigner(config: SignatureConfig): (path: string) => string {
  const [key] = config.keys;
  const [salt] = config.salts;
  if (!key || !salt) throw new Error('no key to sign with');
  return (path) =>
    createHmac('sha256', key)
      .update(salt)
      .update(path)
      .digest()
      .subarray(0, config.signatureSize)
      .toString('base64url');
}

/** Without keys anything passes, but for an option that stands where the signature belongs. */
function refuseOptionAsSignature(signature: string): void {
  if (signature.includes(':')) {
    throw forbidden(
      'an option stands in the place of the signature: put a signature, or any word such as unsafe, before it',
    );
  }
}

/** Digests are of one length, so that they can be compared in constant time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isTrusted(signature: string, trusted: readonly Buffer[]): boolean {
  if (trusted.length === 0) return false;
  const given = digest(signature);
  let found = false;
  for (const candidate of trusted) {
    if (timingSafeEqual(candidate, given)) found = true;
  }
  return found;
}

function forbidden(detail: string): RequestError {
  return new RequestError('FORBIDDEN', detail);
}
