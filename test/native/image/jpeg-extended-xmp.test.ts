import { expect, test } from 'vitest';
import { probeWhole } from '../probing.ts';

const GUID = '04B9E48040A30A6308713BD1E4223B41';
const OTHER = '14B9E48040A30A6308713BD1E4223B41';
const FRAME = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 20, 0, 40, 1, 1, 0x11, 0, 0xff, 0xd9]);

function packet(namespace: string, property: string): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
    xmlns:${namespace}">${property}</rdf:Description></rdf:RDF></x:xmpmeta>`;
}

function app1(...contents: (string | Uint8Array)[]): Buffer {
  const body = Buffer.concat(contents.map((part) => Buffer.from(part as string, 'latin1')));
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

const main = app1(
  'http://ns.adobe.com/xap/1.0/\0',
  packet(
    'xmpNote="http://ns.adobe.com/xmp/note/',
    `<xmpNote:HasExtendedXMP>${GUID}</xmpNote:HasExtendedXMP>`,
  ),
);

/** The extended packet from `start` to `end`. */
function portion(guid: string, author: string, start: number, end?: number): Buffer {
  const whole = packet('pdf="http://ns.adobe.com/pdf/1.3/', `<pdf:Author>${author}</pdf:Author>`);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(whole.length, 0);
  lengths.writeUInt32BE(start, 4);
  return app1('http://ns.adobe.com/xmp/extension/\0', guid, lengths, whole.slice(start, end));
}

const authorOf = (...segments: Buffer[]) => {
  const file = Buffer.concat([Buffer.from([0xff, 0xd8]), ...segments, FRAME]);
  return JSON.parse(probeWhole(file).xmp ?? '{}').pdf?.Author;
};

test('joins extended XMP in whatever order its portions and the main packet stand', () => {
  const first = portion(GUID, 'Ann', 0, 100);
  const second = portion(GUID, 'Ann', 100);
  expect(authorOf(main, first, second)).toBe('Ann');
  expect(authorOf(main, second, first)).toBe('Ann');
  expect(authorOf(second, main, first)).toBe('Ann');
  expect(authorOf(second, first, main)).toBe('Ann');
});

test('leaves extended XMP out that is another packet’s, or not whole', () => {
  const [first, second] = [portion(GUID, 'Ann', 0, 100), portion(GUID, 'Ann', 100)];
  expect(authorOf(main, portion(OTHER, 'Bob', 0))).toBeUndefined();
  expect(authorOf(portion(OTHER, 'Bob', 0), main)).toBeUndefined();
  expect(authorOf(portion(OTHER, 'Bob', 0), main, first, second)).toBe('Ann');
  expect(authorOf(first, main)).toBeUndefined();
  expect(authorOf(first, second)).toBeUndefined();
});
