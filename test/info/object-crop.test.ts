import { describe, expect, it } from 'vitest';
import type { CropGravity } from '../../src/info/crop.ts';
import { type GravityMode, placeObjectCrop, weightOf } from '../../src/info/object-crop.ts';
import type { FoundObject } from '../../src/models/models.ts';

const PICTURE = { width: 1000, height: 500 };
const ALL: CropGravity = { type: 'obj' };
const CENTER: CropGravity = { type: 'ce' };

/** An object, in pixels of the picture. */
function object(
  className: string,
  left: number,
  top: number,
  width: number,
  height: number,
  confidence = 0.5,
  weight = 1,
): FoundObject {
  return {
    classId: 0,
    className,
    confidence,
    weight,
    left: left / PICTURE.width,
    top: top / PICTURE.height,
    width: width / PICTURE.width,
    height: height / PICTURE.height,
  };
}

/** Left and top of a crop of so many pixels. */
function place(
  [width, height]: [number, number],
  objects: FoundObject[],
  {
    gravity = ALL,
    position = CENTER,
    mode = 'max_score_area',
  }: { gravity?: CropGravity; position?: CropGravity; mode?: GravityMode } = {},
) {
  const part = placeObjectCrop({ width, height, gravity }, objects, position, mode, PICTURE);
  if (part) expect([part.width, part.height]).toEqual([width, height]);
  return part && [part.left, part.top];
}

describe('the weight of an object', () => {
  const face = { className: 'face', weight: 3 };

  it.each<[CropGravity, number]>([
    [{ type: 'obj' }, 3],
    [{ type: 'obj', classes: ['face', 'cat'] }, 3],
    [{ type: 'obj', classes: ['cat'] }, 0],
    [{ type: 'obj', classes: ['cat', 'all'] }, 3],
    [{ type: 'objw', weights: [['face', 2]] }, 2],
    [{ type: 'objw', weights: [['cat', 2]] }, 0],
    [
      {
        type: 'objw',
        weights: [
          ['face', 5],
          ['all', 2],
        ],
      },
      5,
    ],
    [
      {
        type: 'objw',
        weights: [
          ['cat', 5],
          ['all', 2],
        ],
      },
      2,
    ],
    [
      {
        type: 'objw',
        weights: [
          ['face', 5],
          ['face', 0],
        ],
      },
      0,
    ],
    [{ type: 'objw', weights: [] }, 3],
  ])('is by %j %d', (gravity, expected) => {
    expect(weightOf(face, gravity)).toBe(expected);
  });
});

describe('a crop about objects', () => {
  it('is none where no object counts', () => {
    expect(place([100, 100], [])).toBeUndefined();
    const gravity = { type: 'obj', classes: ['cat'] };
    expect(place([100, 100], [object('dog', 0, 0, 10, 10)], { gravity })).toBeUndefined();
  });

  it('has one object in its middle, within the picture', () => {
    expect(place([200, 100], [object('a', 480, 230, 40, 40)])).toEqual([400, 200]);
    expect(place([200, 100], [object('a', 0, 480, 40, 20)])).toEqual([0, 400]);
  });

  it('covers as many objects as fit', () => {
    const pair = [object('a', 600, 100, 50, 50), object('b', 700, 100, 50, 50)];
    const lone = object('c', 100, 400, 50, 50, 0.99);
    // The area of the pair is 600 to 750 across: its middle is 675.
    expect(place([200, 200], [lone, ...pair])).toEqual([575, 25]);
    expect(place([800, 400], [lone, ...pair])).toEqual([25, 75]);
  });

  it('covers what has the greatest weight', () => {
    const pair = [object('a', 600, 100, 50, 50), object('a', 700, 100, 50, 50)];
    const lone = object('c', 100, 400, 50, 50, 0.1);
    const gravity: CropGravity = {
      type: 'objw',
      weights: [
        ['c', 2.5],
        ['a', 1],
      ],
    };
    expect(place([200, 200], [...pair, lone], { gravity })).toEqual([25, 300]);
  });

  it('goes by the confidence, then by the nearness to the middle where weights are equal', () => {
    const left = object('a', 100, 200, 50, 50, 0.6);
    const right = object('a', 800, 200, 50, 50, 0.7);
    expect(place([100, 100], [left, right])).toEqual([775, 175]);
    const near = object('a', 400, 200, 50, 50, 0.6);
    expect(place([100, 100], [left, near])).toEqual([375, 175]);
  });

  it('cuts an object that is too large on both sides alike', () => {
    expect(place([100, 50], [object('a', 200, 100, 400, 300)])).toEqual([350, 225]);
    expect(place([300, 300], [object('a', 200, 100, 400, 300)])).toEqual([250, 100]);
  });

  it('is where the most of several objects is seen that do not fit', () => {
    // Of 200 pixels of a window each gets all of its own 100 where they touch.
    const objects = [object('a', 300, 0, 100, 100), object('b', 400, 0, 160, 100)];
    const [left, top] = place([200, 100], objects)!;
    // All of the small one and 100 of 160 of the other, or 40 of it and all of the other: the former is more.
    expect([left, top]).toEqual([300, 0]);
  });

  it('is found among very many objects', () => {
    const many = Array.from({ length: 300 }, (_, at) =>
      object('a', (at * 37) % 900, (at * 91) % 450, 20, 20),
    );
    const began = performance.now();
    expect(place([300, 300], many)).toHaveLength(2);
    expect(performance.now() - began).toBeLessThan(500);
  });

  it.each<[CropGravity, [number, number]]>([
    // The area is 400 to 500 across and 200 to 250 down, the crop 200 by 100.
    [{ type: 'nowe' }, [400, 200]],
    [{ type: 'soea' }, [300, 150]],
    [{ type: 'no' }, [350, 200]],
    [{ type: 'ce', x: 10, y: -5 }, [340, 180]],
    [{ type: 'we', x: 30 }, [370, 175]],
    [{ type: 'ea', x: 0.1 }, [320, 175]],
    [{ type: 'so', y: 10 }, [350, 160]],
    [{ type: 'fp', x: 0.25, y: 1 }, [400, 125]],
    // 400 of 900 and 200 of 450 are before it: 4/9 of 100 and of 50.
    [{ type: 'prop' }, [356, 178]],
  ])('has them where objects_position says: %j', (position, expected) => {
    expect(place([200, 100], [object('a', 400, 200, 100, 50)], { position })).toEqual(expected);
  });

  it('is about one object by its area, its confidence and its weight', () => {
    const large = object('a', 0, 0, 100, 100, 0.5);
    const sure = object('b', 800, 300, 80, 80, 0.9);
    expect(place([100, 100], [large, sure], { mode: 'one_best' })).toEqual([790, 290]);
    const gravity: CropGravity = {
      type: 'objw',
      weights: [
        ['a', 1.2],
        ['b', 1],
      ],
    };
    expect(place([100, 100], [large, sure], { mode: 'one_best', gravity })).toEqual([0, 0]);
  });

  it('is about one object by its nearness to the middle too', () => {
    const large = object('a', 0, 0, 100, 100, 0.9);
    const near = object('b', 470, 220, 60, 60, 0.9);
    expect(place([100, 100], [large, near], { mode: 'one_best' })).toEqual([0, 0]);
    // 0.36 + 1 against 1 + 0.1.
    expect(place([100, 100], [large, near], { mode: 'one_best_centermost' })).toEqual([450, 200]);
  });
});
