import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { Encrypt } from './pdf_building.ts';

/** A scheme of PDF encryption (ISO 32000-2, 7.6) with an empty user password. */
export interface Encryption {
  /** The encryption dictionary. */
  dictionary: string;
  /** The `ID` of the trailer. */
  id: string;
  encrypt: Encrypt;
}

const PADDING = Buffer.from(
  '28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a',
  'hex',
);

const md5 = (data: Buffer) => createHash('md5').update(data).digest();
const hash = (bits: number, data: Buffer) => createHash(`sha${bits}`).update(data).digest();

function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state[i]! + key[i % key.length]!) & 255;
    [state[i], state[j]] = [state[j]!, state[i]!];
  }
  let i = 0;
  let j = 0;
  return data.map((byte) => {
    i = (i + 1) & 255;
    j = (j + state[i]!) & 255;
    [state[i], state[j]] = [state[j]!, state[i]!];
    return byte ^ state[(state[i]! + state[j]!) & 255]!;
  }) as Buffer;
}

function aes(key: Buffer, iv: Buffer, data: Buffer, padded: boolean): Buffer {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, iv).setAutoPadding(padded);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function aesStream(key: Buffer, data: Buffer): Buffer {
  const iv = randomBytes(16);
  return Buffer.concat([iv, aes(key, iv, data, true)]);
}

/** Algorithms 1 and 2: RC4 or AES with 128 bits. */
export function encryption128(cipher: 'V2' | 'AESV2', metadata = true): Encryption {
  const owner = randomBytes(32);
  const id = randomBytes(16);
  const permissions = Buffer.from('fcffffff', 'hex');
  let key = md5(
    Buffer.concat([PADDING, owner, permissions, id, Buffer.alloc(metadata ? 0 : 4, 0xff)]),
  );
  for (let i = 0; i < 50; i++) key = md5(key);
  return {
    id: `[<${id.toString('hex')}><00>]`,
    dictionary:
      `<</Filter/Standard/V 4/R 4/Length 128/P -4/O<${owner.toString('hex')}>/U<00>` +
      `/EncryptMetadata ${metadata}` +
      `/CF<</StdCF<</CFM/${cipher}/Length 16>>>>/StmF/StdCF/StrF/StdCF>>`,
    encrypt: (data, number) => {
      const object = Buffer.from([number, number >> 8, number >> 16, 0, 0]);
      const salt = Buffer.from(cipher === 'AESV2' ? 'sAlT' : '');
      const own = md5(Buffer.concat([key, object, salt]));
      return cipher === 'V2' ? rc4(own, data) : aesStream(own, data);
    },
  };
}

/** Algorithm 2.B. */
function hardened(salt: Buffer): Buffer {
  let key = hash(256, salt);
  for (let round = 1; ; round++) {
    const repeated = Buffer.concat(Array<Buffer>(64).fill(key));
    const encrypted = aes(key.subarray(0, 16), key.subarray(16, 32), repeated, false);
    const remainder = Number(BigInt(`0x${encrypted.toString('hex', 0, 16)}`) % 3n);
    key = hash([256, 384, 512][remainder]!, encrypted);
    if (round >= 64 && encrypted.at(-1)! <= round - 32) return key.subarray(0, 32);
  }
}

/** Algorithms 1.A and 2.A: AES with 256 bits. */
export function encryption256(revision: 5 | 6): Encryption {
  const key = randomBytes(32);
  const salt = randomBytes(8);
  const user = Buffer.concat([randomBytes(32), randomBytes(8), salt]);
  const between = revision === 6 ? hardened(salt) : hash(256, salt);
  const wrapped = aes(between, Buffer.alloc(16), key, false);
  return {
    id: '[<00><00>]',
    dictionary:
      `<</Filter/Standard/V 5/R ${revision}/P -4/U<${user.toString('hex')}>` +
      `/UE<${wrapped.toString('hex')}>/CF<</StdCF<</CFM/AESV3>>>>/StmF/StdCF/StrF/StdCF>>`,
    encrypt: (data) => aesStream(key, data),
  };
}
