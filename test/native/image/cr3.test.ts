import { describe, expect, test } from 'vitest';
import { DEFAULTS, DIMENSIONS, probeInRounds, probeWhole } from '../probing.ts';
import { be, box, bytes, fullBox, uuidBox, xmpOf } from './boxes.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

const le = (value: number, length: 2 | 4) => be(value, length).reverse();

/** A TIFF structure with one directory of SHORTs and of ASCII of up to 3 letters. */
function directory(...fields: [number, number | string][]): Buffer {
  return bytes(
    'II*\0',
    le(8, 4),
    le(fields.length, 2),
    ...fields.map(([tag, value]) =>
      typeof value === 'number'
        ? bytes(le(tag, 2), le(3, 2), le(1, 4), le(value, 2), 0, 0)
        : bytes(le(tag, 2), le(2, 2), le(value.length + 1, 4), value.padEnd(4, '\0')),
    ),
    le(0, 4),
  );
}

const IFD0 = directory([0x100, 6000], [0x101, 4000], [0x10f, 'Cam'], [0x112, 8]);
const EXIF = directory([0x8827, 200], [0xa402, 1]);
const GPS = directory([1, 'N']);

const rawTrack = (width: number, height: number) =>
  box(
    'trak',
    fullBox(
      'tkhd',
      0,
      7,
      Buffer.alloc(20 + 16),
      ...[0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map((value) => be(value, 4)),
      be(width * 0x10000, 4),
      be(height * 0x10000, 4),
    ),
    box(
      'mdia',
      fullBox('hdlr', 0, 0, be(0, 4), 'vide', Buffer.alloc(12), '\0'),
      box('minf', box('stbl', fullBox('stsz', 0, 0, be(1, 4), be(1, 4)))),
    ),
  );

/** A file as cameras write it, with these boxes of Canon's own. */
function cr3(...canon: Uint8Array[]): Buffer {
  return bytes(
    box('ftyp', 'crx ', be(1, 4), 'crx isom'),
    box(
      'moov',
      uuidBox('85c0b687-820f-11e0-8111-f4ce462b6a48', box('CNCV', 'CanonCR3'), ...canon),
      rawTrack(1624, 1080),
      rawTrack(6288, 4056),
    ),
    uuidBox('be7acfcb-97a9-42e8-9c71-999491e3afac', bytes(xmpOf(4), Buffer.alloc(65536, ' '))),
    uuidBox('eaf42b5e-1c98-4b88-b9fb-b7dc406e4d16', Buffer.alloc(100_000)),
    box('mdat', Buffer.alloc(1_000_000)),
  );
}

const FILE = cr3(box('CMT1', IFD0), box('CMT2', EXIF), box('CMT3', IFD0), box('CMT4', GPS));

describe('CR3', () => {
  test('has the size of the developed picture, turned by its orientation', () => {
    expect(probeWhole(FILE)).toMatchObject({
      format: 'cr3',
      mimeType: 'image/x-canon-cr3',
      width: 4000,
      height: 6000,
      orientation: 8,
    });
  });

  test('has the size of its largest track where the first directory is missing', () => {
    expect(probeWhole(cr3(box('CMT2', EXIF)))).toMatchObject({ width: 6288, height: 4056 });
  });

  test('has one EXIF of all its directories but the maker note, and XMP', () => {
    const info = probeWhole(FILE, { ...DEFAULTS, exifCanonical: true });
    expect(JSON.parse(info.exif ?? '')).toMatchObject({
      Make: 'Cam',
      ISOSpeedRatings: '200',
      ExposureMode: expect.any(String),
      GPSLatitudeRef: 'N',
    });
    expect(info.xmp).toBe('{"xmp":{"Rating":"4"}}');
  });

  test('takes one round for the size, and never reads the pixels', () => {
    expect(probeInRounds(FILE, DIMENSIONS, 4096).rounds).toBe(1);
    const { rounds, bytes: fetched } = probeInRounds(FILE, DEFAULTS, 16384);
    expect(rounds).toBe(2);
    expect(fetched).toBeLessThan(70_000);
  });

  test('is read the same in any rounds, and bounded under damage', () => {
    const short = bytes(FILE.subarray(0, FILE.indexOf('be7acf', 0, 'hex') - 8), box('mdat'));
    expectSameInAnyRounds(short);
    expectBoundedUnderDamage(short);
  });
});
