import { expect, test } from 'vitest';
import { probeSync } from '../../src/native.ts';
import { DIMENSIONS } from './probing.ts';

const held = [{ offset: 0, data: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0) }];

test('says which bytes are missing', () => {
  expect(probeSync(held, 100, DIMENSIONS, false)).toMatchObject({
    need: [{ offset: expect.any(Number), length: expect.any(Number) }],
  });
});

test('fails where nothing more can be fetched', () => {
  expect(probeSync(held, 100, DIMENSIONS, true)).toEqual({ failure: expect.any(String) });
});
