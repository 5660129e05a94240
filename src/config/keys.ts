import { InvalidValue, type ValueType } from './variable.ts';

const HEX = /^([0-9a-fA-F]{2})*$/;
const AES_KEY_BYTES = [16, 24, 32];

/** Hex-encoded secrets divided by commas. */
export function hexList({ emptyItems }: { emptyItems: boolean }): ValueType<readonly Buffer[]> {
  return {
    format: 'a list in hex, divided by commas',
    parse: (value) =>
      value.split(',').map((item, index) => {
        const bytes = fromHex(item.trim());
        if (bytes.length === 0 && !emptyItems) {
          throw new InvalidValue(`must not be empty (number ${index + 1} of the list is)`);
        }
        return bytes;
      }),
    show: (value) => value.map((bytes) => bytes.toString('hex')).join(','),
  };
}

/** The hex-encoded key of an AES cipher; undefined where unset. */
export const aesKey: ValueType<Buffer | undefined> = {
  format: '16, 24 or 32 bytes in hex',
  parse(value) {
    const key = fromHex(value.trim());
    if (!AES_KEY_BYTES.includes(key.length)) {
      throw new InvalidValue(`must be 16, 24 or 32 bytes in hex, not ${key.length} bytes`);
    }
    return key;
  },
  show: (value) => value?.toString('hex') ?? '',
};

function fromHex(text: string): Buffer {
  if (!HEX.test(text)) throw new InvalidValue('must be in hex');
  return Buffer.from(text, 'hex');
}
