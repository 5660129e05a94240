import { expect, it } from 'vitest';
import { shorten } from '../../src/info/model-answers.ts';
import { parseNames, parseWeightedNames } from '../../src/models/class-names.ts';
import { pickClasses } from '../../src/models/classes.ts';
import { fromHalf, toHalf } from '../../src/models/half.ts';
import { isProbabilities, softmax } from '../../src/models/probabilities.ts';

// IEEE 754-2019, binary16.
it.each([
  [0, 0x0000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [0.333251953125, 0x3555],
  [114, 0x5720],
])('%d is %i in half precision', (value, bits) => {
  expect(toHalf(value)).toBe(bits);
  expect(fromHalf(bits)).toBe(value);
});

it('rounds to half precision: halves to even, carries into the exponent, no infinity', () => {
  expect(toHalf(1 + 2 ** -11)).toBe(0x3c00);
  expect(toHalf(1 + 3 * 2 ** -11)).toBe(0x3c02);
  expect(toHalf(1.9999)).toBe(0x4000);
  expect(toHalf(1e9)).toBe(0x7bff);
  expect(toHalf(2 ** -14 - 2 ** -26)).toBe(0x0400);
  expect(fromHalf(0xfc00)).toBe(-Infinity);
  expect(fromHalf(0x7c01)).toBeNaN();
  for (let bits = 0; bits < 0x7c00; ++bits) expect(toHalf(fromHalf(bits))).toBe(bits);
});

it('shortens numbers of single precision to the digits that tell them', () => {
  expect(shorten(Math.fround(0.985792))).toBe(0.985792);
  expect(shorten(Math.fround(0.8745117))).toBe(0.8745117);
  expect(shorten(Math.fround(0.1))).toBe(0.1);
  expect(shorten(1)).toBe(1);
  const value = Math.fround(1 / 3);
  expect(Math.fround(shorten(value))).toBe(value);
});

it('makes probabilities of logits, however large', () => {
  expect([...softmax(Float32Array.of(0, Math.log(3)))]).toEqual([0.25, 0.75]);
  expect([...softmax(Float32Array.of(1000, 1000, -1000))]).toEqual([0.5, 0.5, 0]);
  expect(isProbabilities(Float32Array.of(0, 0.5, 1.0005))).toBe(true);
  expect(isProbabilities(Float32Array.of(0, 1.5))).toBe(false);
  expect(isProbabilities(Float32Array.of(-0.1))).toBe(false);
  expect(isProbabilities(Float32Array.of(Number.NaN))).toBe(false);
});

it('reads names of classes, one a line, with or without a weight', () => {
  expect(parseWeightedNames('person=2\ndog\r\n hot dog \ncat=0.5\na=b\n\n\n')).toEqual({
    names: ['person', 'dog', 'hot dog', 'cat', 'a=b'],
    weights: [2, 1, 1, 0.5, 1],
  });
  expect(parseNames('a\n\nb=2\r\n')).toEqual(['a', '', 'b=2']);
});

it('picks the classes of the most confidence', () => {
  const confidences = Float32Array.of(0.5, 0.9, 0.7, 0.7, 0.1);
  const names = ['a', 'b', 'c', 'd', 'e'];
  const pick = (top: number, only: string[] = [], threshold = 0.5) =>
    pickClasses(confidences, names, { threshold, top, only }).map(({ name }) => name);
  expect(pick(9)).toEqual(['b', 'c', 'd', 'a']);
  expect(pick(2)).toEqual(['b', 'c']);
  expect(pick(9, ['a', 'd', 'e', 'x'])).toEqual(['d', 'a']);
  // 0.7 of single precision is a little less.
  expect(pick(9, [], 0.7)).toEqual(['b', 'c', 'd']);
});
