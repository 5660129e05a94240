import type { FoundObject } from '../models/models.ts';
import { roundToEven } from '../rounding.ts';
import {
  type AskedCrop,
  type CropGravity,
  type End,
  endsOf,
  type Part,
  placeWithin,
  type Size,
  toCropSize,
} from './crop.ts';

/** How a crop is laid about objects: `IMGPROXY_OBJECT_DETECTION_GRAVITY_MODE`. */
export type GravityMode = 'max_score_area' | 'one_best' | 'one_best_centermost';

/** Where objects stand in a crop: the option `objects_position`. */
export type ObjectsPosition = CropGravity;

/** The name that stands for every class. */
const ALL = 'all';
/** Objects that a place is looked for by, those of the most weight. */
const MAX_COUNTED = 50;

/** An object that counts, in pixels of the picture. */
export interface CountedObject extends Part {
  /** Above 0. */
  weight: number;
  confidence: number;
}

/**
 * The part that a crop about objects cuts out, in pixels of a picture.
 *
 * @param objects All that were found.
 * @returns undefined where none of them counts.
 */
export function placeObjectCrop(
  crop: AskedCrop,
  objects: readonly FoundObject[],
  position: ObjectsPosition,
  mode: GravityMode,
  picture: Size,
): Part | undefined {
  const counted = countObjects(objects, crop.gravity, picture);
  if (counted.length === 0) return undefined;
  const size = toCropSize(crop, picture);
  if (mode !== 'max_score_area') {
    const best = findBest(counted, picture, mode === 'one_best_centermost');
    return placeArea(best, size, position, picture);
  }
  const window = findFullest(counted, size, picture);
  const covered = counted.filter((object) => 2 * coveredPart(object, window) >= 1);
  if (covered.length === 0) {
    return placeArea(findBest(counted, picture, false), size, position, picture);
  }
  const bounds = boundsOf(covered);
  const placed = placeArea(bounds, size, position, picture);
  // Objects that do not fit stand where the most of them is seen.
  const several = covered.length > 1;
  return {
    ...placed,
    left: several && bounds.width > size.width ? window.left : placed.left,
    top: several && bounds.height > size.height ? window.top : placed.top,
  };
}

/** The objects whose class has a weight in the gravity. */
function countObjects(
  objects: readonly FoundObject[],
  gravity: CropGravity,
  { width, height }: Size,
): CountedObject[] {
  return objects
    .map((object) => ({
      left: object.left * width,
      top: object.top * height,
      width: object.width * width,
      height: object.height * height,
      confidence: object.confidence,
      weight: weightOf(object, gravity),
    }))
    .filter(({ weight }) => weight > 0);
}

/** What an object counts: by `objw` itself or by the file of class names. */
export function weightOf(
  { className, weight }: Pick<FoundObject, 'className' | 'weight'>,
  { classes = [], weights = [] }: CropGravity,
): number {
  if (weights.length > 0) {
    const own = weights.findLast(([name]) => name === className);
    return (own ?? weights.findLast(([name]) => name === ALL))?.[1] ?? 0;
  }
  const counts = classes.length === 0 || classes.includes(ALL) || classes.includes(className);
  return counts ? weight : 0;
}

/**
 * The object of the highest score: its part of the picture by its confidence and its weight; the first
 * of several.
 */
function findBest(
  objects: readonly CountedObject[],
  picture: Size,
  centermost: boolean,
): CountedObject {
  const sizes = objects.map(
    ({ width, height, confidence, weight }) => width * height * confidence * weight,
  );
  const most = Math.max(...sizes);
  // Both of 0 to 1, so that they count alike.
  const scores = objects.map(
    (object, at) => sizes[at]! / most + (centermost ? nearnessToCenter(object, picture) : 0),
  );
  const best = scores.reduce((best, score, at) => (score > scores[best]! ? at : best), 0);
  return objects[best]!;
}

/** 1 where the middle of an object is that of the picture, 0 where it is in a corner. */
function nearnessToCenter({ left, top, width, height }: Part, picture: Size): number {
  const across = left + width / 2 - picture.width / 2;
  const down = top + height / 2 - picture.height / 2;
  return 1 - Math.hypot(across, down) / (Math.hypot(picture.width, picture.height) / 2);
}

/**
 * The place of a window that covers the most of the objects by their weights, an object counting as far
 * as it is covered; of equal ones the one with the most confidence, then the one nearest to the middle.
 * Along each axis what is covered changes its course only where an edge of the window meets one of an
 * object, so that one of these places is the best.
 */
function findFullest(objects: readonly CountedObject[], size: Size, picture: Size): Part {
  const counted = objects
    .toSorted((one, other) => other.weight - one.weight || other.confidence - one.confidence)
    .slice(0, MAX_COUNTED);
  const lefts = listPlaces(counted.map(toRow('left', 'width')), size.width, picture.width);
  const tops = listPlaces(counted.map(toRow('top', 'height')), size.height, picture.height);
  const downs = tops.map((top) =>
    counted.map((object) => coveredLength(object.top, object.height, top, size.height)),
  );
  let best = { ...size, left: 0, top: 0 };
  let bestScore: Score = [-1, 0, 0];
  for (const left of lefts) {
    const across = counted.map((object) =>
      coveredLength(object.left, object.width, left, size.width),
    );
    tops.forEach((top, row) => {
      let weight = 0;
      let confidence = 0;
      counted.forEach((object, at) => {
        const covered = across[at]! * downs[row]![at]! * object.weight;
        weight += covered;
        confidence += covered * object.confidence;
      });
      const place = { ...size, left, top };
      const score: Score = [weight, confidence, nearnessToCenter(place, picture)];
      if (isHigher(score, bestScore)) [best, bestScore] = [place, score];
    });
  }
  return best;
}

/** Scores in the order of what counts. */
type Score = readonly [weight: number, confidence: number, nearness: number];

/** What sums of the same parts in another order may differ by. */
const NOISE = 1e-9;

function isHigher(one: Score, other: Score): boolean {
  for (let at = 0; at < one.length; ++at) {
    if (Math.abs(one[at]! - other[at]!) > NOISE) return one[at]! > other[at]!;
  }
  return false;
}

function toRow(start: 'left' | 'top', length: 'width' | 'height') {
  return (object: Part): Row => [object[start], object[length]];
}

/** Where an object begins along an axis, and how long it is. */
type Row = readonly [start: number, length: number];

function listPlaces(rows: readonly Row[], window: number, side: number): number[] {
  const places = rows.flatMap(([start, length]) => {
    const end = start + length;
    return [start - window, end - window, start, end];
  });
  const room = side - window;
  return [...new Set(places.map((place) => roundToEven(placeWithin(place, room))))];
}

/** The part of an object's length that a window has, 0 to 1. */
function coveredLength(start: number, length: number, from: number, window: number): number {
  const covered = Math.min(start + length, from + window) - Math.max(start, from);
  return Math.max(0, covered) / length;
}

function coveredPart(object: Part, window: Part): number {
  return (
    coveredLength(object.left, object.width, window.left, window.width) *
    coveredLength(object.top, object.height, window.top, window.height)
  );
}

function boundsOf(objects: readonly Part[]): Part {
  const left = Math.min(...objects.map((object) => object.left));
  const top = Math.min(...objects.map((object) => object.top));
  const right = Math.max(...objects.map((object) => object.left + object.width));
  const bottom = Math.max(...objects.map((object) => object.top + object.height));
  return { left, top, width: right - left, height: bottom - top };
}

/** The crop in which the area of the objects stands as the position says, within the picture. */
function placeArea(area: Part, size: Size, position: ObjectsPosition, picture: Size): Part {
  const { type, x = 0, y = 0 } = position;
  const ends = endsOf(type);
  const place = (
    [start, length]: Row,
    window: number,
    side: number,
    offset: number,
    end: End,
  ): number => {
    const room = window - length;
    const inside = () => {
      // What does not fit is cut on both sides alike.
      if (room < 0) return room / 2;
      if (type === 'prop') return side > length ? (room * start) / (side - length) : room / 2;
      if (type === 'fp') return offset * window - length / 2;
      const pixels = Math.abs(offset) >= 1 ? offset : offset * window;
      if (end === 'before') return pixels;
      return end === 'behind' ? room - pixels : room / 2 + pixels;
    };
    return placeWithin(roundToEven(start - inside()), side - window);
  };
  return {
    left: place([area.left, area.width], size.width, picture.width, x, ends.x),
    top: place([area.top, area.height], size.height, picture.height, y, ends.y),
    ...size,
  };
}
