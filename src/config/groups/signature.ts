import { hexList } from '../keys.ts';
import { list } from '../lists.ts';
import { int } from '../scalars.ts';
import { variable } from '../variable.ts';

/** How URLs are signed. */
export const signature = {
  keys: variable<readonly Buffer[]>({
    env: 'IMGPROXY_KEY',
    type: hexList({ emptyItems: false }),
    default: [],
    secret: true,
    meaning:
      'Keys that URLs are signed with; any of them may match, and without one no signature is checked.',
  }),
  salts: variable<readonly Buffer[]>({
    env: 'IMGPROXY_SALT',
    type: hexList({ emptyItems: true }),
    default: [],
    secret: true,
    meaning: 'Salts of the signature, one for each key.',
  }),
  signatureSize: variable({
    env: 'IMGPROXY_SIGNATURE_SIZE',
    type: int({ min: 1, max: 32 }),
    default: 32,
    meaning: 'Bytes of the HMAC that make up the signature.',
  }),
  trustedSignatures: variable<readonly string[]>({
    env: 'IMGPROXY_TRUSTED_SIGNATURES',
    type: list,
    default: [],
    secret: true,
    meaning: 'Signatures that pass unchecked.',
  }),
};
