import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Running, startServer } from './running.ts';

// The example answers of imgproxy's page "Getting an image info", version 3.19, for files that are made
// to match them. The files are sparse: what stands behind their headers is zero.

const u16 = (...values: number[]) =>
  Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]));
const u32 = (...values: number[]) => Buffer.from(new Uint32Array(values).buffer).swap32();
const text = (value: string) => Buffer.from(value, 'latin1');
const concat = (...parts: (Buffer | string)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? text(part) : part)));

// EXIF 2.32, 4.6.2: an IFD's entries, with values over four bytes behind the directory.
const [ASCII, SHORT, LONG, RATIONAL] = [2, 3, 4, 5];
type Entry = [tag: number, type: number, count: number, value: Buffer];

function toIfd(at: number, entries: Entry[]): Buffer {
  let behind = at + 2 + entries.length * 12 + 4;
  const directory: Buffer[] = [u16(entries.length)];
  const values: Buffer[] = [];
  for (const [tag, type, count, value] of entries) {
    directory.push(u16(tag, type), u32(count));
    if (value.length <= 4) {
      directory.push(Buffer.concat([value], 4));
    } else {
      directory.push(u32(behind));
      values.push(value);
      behind += value.length;
    }
  }
  return Buffer.concat([...directory, u32(0), ...values]);
}

const ascii = (tag: number, value: string): Entry => [
  tag,
  ASCII,
  value.length + 1,
  text(`${value}\0`),
];

function toExif(): Buffer {
  const ifd0 = (exifAt: number): Buffer =>
    toIfd(8, [
      ascii(0x0110, 'NIKON D810'),
      ascii(0x0131, 'Adobe Photoshop Lightroom 6.1 (Windows)'),
      ascii(0x0132, '2016:09:11 22:15:03'),
      [0x8769, LONG, 1, u32(exifAt)],
    ]);
  const exifAt = 8 + ifd0(0).length;
  const exif = toIfd(exifAt, [
    [0x9202, RATIONAL, 1, u32(8, 1)],
    [0xa408, SHORT, 1, u16(0, 0)],
  ]);
  return concat('Exif\0\0MM', u16(42), u32(8), ifd0(exifAt), exif);
}

// IPTC-IIM 4.2, 1.5: standard datasets.
const dataset = (record: number, number: number, value: string) =>
  concat(Buffer.from([0x1c, record, number]), u16(value.length), value);

const KEYWORDS = ['spider-man', 'menance', 'offender'];

// Adobe Photoshop File Formats, "Image Resource Blocks".
const resource = (id: number, data: Buffer) =>
  concat('8BIM', u16(id), '\0\0', u32(data.length), data, data.length % 2 ? '\0' : '');

function toPhotoshop(): Buffer {
  const iptc = Buffer.concat([
    dataset(2, 5, 'Spider-Man'),
    dataset(2, 120, 'Spider-Man swings on the web'),
    dataset(2, 116, 'Daily Bugle'),
    ...KEYWORDS.map((keyword) => dataset(2, 25, keyword)),
  ]);
  // ResolutionInfo: 16.16 fixed point, unit 1 for inches, unit of the width 1 for inches.
  const resolution = Buffer.concat([u32(240 << 16), u16(1, 1), u32(240 << 16), u16(1, 1)]);
  return concat('Photoshop 3.0\0', resource(0x0404, iptc), resource(0x03ed, resolution));
}

const list = (kind: string, items: string[]) =>
  `<rdf:${kind}>${items.map((item) => `<rdf:li>${item}</rdf:li>`).join('')}</rdf:${kind}>`;

const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 aux:ApproximateFocusDistance="4294967295/1" aux:ImageNumber="16604" aux:Lens="16.0-35.0 mm f/4.0"
 aux:LensID="163" aux:LensInfo="160/10 350/10 40/10 40/10" aux:SerialNumber="12345678"
 dc:format="image/jpeg" photoshop:DateCreated="2016-09-11T18:44:50.003">
<dc:creator>${list('Seq', ['Peter B. Parker'])}</dc:creator>
<dc:publisher>${list('Bag', ['Daily Bugle'])}</dc:publisher>
<dc:subject>${list('Bag', KEYWORDS)}</dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>`;

// ITU-T T.81, B.1.1.4: a marker segment.
const segment = (marker: number, ...parts: (Buffer | string)[]) => {
  const data = concat(...parts);
  return Buffer.concat([u16(0xff00 | marker, data.length + 2), data]);
};

function toJpeg(): Buffer {
  const components = [1, 2, 3].flatMap((id) => [id, 0x11, 0]);
  return Buffer.concat([
    u16(0xffd8),
    segment(0xe1, toExif()),
    segment(0xed, toPhotoshop()),
    segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', Buffer.from(XMP)),
    segment(0xc0, Buffer.from([8]), u16(4912, 7360), Buffer.from([3, ...components])),
    segment(0xda, Buffer.from([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])),
  ]);
}

// ISO/IEC 14496-12, 4.2: a box.
const box = (type: string, ...parts: (Buffer | string)[]) => {
  const data = concat(...parts);
  return concat(u32(data.length + 8), type, data);
};

/** Seconds between 1904 and 1970 (ISO/IEC 14496-12, 8.2.2). */
const EPOCH_1904 = 2082844800;

function toMp4(size: number): Buffer {
  const created = Date.UTC(2022, 0, 12, 15, 4, 10) / 1000 + EPOCH_1904;
  const matrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
  const mvhd = box(
    'mvhd',
    u32(0, created, created, 1000, 0, 0x10000),
    u16(0x100, 0),
    u32(0, 0),
    matrix,
    u32(0, 0, 0, 0, 0, 0, 2),
  );
  const tkhd = box(
    'tkhd',
    u32(7, created, created, 1, 0, 0, 0, 0),
    u16(0, 0, 0, 0),
    matrix,
    u32(1178 << 16, 730 << 16),
  );
  const mdhd = box('mdhd', u32(0, created, created, 1000, 0), u16(0x15c7, 0));
  const hdlr = box('hdlr', u32(0, 0), 'vide', u32(0, 0, 0), '\0');
  const avc1 = box(
    'avc1',
    u32(0),
    u16(0, 1),
    u32(0, 0, 0, 0),
    u16(1178, 730),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
  );
  const stbl = box(
    'stbl',
    box('stsd', u32(0, 1), avc1),
    ...['stts', 'stsc', 'stco'].map((type) => box(type, u32(0, 0))),
    box('stsz', u32(0, 0, 0)),
  );
  const trak = box('trak', tkhd, box('mdia', mdhd, hdlr, box('minf', stbl)));
  // QuickTime File Format, "User data atoms" and "Metadata atoms"; the language is packed ISO 639-2.
  const place = '+46.4845+030.6848/';
  const udta = box('udta', box('\u00a9xyz', u16(place.length, 0x15c7), place));
  const keys = box('keys', u32(0, 1), box('mdta', 'com.android.version'));
  const ilst = box('ilst', box('\0\0\0\x01', box('data', u32(1, 0), '9')));
  const meta = box('meta', u32(0), box('hdlr', u32(0, 0), 'mdta', u32(0, 0, 0), '\0'), keys, ilst);
  const head = concat(box('ftyp', 'mp42', u32(0), 'isommp42'), box('moov', mvhd, trak, udta, meta));
  return concat(head, u32(size - head.length), 'mdat');
}

const JPEG_SIZE = 28993664;
const MP4_SIZE = 984963;

let folder: string;
let server: Running;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imgpeek-documented-'));
  const put = (name: string, head: Buffer, size: number) => {
    writeFileSync(join(folder, name), head);
    truncateSync(join(folder, name), size);
  };
  put('example.jpg', toJpeg(), JPEG_SIZE);
  put('example.mp4', toMp4(MP4_SIZE), MP4_SIZE);
  server = await startServer({ IMGPROXY_LOCAL_FILESYSTEM_ROOT: folder });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const ask = async (name: string): Promise<Record<string, unknown>> => {
  const response = await fetch(`${server.url}/info/_/plain/local:///${name}`);
  return (await response.json()) as Record<string, unknown>;
};

describe('the documented answer', () => {
  test('for a JPEG', async () => {
    expect(await ask('example.jpg')).toEqual({
      format: 'jpeg',
      // Fields that later versions of the page add.
      mime_type: 'image/jpeg',
      orientation: 1,
      width: 7360,
      height: 4912,
      size: 28993664,
      exif: {
        Aperture: '8.00 EV (f/16.0)',
        Contrast: 'Normal',
        'Date and Time': '2016:09:11 22:15:03',
        Model: 'NIKON D810',
        Software: 'Adobe Photoshop Lightroom 6.1 (Windows)',
      },
      iptc: {
        Name: 'Spider-Man',
        Caption: 'Spider-Man swings on the web',
        'Copyright Notice': 'Daily Bugle',
        Keywords: ['spider-man', 'menance', 'offender'],
      },
      xmp: {
        aux: {
          ApproximateFocusDistance: '4294967295/1',
          ImageNumber: '16604',
          Lens: '16.0-35.0 mm f/4.0',
          LensID: '163',
          LensInfo: '160/10 350/10 40/10 40/10',
          SerialNumber: '12345678',
        },
        dc: {
          creator: ['Peter B. Parker'],
          publisher: ['Daily Bugle'],
          subject: ['spider-man', 'menance', 'offender'],
          format: 'image/jpeg',
        },
        photoshop: {
          DateCreated: '2016-09-11T18:44:50.003',
        },
      },
      photoshop: {
        resolution: {
          XResolution: 240,
          XResolutionUnit: 'inches',
          WidthUnit: 'inches',
          YResolution: 240,
          YResolutionUnit: 'inches',
          HeightUnit: 'inches',
        },
      },
    });
  });

  test('for an MP4', async () => {
    expect(await ask('example.mp4')).toMatchObject({
      format: 'mov,mp4,m4a,3gp,3g2,mj2',
      mime_type: 'video/mp4',
      width: 1178,
      height: 730,
      size: 984963,
      exif: {},
    });
    expect((await ask('example.mp4')).video_meta).toEqual({
      'com.android.version': '9',
      compatible_brands: 'isommp42',
      creation_time: '2022-01-12T15:04:10.000000Z',
      location: '+46.4845+030.6848/',
      'location-eng': '+46.4845+030.6848/',
      major_brand: 'mp42',
      minor_version: '0',
    });
  });
});
