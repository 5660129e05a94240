import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { probe, probeSync, type Wanted } from '../../src/native.ts';
import { CORPUS, entries, hasCorpus } from '../corpus.ts';
import { be, box, bytes } from './image/boxes.ts';
import { DEFAULTS, EVERYTHING } from './probing.ts';

/** What is answered at once, or undefined where it is left to a thread. */
function probeAtOnce(file: Uint8Array, wanted: Wanted = DEFAULTS, size = file.length) {
  const result = probe([{ offset: 0, data: file }], size, wanted, false);
  return result instanceof Promise ? undefined : result;
}

type Part = string | number | Uint8Array;

const segment = (marker: number, ...parts: Part[]) => {
  const payload = bytes(...parts);
  return bytes(0xff, marker, be(payload.length + 2, 2), payload);
};
const FRAME = segment(0xc0, 8, be(20, 2), be(40, 2), 1, 1, 0x11, 0);
const jpeg = (...parts: Part[]) => bytes(0xff, 0xd8, ...parts, FRAME, segment(0xda, 0));
const xmp = (inner: string) =>
  '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ' +
  `xmlns:a="http://ns.adobe.com/xap/1.0/">${inner}</rdf:Description></rdf:RDF>`;
const xmpSegment = (packet: string) => segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', packet);

/** EXIF whose directory has one text after another, all of the same bytes. */
function exifOfTexts(tags: readonly number[], length: number): Buffer {
  const data = 8 + 2 + 12 * tags.length + 4;
  const fields = tags.map((tag) => bytes(be(tag, 2), be(2, 2), be(length, 4), be(data, 4)));
  return segment(
    0xe1,
    'Exif\0\0MM\0*',
    be(8, 4),
    be(tags.length, 2),
    ...fields,
    be(0, 4),
    'x'.repeat(length),
  );
}
const TEXT_TAGS = [0x010e, 0x010f, 0x0110, 0x0131, 0x013b];

function png(...chunks: [type: string, data: Uint8Array][]): Buffer {
  const encoded = chunks.map(([type, data]) => {
    const named = bytes(type, data);
    return bytes(be(data.length, 4), named, be(crc32(named), 4));
  });
  return bytes('\x89PNG\r\n\x1a\n', ...encoded);
}
const IHDR = bytes(be(40, 4), be(20, 4), 8, 2, 0, 0, 0);
const packed = (packet: string) =>
  bytes('XML:com.adobe.xmp\0', 1, 0, '\0\0', deflateSync(Buffer.from(packet)));

const GIF = bytes('GIF89a', 40, 0, 20, 0, 0, 0, 0, 0x3b);
const WEBP = bytes(
  'RIFF',
  22,
  0,
  0,
  0,
  'WEBPVP8L',
  5,
  0,
  0,
  0,
  0x2f,
  39,
  0xc0,
  4,
  0,
  0,
  '\0\0\0\0',
);

describe('answers at once', () => {
  test.each([
    ['a JPEG', jpeg(exifOfTexts(TEXT_TAGS, 20), xmpSegment(xmp('<a:Rating>4</a:Rating>')))],
    ['a PNG', png(['IHDR', IHDR], ['IDAT', Buffer.alloc(9)], ['IEND', Buffer.alloc(0)])],
    ['a GIF', GIF],
    ['a WebP', WEBP],
  ])('%s', (_, file) => {
    expect(probeAtOnce(file)).toMatchObject({ width: 40, height: 20 });
    expect(probeAtOnce(file, EVERYTHING)).toMatchObject({ width: 40, height: 20, pagesNumber: 1 });
  });

  test('what is needed, and what fails', () => {
    const behind = jpeg(segment(0xe5, Buffer.alloc(60_000)));
    expect(probeAtOnce(behind.subarray(0, 1000), DEFAULTS, behind.length)).toHaveProperty('need');
    expect(probeAtOnce(bytes(0xff, 0xd8, 0xff, 0xd9))).toHaveProperty('failure');
  });
});

describe('leaves to a thread', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => `<a:p${i}>1</a:p${i}>`).join('');
  test.each([
    ['more than 128 KiB', bytes(jpeg(), Buffer.alloc(128 * 1024))],
    ['XMP of more than 32 KiB', jpeg(xmpSegment(xmp(many(2400))))],
    ['EXIF whose texts make more than 16 KiB', jpeg(exifOfTexts(TEXT_TAGS, 4000))],
    ['text that must be inflated', png(['IHDR', IHDR], ['iTXt', packed(xmp('<a:b>1</a:b>'))])],
    ['TIFF', bytes('II*\0', 8, 0, 0, 0, 0, 0)],
    ['video', box('ftyp', 'isom', be(0, 4), 'isom')],
    ['what is no file of any kind', Buffer.from('no image, and no video')],
  ])('%s', async (_, file) => {
    expect(probeAtOnce(file)).toBeUndefined();
    const answer = await probe([{ offset: 0, data: file }], file.length, DEFAULTS, false);
    expect(answer).toEqual(probeSync([{ offset: 0, data: file }], file.length, DEFAULTS, false));
  });
});

test('counts the first of several properties of one name, where there are hundreds', () => {
  const packet = Array.from({ length: 900 }, (_, i) => `<a:p${i % 300}>${i}</a:p${i % 300}>`);
  const info = probeAtOnce(jpeg(xmpSegment(xmp(packet.join('')))));
  const { xmp: group } = JSON.parse((info as { xmp: string }).xmp);
  expect(Object.keys(group)).toHaveLength(300);
  expect(group).toMatchObject({ p0: '0', p31: '31', p32: '32', p33: '33', p299: '299' });
});

describe.skipIf(!hasCorpus)('over the corpus', () => {
  test('most headers of JPEG, PNG, GIF and WebP are answered at once, as a thread answers', () => {
    const files = entries.filter(({ path }) => /^(jpeg|png|gif|webp)\//.test(path));
    expect(files.length).toBeGreaterThan(100);
    let atOnce = 0;
    for (const { path } of files) {
      const file = readFileSync(CORPUS + path);
      const first = file.subarray(0, 65_536);
      const answer = probeAtOnce(first, DEFAULTS, file.length);
      if (!answer) continue;
      atOnce++;
      const full = probeSync([{ offset: 0, data: first }], file.length, DEFAULTS, false);
      expect(answer, path).toEqual(full);
    }
    expect(atOnce / files.length).toBeGreaterThan(0.9);
  });
});
