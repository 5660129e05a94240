import { roundToEven } from '../rounding.ts';

/** A point of a picture, or what to look for in it: the types of the option `crop`. */
export interface CropGravity {
  readonly type: string;
  readonly x?: number;
  readonly y?: number;
  /** Of `obj`: the names of the classes that count; none: all do. */
  readonly classes?: readonly string[];
  /** Of `objw`: what each class counts. */
  readonly weights?: readonly (readonly [name: string, weight: number])[];
}

/** What to cut out: below 1 it is a fraction, from 1 on pixels, and 0 is all. */
export interface AskedCrop {
  readonly width: number;
  readonly height: number;
  readonly gravity: CropGravity;
}

/** A part of a picture. */
export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Whether a part is asked for, and not the whole. */
export function isCropAsked({ width, height }: AskedCrop): boolean {
  return width > 0 || height > 0;
}

/** Whether objects are to be looked for. */
export function isAboutObjects(crop: AskedCrop): boolean {
  return isCropAsked(crop) && crop.gravity.type.startsWith('obj');
}

/** The size in pixels of the part to cut out of a side of so many pixels. */
export function toCropSide(asked: number, side: number): number {
  const wanted = asked >= 1 ? Math.trunc(asked) : Math.max(1, roundToEven(asked * side));
  return asked === 0 ? side : Math.min(wanted, side);
}

/** The size in pixels of the part that a crop cuts out. */
export function toCropSize(crop: AskedCrop, picture: Size): Size {
  return {
    width: toCropSide(crop.width, picture.width),
    height: toCropSide(crop.height, picture.height),
  };
}

/**
 * The part that a crop cuts out by its gravity, in pixels of a picture of `width` by `height`. It
 * lies within the picture.
 */
export function placeCrop(crop: AskedCrop, picture: Size): Part {
  const size = toCropSize(crop, picture);
  const { type, x = 0, y = 0 } = crop.gravity;
  const place = type === 'fp' ? placeFocus : placeSide;
  const ends = endsOf(type);
  return {
    left: place(x, picture.width, size.width, ends.x),
    top: place(y, picture.height, size.height, ends.y),
    ...size,
  };
}

/** To which end of a side a gravity draws: its beginning, its end or neither. */
export type End = 'before' | 'behind' | undefined;

/** The ends across and down that a type of gravity draws to. */
export function endsOf(type: string): { x: End; y: End } {
  const end = (isBefore: boolean, isBehind: boolean): End =>
    isBefore ? 'before' : isBehind ? 'behind' : undefined;
  return {
    x: end(type.endsWith('we'), type.endsWith('ea')),
    y: end(type.startsWith('no'), type.startsWith('so')),
  };
}

/** The size of the part that a crop cuts out, in fractions of the picture. */
export function toCropShare(crop: AskedCrop, picture: Size): Size {
  const { width, height } = toCropSize(crop, picture);
  return { width: width / picture.width, height: height / picture.height };
}

/** The part in fractions of the picture. */
export function toFractions(part: Part, { width, height }: Size): Part {
  return {
    left: part.left / width,
    top: part.top / height,
    width: part.width / width,
    height: part.height / height,
  };
}

/** Sides in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** With the focus, a fraction of the side, in the middle. */
function placeFocus(focus: number, side: number, part: number): number {
  return placeWithin(roundToEven(focus * side) - Math.trunc(part / 2), side - part);
}

/** At the side's beginning, its end or in the middle, and so far from there. */
function placeSide(offset: number, side: number, part: number, end: End): number {
  const pixels = roundToEven(Math.abs(offset) >= 1 ? offset : offset * side);
  const room = side - part;
  if (end === 'before') return placeWithin(pixels, room);
  if (end === 'behind') return placeWithin(room - pixels, room);
  return placeWithin(roundToEven((room + 1) / 2) + pixels, room);
}

/** The place that is next to this one and leaves the part within the picture. */
export function placeWithin(place: number, most: number): number {
  return Math.max(0, Math.min(place, most));
}
