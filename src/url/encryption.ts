import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';

/** Bytes of an AES block, and so of the IV: FIPS 197. */
const BLOCK = 16;

/** What was decrypted. */
export interface Decrypted {
  /** Without its padding; with all that stands there where the padding is wrong. */
  plaintext: Buffer;
  /** Whether the padding is right: to be asked last, so that a wrong one takes the same time. */
  isPadded: boolean;
}

/** Decrypts IV + AES-CBC ciphertext; undefined where its length cannot be one. */
export type Decrypt = (encrypted: Buffer) => Decrypted | undefined;

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
    return {
      plaintext: padded.subarray(0, padded.length - padding),
      isPadded: padding !== 0,
    };
  };
}

/** Encrypts a source URL to IV + AES-CBC ciphertext; the IV is random, or derived from the URL. */
export type Encrypt = (url: string, deterministic: boolean) => Buffer;

/** Makes the encryption for a key of 16, 24 or 32 bytes. */
export function createEncrypt(key: Buffer): Encrypt {
  const algorithm = `aes-${key.length * 8}-cbc`;
  // One key for one purpose: NIST SP 800-57 part 1, 5.2. RFC 5869 makes the second from the first.
  const ivKey = Buffer.from(hkdfSync('sha256', key, '', 'imgpeek iv', 32));
  return (url, deterministic) => {
    const iv = deterministic
      ? createHmac('sha256', ivKey).update(url).digest().subarray(0, BLOCK)
      : randomBytes(BLOCK);
    const cipher = createCipheriv(algorithm, key, iv);
    return Buffer.concat([iv, cipher.update(url, 'utf8'), cipher.final()]);
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
