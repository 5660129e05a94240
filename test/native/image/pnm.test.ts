import { expect, test } from 'vitest';
import { EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

const pixels = Buffer.alloc(64, 0x37);
const file = (header: string) => Buffer.concat([Buffer.from(header, 'latin1'), pixels]);

test.each([
  ['P1\n5 3\n1 0 1', 'pbm', 'image/x-portable-bitmap', 'b-w', 1, 'uchar'],
  ['P2\n5 3\n255\n1 0 1', 'pgm', 'image/x-portable-graymap', 'b-w', 1, 'uchar'],
  ['P3\n5 3\n255\n1 0 1', 'ppm', 'image/x-portable-pixmap', 'srgb', 3, 'uchar'],
  ['P4\n5 3\n', 'pbm', 'image/x-portable-bitmap', 'b-w', 1, 'uchar'],
  ['P5\n5 3\n255\n', 'pgm', 'image/x-portable-graymap', 'b-w', 1, 'uchar'],
  ['P5\n5 3\n65535\n', 'pgm', 'image/x-portable-graymap', 'grey16', 1, 'ushort'],
  ['P6\n5 3\n255\n', 'ppm', 'image/x-portable-pixmap', 'srgb', 3, 'uchar'],
  ['P6\n5 3\n1023\n', 'ppm', 'image/x-portable-pixmap', 'rgb16', 3, 'ushort'],
  ['P6 5 3 70000\n', 'ppm', 'image/x-portable-pixmap', 'srgb', 3, 'uint'],
  ['PF\n5 3\n-1.0\n', 'pfm', 'image/x-portable-floatmap', 'srgb', 3, 'float'],
  ['Pf\n5 3\n1.0\n', 'pfm', 'image/x-portable-floatmap', 'b-w', 1, 'float'],
])('reads %j', (header, format, mimeType, colorspace, bands, sampleFormat) => {
  expect(expectSameInAnyRounds(file(header))).toMatchObject({
    format,
    mimeType,
    width: 5,
    height: 3,
    colorspace,
    bands,
    sampleFormat,
    pagesNumber: 1,
  });
});

test('reads PAM by the names of its fields', () => {
  const header =
    'P7\n# WIDTH 9\nHEIGHT 3\nWIDTH 5\nMAXVAL 255\nDEPTH 4\nTUPLTYPE RGB_ALPHA\nENDHDR\n';
  expect(expectSameInAnyRounds(file(header))).toMatchObject({
    format: 'pam',
    mimeType: 'image/x-portable-arbitrarymap',
    width: 5,
    height: 3,
    bands: 4,
    colorspace: 'srgb',
  });
});

test('skips comments, however long', () => {
  const comment = `# 7 7 ${'x'.repeat(5000)}\n`;
  const info = probeWhole(file(`P6\n${comment}5 # width\n${comment}3\n255\n`));
  expect(info).toMatchObject({ width: 5, height: 3 });
});

test('takes nothing for an image that only begins like one', () => {
  for (const text of ['P8\n5 3\n', 'PS: 5 3', 'P6x5 3', 'P']) {
    expect(() => probeWhole(Buffer.from(text))).toThrow();
  }
  expect(() => probeWhole(Buffer.from('P6 is the name'))).toThrow(/pnm/);
});

test('asks for one more piece where the first range holds the magic only', () => {
  const { rounds, bytes } = probeInRounds(file('P6\n5 3\n255\n'), EVERYTHING, 32);
  expect(rounds).toBe(2);
  expect(bytes).toBeLessThan(100);
});

test('survives damage', () => {
  expectBoundedUnderDamage(file('P6\n# comment\n5 3\n255\n'));
  expectBoundedUnderDamage(file('P7\nWIDTH 5\nHEIGHT 3\nDEPTH 4\nMAXVAL 255\nENDHDR\n'));
});
