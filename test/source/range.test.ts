import { describe, expect, it } from 'vitest';
import {
  mergeRanges,
  parseContentRange,
  planRequests,
  toRangeField,
} from '../../src/source/range.ts';

const range = (offset: number, length: number) => ({ offset, length });

describe('a Content-Range', () => {
  it.each([
    ['bytes 0-9/100', { first: 0, last: 9, total: 100 }],
    ['bytes 0-9/*', { first: 0, last: 9, total: undefined }],
    ['Bytes  5 - 9 / 100 ', { first: 5, last: 9, total: 100 }],
    ['bytes */0', { unsatisfied: 0 }],
    ['bytes */100', { unsatisfied: 100 }],
  ])('%s is parsed', (value, parsed) => {
    expect(parseContentRange(value)).toEqual(parsed);
  });

  it.each([
    undefined,
    '',
    'bytes',
    'bytes 0-9',
    'bytes */*',
    'bytes 9-0/100',
    'bytes 0-100/100',
    'bytes -1-9/100',
    'bytes 0-9/100, bytes 20-29/100',
    'items 0-9/100',
    'bytes 0-9/1e3',
    'bytes 0-9/99999999999999999999',
  ])('%s is malformed', (value) => {
    expect(parseContentRange(value)).toBeUndefined();
  });
});

describe('a Range field', () => {
  it.each([
    [range(0, 1), 'bytes=0-0'],
    [range(100, 50), 'bytes=100-149'],
    [range(100, Number.POSITIVE_INFINITY), 'bytes=100-'],
  ])('for %o is %s', (asked, field) => {
    expect(toRangeField(asked)).toBe(field);
  });
});

describe('merged ranges', () => {
  it.each([
    ['in order', [range(20, 5), range(0, 5)], [range(0, 5), range(20, 5)]],
    ['joined where they touch', [range(0, 5), range(5, 5)], [range(0, 10)]],
    ['joined where they overlap', [range(0, 10), range(2, 3)], [range(0, 10)]],
    ['cut to the file', [range(90, 50), range(0, 5)], [range(0, 5), range(90, 10)]],
    ['without those past the end', [range(100, 5), range(200, 5)], []],
    ['without empty ones', [range(5, 0), range(7, -3)], []],
    ['cut from infinity', [range(50, Number.POSITIVE_INFINITY)], [range(50, 50)]],
  ])('are %s', (_, ranges, merged) => {
    expect(mergeRanges(ranges, 100)).toEqual(merged);
  });

  it('run to infinity where the size is not known', () => {
    const open = range(10, Number.POSITIVE_INFINITY);
    expect(mergeRanges([open, range(50, 5)], undefined)).toEqual([open]);
  });
});

describe('planned requests', () => {
  const SIZE = 1_000_000;

  it.each([
    ['small ones are rounded up', [range(100, 8)], [range(100, 4096)]],
    ['none passes the end', [range(SIZE - 8, 8)], [range(SIZE - 8, 8)]],
    [
      'near ones are one',
      [range(0, 5000), range(5000 + 16383, 5000)],
      [range(0, 5000 + 16383 + 5000)],
    ],
    [
      'far ones are two',
      [range(0, 5000), range(5000 + 16384, 5000)],
      [range(0, 5000), range(5000 + 16384, 5000)],
    ],
    ['nothing is asked for nothing', [range(10, 0)], []],
  ])('%s', (_, ranges, requests) => {
    expect(planRequests(ranges, SIZE)).toEqual(requests);
  });
});
