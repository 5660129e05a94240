import type { Hashsum, HashType } from '../../info/hashsums.ts';
import { toWord } from './arguments.ts';
import { InvalidArgument, option } from './option.ts';

/** Hashes and the length of their sums in hex digits. */
const HASH_DIGITS = { md5: 32, sha1: 40, sha256: 64, sha512: 128 } as const;
const HEX = /^[0-9a-fA-F]+$/;

const HASH_TYPES = Object.keys(HASH_DIGITS) as HashType[];

/** Options that the whole file answers. */
export const byteOptions = {
  calc_hashsums: option<{ calcHashsums: readonly HashType[] }>({
    aliases: ['chs'],
    defaults: { calcHashsums: [] },
    maxArguments: Infinity,
    parse: (args) => ({
      calcHashsums: [...new Set(args.filter((arg) => arg !== '').map(toHashType))],
    }),
  }),
  hashsum: option<{ hashsum: Hashsum | undefined }>({
    aliases: ['hs'],
    defaults: { hashsum: undefined },
    maxArguments: 2,
    parse: ([name, sum = '']) => {
      if (name === 'none') return { hashsum: undefined };
      const type = toHashType(name!);
      if (sum.length !== HASH_DIGITS[type] || !HEX.test(sum)) {
        throw new InvalidArgument(`takes a sum of ${HASH_DIGITS[type]} hex digits for ${type}`);
      }
      return { hashsum: { type, sum: sum.toLowerCase() } };
    },
  }),
};

function toHashType(arg: string): HashType {
  return toWord(arg, HASH_TYPES);
}
