import {
  blob,
  buildTiff,
  long,
  picture,
  pointer,
  rational,
  short,
  text,
} from '../image/tiff_files.ts';
import { noise } from './describing.ts';

/** What the sensor sees: red, green and blue in linear light, 0 to 1. */
export type Light = readonly [number, number, number];

/** How a sensor's filters are laid out: 0 is red, 1 green, 2 blue. */
export type Filters = readonly (readonly number[])[];

export const BAYER: Filters = [
  [0, 1],
  [1, 2],
];

/** Fujifilm's, which has squares of two by two without red or blue. */
export const X_TRANS: Filters = [
  [1, 2, 1, 1, 0, 1],
  [0, 1, 0, 2, 1, 2],
  [1, 2, 1, 1, 0, 1],
  [1, 0, 1, 1, 2, 1],
  [2, 1, 2, 0, 1, 0],
  [1, 0, 1, 1, 2, 1],
];

/** From XYZ to linear sRGB (IEC 61966-2-1), so that such a camera sees what a screen shows. */
const SRGB_OF_XYZ = [
  3.2404542, -1.5371385, -0.4985314, -0.969266, 1.8760108, 0.041556, 0.0556434, -0.2040259,
  1.0572252,
];
const MOST = 65_535;
const D65 = 21;

/**
 * A DNG (DNG 1.4, chapter 4) of samples that are not packed, as a camera with the primaries of sRGB
 * has them in daylight.
 *
 * @param light What falls on a pixel.
 * @param neutral How the camera saw white.
 */
export function makeDng(
  width: number,
  height: number,
  light: (x: number, y: number) => Light,
  { filters = BAYER, orientation = 1, neutral = [1, 1, 1] } = {},
): Buffer {
  const samples = Buffer.alloc(2 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const filter = filters[y % filters.length]![x % filters.length]!;
      samples.writeUInt16LE(Math.round(light(x, y)[filter]! * MOST), 2 * (y * width + x));
    }
  }
  const matrix = Buffer.alloc(8 * SRGB_OF_XYZ.length);
  for (const [i, value] of SRGB_OF_XYZ.entries()) {
    matrix.writeInt32LE(Math.round(value * 1e6), 8 * i);
    matrix.writeInt32LE(1e6, 8 * i + 4);
  }
  return buildTiff([
    picture(
      width,
      height,
      long(254, 0),
      short(258, 16),
      short(259, 1),
      short(262, 32803),
      text(271, 'Maker'),
      text(272, 'Model'),
      pointer(273, samples),
      short(274, orientation),
      short(277, 1),
      long(278, height),
      long(279, samples.length),
      short(33421, filters.length, filters.length),
      blob(33422, Buffer.from(filters.flat()), 'byte'),
      blob(50706, Buffer.from([1, 4, 0, 0]), 'byte'),
      blob(50707, Buffer.from([1, 1, 0, 0]), 'byte'),
      text(50708, 'Maker Model'),
      short(50717, MOST),
      blob(50721, matrix, 'srational'),
      rational(50728, ...neutral.flatMap((value) => [Math.round(value * 1e6), 1e6])),
      short(50778, D65),
    ),
  ]);
}

/**
 * A RAW of the shape that a maker's cameras write, of bytes that only look random: what unpacks its
 * samples goes by the maker, the model, the scheme and the bits.
 *
 * @param scheme The field Compression.
 */
export function makeMakersRaw(
  maker: string,
  model: string,
  scheme: number,
  { dng = false, magic = '' } = {},
): Buffer {
  const [width, height] = [160, 120];
  const { rgba } = noise(width, height, scheme, false);
  const preview = picture(16, 12, long(254, 1), short(259, 1), short(262, 2));
  const raw = picture(
    width,
    height,
    long(254, 0),
    short(258, dng ? 8 : 12),
    short(259, scheme),
    short(262, 32803),
    pointer(273, rgba),
    short(277, 1),
    long(278, height),
    long(279, rgba.length),
    short(33421, 2, 2),
    blob(33422, Buffer.from(BAYER.flat()), 'byte'),
  );
  const named = [text(271, maker), text(272, model), short(274, 8)];
  const version = dng ? [blob(50706, Buffer.from([1, 4, 0, 0]), 'byte')] : [];
  // Those with a magic number of their own have one directory.
  if (magic) return buildTiff([[...raw, ...named]], { magic });
  return buildTiff([[...preview, ...named, ...version, pointer(330, raw)]]);
}

/** How LibRaw shows light, as a byte: by the curve of ITU-R BT.709 (1.2). */
export function toShown(light: number): number {
  return Math.round(255 * (light < 0.018 ? 4.5 * light : 1.099 * light ** 0.45 - 0.099));
}
