import { crc32, deflateSync } from 'node:zlib';
import type { Color } from './describing.ts';

/** The colour of a pixel. */
type Paint = (x: number, y: number) => Color;

/** A chunk of a PNG (W3C PNG, 5.3). */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(4);
  frame.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([frame, named, check]);
}

/**
 * A PNG of RGBA, 8 bits a channel.
 *
 * @param extra Chunks that come before the pixels.
 */
export function makePng(width: number, height: number, paint: Paint, ...extra: Buffer[]): Buffer {
  const rows = Buffer.alloc(height * (1 + 4 * width));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(paint(x, y), y * (1 + 4 * width) + 1 + 4 * x);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...extra,
    pngChunk('IDAT', deflateSync(rows, { level: 1 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A baseline JPEG in one grey, by one table of one code of one bit each (T.81, B.2, F.1.2). */
export function makeGreyJpeg(width: number, height: number): Buffer {
  const segment = (marker: number, ...data: number[]) =>
    Buffer.from([0xff, marker, 0, data.length + 2, ...data]);
  const codes = [1, ...Array<number>(15).fill(0), 0];
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, 0, ...Array<number>(64).fill(1)),
    segment(0xc0, 8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1, 1, 0x11, 0),
    segment(0xc4, 0x00, ...codes, 0x10, ...codes),
    segment(0xda, 1, 1, 0, 0, 63, 0),
    Buffer.alloc(Math.ceil(blocks / 4)),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/**
 * An animated GIF of two colours, red and what is transparent where a frame says so; a frame is
 * cleared before the next (GIF89a, 20 to 23 and appendix F).
 *
 * @param frames Whether each has a transparent pixel, which is the first.
 */
export function makeGif(width: number, height: number, frames: readonly boolean[]): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt16LE(width, 0);
  size.writeUInt16LE(height, 2);
  const frame = (seeThrough: boolean) => [
    Buffer.from([0x21, 0xf9, 4, 0x09, 10, 0, 1, 0]),
    Buffer.from([0x2c, 0, 0, 0, 0]),
    size,
    Buffer.from([0, 2]),
    ...blocksOf(packCodes(width * height, seeThrough)),
    Buffer.from([0]),
  ];
  return Buffer.concat([
    Buffer.from('GIF89a', 'latin1'),
    size,
    Buffer.from([0x80, 0, 0, 255, 0, 0, 0, 0, 255]),
    ...frames.flatMap(frame),
    Buffer.from([0x3b]),
  ]);
}

/** LZW codes of 3 bits: the table is cleared before it grows. */
function packCodes(pixels: number, seeThrough: boolean): Buffer {
  const CLEAR = 4;
  const END = 5;
  const codes: number[] = [];
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (pixel % 2 === 0) codes.push(CLEAR);
    codes.push(pixel === 0 && seeThrough ? 1 : 0);
  }
  codes.push(END);
  const packed = Buffer.alloc(Math.ceil((codes.length * 3) / 8));
  codes.forEach((code, index) => {
    for (let bit = 0; bit < 3; bit++) {
      const at = index * 3 + bit;
      if ((code >> bit) & 1) packed[at >> 3]! |= 1 << (at & 7);
    }
  });
  return packed;
}

function blocksOf(data: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = 0; at < data.length; at += 255) {
    const block = data.subarray(at, at + 255);
    blocks.push(Buffer.from([block.length]), block);
  }
  return blocks;
}

/**
 * A colour profile (ICC.1:2001-04, 6 and 10.2, 10.8) by which red is blue and blue is red.
 *
 * @param length Its bytes, most of which no one reads.
 */
export function makeSwappedProfile(length: number): Buffer {
  const colorants = {
    bXYZ: [0.4361, 0.2225, 0.0139],
    gXYZ: [0.3851, 0.7169, 0.0971],
    rXYZ: [0.1431, 0.0606, 0.7141],
  };
  const tags: [string, Buffer][] = Object.entries(colorants).map(([name, xyz]) => {
    const tag = Buffer.alloc(20);
    tag.write('XYZ ', 'latin1');
    writeFixed(tag, 8, xyz);
    return [name, tag];
  });
  const curve = Buffer.alloc(16);
  curve.write('curv', 'latin1');
  curve.writeUInt32BE(1, 8);
  curve.writeUInt16BE(0x0233, 12);
  for (const name of ['rTRC', 'gTRC', 'bTRC']) tags.push([name, curve]);

  const profile = Buffer.alloc(length);
  profile.writeUInt32BE(length, 0);
  profile.writeUInt32BE(0x02400000, 8);
  profile.write('mntrRGB XYZ ', 12, 'latin1');
  profile.writeUInt16BE(2001, 24);
  profile.writeUInt16BE(1, 26);
  profile.writeUInt16BE(1, 28);
  profile.write('acsp', 36, 'latin1');
  writeFixed(profile, 68, [0.9642, 1, 0.8249]);
  profile.writeUInt32BE(tags.length, 128);
  let offset = 132 + 12 * tags.length;
  tags.forEach(([name, tag], index) => {
    const entry = 132 + 12 * index;
    profile.write(name, entry, 'latin1');
    profile.writeUInt32BE(offset, entry + 4);
    profile.writeUInt32BE(tag.length, entry + 8);
    profile.set(tag, offset);
    offset += tag.length;
  });
  return profile;
}

/** The chunk of a PNG with its colour profile (W3C PNG, 11.3.2.3). */
export function profileChunk(profile: Uint8Array): Buffer {
  return pngChunk('iCCP', Buffer.concat([Buffer.from('a\0\0'), deflateSync(profile)]));
}

/** s15Fixed16Number (ICC.1:2001-04, 5.3.5). */
function writeFixed(into: Buffer, at: number, values: readonly number[]): void {
  for (const [index, value] of values.entries()) {
    into.writeInt32BE(Math.round(value * 65536), at + 4 * index);
  }
}
