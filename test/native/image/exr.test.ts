import { expect, test } from 'vitest';
import { DIMENSIONS, probeInRounds, probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

function attribute(name: string, type: string, value: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(value.length);
  return Buffer.concat([Buffer.from(`${name}\0${type}\0`), length, value]);
}

function box(...corners: number[]): Buffer {
  const value = Buffer.alloc(16);
  for (const [i, corner] of corners.entries()) value.writeInt32LE(corner, i * 4);
  return value;
}

const exr = (...attributes: Buffer[]) =>
  Buffer.concat([
    Buffer.from('762f310102000000', 'hex'),
    attribute('channels', 'chlist', Buffer.from('R\0')),
    ...attributes,
    Buffer.alloc(600),
  ]);

test('reads the data window, as libvips does', () => {
  const file = exr(
    attribute('dataWindow', 'box2i', box(-1, -2, 3, 0)),
    attribute('displayWindow', 'box2i', box(0, 0, 99, 99)),
  );
  expect(expectSameInAnyRounds(file)).toMatchObject({
    format: 'exr',
    mimeType: 'image/x-exr',
    width: 5,
    height: 3,
    colorspace: 'scrgb',
    bands: 4,
    sampleFormat: 'float',
  });
});

test('steps over a large attribute', () => {
  const preview = attribute('a preview', 'preview', Buffer.alloc(500_000));
  const file = exr(preview, attribute('dataWindow', 'box2i', box(0, 0, 4, 2)));
  const { info, rounds, bytes } = probeInRounds(file, DIMENSIONS, 4096);
  expect(info).toMatchObject({ width: 5, height: 3 });
  expect(rounds).toBe(2);
  expect(bytes).toBeLessThan(6000);
});

test('refuses a window that is inside out, and a header without one', () => {
  expect(() => probeWhole(exr(attribute('dataWindow', 'box2i', box(9, 0, 4, 2))))).toThrow('empty');
  expect(() => probeWhole(exr())).toThrow('no data window');
});

test('survives damage', () => {
  expectBoundedUnderDamage(exr(attribute('dataWindow', 'box2i', box(0, 0, 4, 2))));
});
