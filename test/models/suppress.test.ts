import { describe, expect, it } from 'vitest';
import { type Candidate, toFound } from '../../src/models/detection/found.ts';
import { intersectionOverUnion, suppress } from '../../src/models/detection/suppress.ts';

function box(classId: number, confidence: number, left: number, top: number, side = 10): Candidate {
  return { classId, confidence, left, top, right: left + side, bottom: top + side };
}

describe('boxes that overlap', () => {
  it('share what both have of what either has', () => {
    expect(intersectionOverUnion(box(0, 1, 0, 0), box(0, 1, 0, 0))).toBe(1);
    // 5 × 10 of 2 × 100 - 50.
    expect(intersectionOverUnion(box(0, 1, 0, 0), box(0, 1, 5, 0))).toBeCloseTo(1 / 3, 12);
    // 5 × 5 of 200 - 25.
    expect(intersectionOverUnion(box(0, 1, 0, 0), box(0, 1, 5, 5))).toBeCloseTo(1 / 7, 12);
    expect(intersectionOverUnion(box(0, 1, 0, 0), box(0, 1, 10, 0))).toBe(0);
  });

  it('are one object where they are of a class, the most confident one', () => {
    const near = [box(0, 0.6, 0, 0), box(0, 0.9, 1, 0), box(1, 0.7, 0, 0), box(0, 0.5, 30, 0)];
    const kept = suppress(near, 0.4).map(({ classId, confidence }) => [classId, confidence]);
    expect(kept).toEqual([
      [0, 0.9],
      [1, 0.7],
      [0, 0.5],
    ]);
  });

  it('do not end one another in a row: what is dropped drops nothing', () => {
    const row = [box(0, 0.9, 0, 0), box(0, 0.8, 4, 0), box(0, 0.7, 8, 0)];
    // 6 of 14 each with its neighbour, 2 of 18 the first with the last.
    expect(suppress(row, 0.4).map(({ confidence }) => confidence)).toEqual([0.9, 0.7]);
  });

  it('are bounded in number, however many a net gives', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => box(at % 7, at / 20_000, at * 20, 0));
    const kept = suppress(many, 0.4);
    expect(kept).toHaveLength(300);
    expect(kept[0]?.confidence).toBe(19_999 / 20_000);
  });
});

describe('an object', () => {
  const AREA = { left: 10, top: 20, width: 100, height: 50 };
  const of = (left: number, top: number, right: number, bottom: number) =>
    toFound([{ classId: 3, confidence: 0.5, left, top, right, bottom }], AREA);

  it('is told in fractions of the picture', () => {
    expect(of(20, 30, 60, 45)).toEqual([
      { classId: 3, confidence: 0.5, left: 0.1, top: 0.2, width: 0.4, height: expect.closeTo(0.3) },
    ]);
  });

  it('is cut at the edges of the picture, and none where it lies outside or has no numbers', () => {
    expect(of(0, 0, 60, 200)).toMatchObject([{ left: 0, top: 0, width: 0.5, height: 1 }]);
    expect(of(0, 0, 10, 200)).toEqual([]);
    expect(of(Number.NaN, 0, 60, 60)).toEqual([]);
    expect(of(60, 30, 20, 45)).toEqual([]);
  });
});
