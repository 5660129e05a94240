import { int } from '../scalars.ts';
import { variable } from '../variable.ts';

/** How much of a file is fetched: imgpeek's own. */
export const fetching = {
  firstRange: variable({
    env: 'IMGPEEK_FIRST_RANGE',
    type: int({ min: 1024, max: 16_777_216 }),
    default: 65_536,
    meaning: 'Bytes from a file’s start that the first request asks for.',
  }),
  maxRounds: variable({
    env: 'IMGPEEK_MAX_ROUNDS',
    type: int({ min: 1, max: 1000 }),
    default: 16,
    meaning: 'How many times a file may be asked for more before what is known is all.',
  }),
  maxReadOn: variable({
    env: 'IMGPEEK_MAX_READ_ON',
    type: int({ min: 0 }),
    default: 67_108_864,
    meaning: 'Bytes that are read of a file whose origin knows no ranges.',
  }),
};
