import { expect, test } from 'vitest';
import { xmpOf } from '../image/boxes.ts';
import { probeInRounds } from '../probing.ts';
import { chunk, list } from './riff.ts';

const numbers = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);

/** One stream of MJPEG, 64 × 48, 15 pictures a second. */
const HEADER = list(
  'hdrl',
  chunk('avih', numbers(66_667, 0, 0, 0, 30, 0, 1, 0, 64, 48, 0, 0, 0, 0)),
  list(
    'strl',
    chunk('strh', Buffer.from('vidsMJPG'), numbers(0, 0, 0, 1, 15, 0, 30, 0, 0, 0, 0, 0)),
    chunk(
      'strf',
      numbers(40, 64, 48, (24 << 16) | 1),
      Buffer.from('MJPG'),
      numbers(9216, 0, 0, 0, 0),
    ),
  ),
);

const avi = (...behind: Uint8Array[]) => {
  const file = chunk('RIFF', Buffer.from('AVI '), HEADER, ...behind);
  return file;
};

test.each([
  ['an empty list of pictures', list('movi')],
  ['pictures', list('movi', chunk('00dc', Buffer.alloc(5000)))],
  ['pictures and other lists', Buffer.concat([list('movi'), list('Tdat', chunk('tc_O'))])],
])('reads XMP behind %s', (_, pictures) => {
  const { info } = probeInRounds(avi(pictures, chunk('_PMX', xmpOf(4))), undefined, 256);
  expect(info).toMatchObject({ format: 'avi', width: 64, height: 48 });
  expect(JSON.parse(info.xmp!)).toEqual({ xmp: { Rating: '4' } });
});

test('does not walk over pictures whose list was never closed', () => {
  const pictures = Array.from({ length: 40 }, () => chunk('00dc', Buffer.alloc(100_000)));
  const { info, rounds } = probeInRounds(avi(list('movi'), ...pictures));
  expect(info).toMatchObject({ width: 64, height: 48 });
  expect(rounds).toBeLessThanOrEqual(2);
});
