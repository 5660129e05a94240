import { createDecipheriv, createSecretKey } from 'node:crypto';

/** Bytes of an AES block, and so of the IV: FIPS 197. */
const BLOCK = 16;

/** Decrypts IV + AES-CBC ciphertext; undefined where it cannot be, whatever the reason. */
export type Decrypt = (encrypted: Buffer) => Buffer | undefined;

/** Makes the decryption for a key of 16, 24 or 32 bytes. */
export function createDecrypt(key: Buffer): Decrypt {
  const algorithm = `aes-${key.length * 8}-cbc`;
  const secret = createSecretKey(key);
  return (encrypted) => {
    if (encrypted.length < 2 * BLOCK || encrypted.length % BLOCK !== 0) return undefined;
    const decipher = createDecipheriv(algorithm, secret, encrypted.subarray(0, BLOCK));
    decipher.setAutoPadding(false);
    const padded = Buffer.concat([decipher.update(encrypted.subarray(BLOCK)), decipher.final()]);
    const padding = paddingLength(padded);
    return padding === 0 ? undefined : padded.subarray(0, padded.length - padding);
  };
}

/** Length of PKCS #7 padding (RFC 5652, section 6.3), 0 where it is wrong; takes the same time for any. */
function paddingLength(padded: Buffer): number {
  const last = padded[padded.length - 1]!;
  let wrong = last < 1 || last > BLOCK ? 1 : 0;
  for (let i = 1; i <= BLOCK; i++) {
    const differs = padded[padded.length - i]! ^ last;
    wrong |= i <= last ? differs : 0;
  }
  return wrong === 0 ? last : 0;
}
