import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildTiff, picture, short } from '../../native/image/tiff_files.ts';

/** Values of a file's EXIF at which {@link buildFaultyLibexif}'s library crashes, and hangs. */
export const CRASHES = 666;
export const HANGS = 667;

/** Compiles a libexif that has bugs; gives what LD_PRELOAD takes. */
export const buildFaultyLibexif = () => buildFaulty('libexif');

/**
 * The same of libjpeg, which fails where it decodes pixels: {@link CRASHES} and {@link HANGS} are
 * widths.
 */
export const buildFaultyLibjpeg = () => buildFaulty('libjpeg');

function buildFaulty(name: string): string {
  const library = join(mkdtempSync(join(tmpdir(), 'imgpeek-')), `faulty_${name}.so`);
  const source = fileURLToPath(new URL(`faulty_${name}.c`, import.meta.url));
  const flags = execFileSync('pkg-config', ['--cflags', name], { encoding: 'utf8' });
  const options = ['-shared', '-fPIC', ...flags.trim().split(/\s+/).filter(Boolean)];
  execFileSync('cc', [...options, '-o', library, source, '-ldl']);
  return library;
}

/** A TIFF of 64 by 48 pixels, read on a thread, whose ResolutionUnit (0x0128) is `value`. */
export function tiffWithExif(value: number): Buffer {
  return buildTiff([picture(64, 48, short(0x0128, value))]);
}

/**
 * A JPEG of 8 by 8 pixels without its scan, read on the event loop, whose EXIF has ResolutionUnit
 * (0x0128) be `value`.
 */
export function jpegWithExif(value: number): Buffer {
  const tiff = Buffer.from('II*\0\x08\0\0\0\x01\0\x28\x01\x03\0\x01\0\0\0????\0\0\0\0', 'latin1');
  tiff.writeUInt32LE(value, 18);
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const frame = Buffer.from([8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
  const segment = (marker: number, payload: Buffer) =>
    Buffer.concat([Buffer.from([0xff, marker, 0, payload.length + 2]), payload]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe1, exif),
    segment(0xc0, frame),
    Buffer.from([0xff, 0xd9]),
  ]);
}
