import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { probeSync } from '../../../src/native.ts';
import { cpuTimeOf } from '../../cpu-time.ts';
import { DEFAULTS, DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';

const NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"';

/** An SVG whose root element has `attributes`, and something in it. */
const svg = (attributes: string) =>
  Buffer.from(`<svg ${NAMESPACE} ${attributes}><rect width="3" height="3"/></svg>`);

const sizeOf = (file: Uint8Array) => {
  const { width, height } = probeWhole(file, DIMENSIONS);
  return [width, height];
};

test('answers as libvips renders it', () => {
  expect(expectSameInAnyRounds(svg('width="5" height="3"'))).toEqual({
    format: 'svg',
    mimeType: 'image/svg+xml',
    video: false,
    raw: false,
    width: 5,
    height: 3,
    orientation: 1,
    exif: '{}',
    colorspace: 'srgb',
    bands: 4,
    sampleFormat: 'uchar',
    pagesNumber: 1,
  });
});

test.each([
  ['width="5px" height="3PX"', 5, 3],
  ['width="1in" height="72pt"', 96, 96],
  ['width="6pc" height="2.54cm"', 96, 96],
  ['width="25.4mm" height="101.6Q"', 96, 96],
  ['width="2em" height="4ex"', 32, 32],
  ['width="1.28e2" height="+.5e2"', 128, 50],
  ['width=" 10 " height="20.5"', 10, 21],
  ["width='10' height='20.4'", 10, 20],
  ['width = "10"\n height\t=\n"20"', 10, 20],
  ['style="width: 33px; HEIGHT:44px" width="1" height="2"', 33, 44],
  ['style="width:auto;height:" width="1" height="2"', 1, 2],
])('takes the size from %s', (attributes, width, height) => {
  expect(sizeOf(svg(attributes))).toEqual([width, height]);
});

test.each([
  ['', 100, 80],
  ['width="100%" height="100%"', 100, 80],
  ['width="50%" height="40"', 50, 40],
  ['width="50"', 50, 40],
  ['height="160"', 200, 160],
  ['width="auto" height="160"', 200, 160],
  ['width="-3" height="160"', 200, 160],
  ['width="10;" height="160 px"', 100, 80],
  ['width="10vw" height="inf"', 100, 80],
])('takes what %j lacks from the viewBox', (attributes, width, height) => {
  for (const viewBox of ['0 0 100 80', '-5,-5,100,80', ' 0 , 0 1e2  80.0 ']) {
    expect(sizeOf(svg(`${attributes} viewBox="${viewBox}"`))).toEqual([width, height]);
  }
});

test.each([
  ['', 300, 150],
  ['width="50"', 50, 150],
  ['viewBox="0 0 0 80" height="40"', 300, 40],
  ['viewBox="0 0 10"', 300, 150],
])('takes what nothing determines in %j from the default size of CSS', (attributes, w, h) => {
  expect(sizeOf(svg(attributes))).toEqual([w, h]);
});

test.each([
  `<svg ${NAMESPACE} width="100"></svg>`,
  `<svg ${NAMESPACE} width="100"/>`,
  `<svg ${NAMESPACE} width="0" height="5" viewBox="0 0 5 5"/>`,
  `<svg ${NAMESPACE} width="1e300" height="5"/>`,
  `<svg ${NAMESPACE} width=100 height=100 />`,
  `<svg ${NAMESPACE} hidden width="100" height="100"/>`,
  `<svg ${NAMESPACE} width="100"height="100"/>`,
  `<svg ${NAMESPACE} width="100" height="100`,
  `<svg ${NAMESPACE} width="100" height="100"`,
])('refuses %s', (text) => {
  expect(() => probeWhole(Buffer.from(text))).toThrow(/^svg: /);
});

const ROOT = `<svg ${NAMESPACE} width="5" height="3"><g/></svg>`;

test.each([
  ['an XML declaration', `<?xml version="1.0"?>\n${ROOT}`],
  ['white space', ` \r\n\t${ROOT}`],
  ['comments with an svg in them', `<!-- <svg width="9" height="9"> -->${ROOT}`],
  ['processing instructions', `<?xml-stylesheet href="file:///etc/passwd" ?>${ROOT}`],
  ['a doctype', `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://a/[b">${ROOT}`],
  [
    'an internal subset',
    `<!DOCTYPE svg [ <!ENTITY a "]><svg>"> <!-- it's ]> --> <?p ]> ?> <!ELEMENT b ANY> ] >${ROOT}`,
  ],
  ['a prefix', '<s:svg xmlns:s="http://www.w3.org/2000/svg" width="5" height="3"/>'],
  ['no namespace', '<svg width="5" height="3"/>'],
  ['a byte-order mark', `\ufeff${ROOT}`],
  ['much before the root element', `<!--${'x'.repeat(500_000)}-->${ROOT}`],
])('knows an SVG with %s', (_, text) => {
  expect(probeWhole(Buffer.from(text), DIMENSIONS)).toMatchObject({
    format: 'svg',
    width: 5,
    height: 3,
  });
});

test.each([
  ['UTF-16 with a mark', Buffer.from(`\ufeff<?xml version="1.0"?>${ROOT}`, 'utf16le')],
  ['UTF-16 without a mark', Buffer.from(`<?xml version="1.0"?>${ROOT}`, 'utf16le')],
  ['UTF-16, big-endian', Buffer.from(`\ufeff${ROOT}`, 'utf16le').swap16()],
  [
    'Latin-1',
    Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?><!-- \xe9 -->${ROOT}`, 'latin1'),
  ],
])('reads %s', (_, file) => {
  expect(expectSameInAnyRounds(file)).toMatchObject({ format: 'svg', width: 5, height: 3 });
});

test.each([
  '<html><body><svg width="5" height="3"/></body></html>',
  `<!DOCTYPE html><html>${ROOT}</html>`,
  `<!doctype html>${ROOT}`,
  `<rss>${ROOT}</rss>`,
  `svg ${ROOT}`,
  '<svgx width="5" height="3"/>',
  '<SVG width="5" height="3"/>',
  '<!-- svg -->',
  '<',
  `<${'x'.repeat(2000)}`,
])('takes %s for no SVG', (text) => {
  expect(() => probeWhole(Buffer.from(text))).toThrow(/^(?!svg)/);
});

describe('compressed', () => {
  test('reads SVGZ', () => {
    const file = gzipSync(ROOT);
    expect(expectSameInAnyRounds(file)).toMatchObject({ format: 'svg', width: 5, height: 3 });
  });

  test('needs the beginning only', () => {
    const path = randomBytes(200_000).toString('hex');
    const file = gzipSync(`${ROOT.slice(0, -6)}<path d="${path}"/></svg>`);
    const { rounds, bytes } = probeInRounds(file, DIMENSIONS, 4096);
    expect(rounds).toBe(1);
    expect(bytes).toBe(4096);
  });

  test('reads what is left of a file that is cut', () => {
    const file = gzipSync(`${ROOT}<!--${randomBytes(5000).toString('hex')}-->`);
    expect(sizeOf(file.subarray(0, file.length / 2))).toEqual([5, 3]);
    expect(() => probeWhole(gzipSync(ROOT).subarray(0, 40))).toThrow();
  });

  test('unpacks little of what is no SVG', () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000, ' '));
    expect(cpuTimeOf(() => expect(() => probeWhole(bomb)).toThrow())).toBeLessThan(1000);
    const other = gzipSync(Buffer.alloc(10_000_000, 'data '), { level: 0 });
    expect(
      probeSync([{ offset: 0, data: other.subarray(0, 4096) }], other.length, DEFAULTS, true),
    ).toHaveProperty('failure');
  });
});

test('fetches nothing for its size beyond the start tag', () => {
  const file = Buffer.concat([
    svg('width="5" height="3"').subarray(0, -6),
    Buffer.alloc(5_000_000, '<g/>'),
  ]);
  expect(probeInRounds(file, DIMENSIONS, 1024)).toMatchObject({ rounds: 1, bytes: 1024 });
});

test('looks for XMP no further than its limit', () => {
  const file = Buffer.concat([
    svg('width="5" height="3"').subarray(0, -6),
    Buffer.alloc(5_000_000, '<g/>'),
  ]);
  const { rounds, bytes } = probeInRounds(file, DEFAULTS);
  expect(rounds).toBe(2);
  expect(bytes).toBeLessThanOrEqual(256 * 1024);
});

describe('XMP', () => {
  const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
  const DC = 'http://purl.org/dc/elements/1.1/';
  const TITLE = '<rdf:Description dc:format="image/svg+xml"/>';
  const XMP = { dc: { format: 'image/svg+xml' } };
  const declared = `<rdf:RDF xmlns:rdf="${RDF}" xmlns:dc='${DC}'>${TITLE}</rdf:RDF>`;

  const documentWith = (metadata: string, attributes = '') =>
    `<svg ${NAMESPACE} width="5" height="3" ${attributes}>${metadata}<g/></svg>`;

  const xmpOf = (file: Uint8Array) => JSON.parse(probeWhole(file).xmp ?? 'null');

  test.each([
    ['an rdf:RDF element', documentWith(`<metadata>${declared}</metadata>`)],
    [
      'a packet',
      documentWith(
        `<metadata><?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta
        xmlns:x="adobe:ns:meta/">${declared}</x:xmpmeta><?xpacket end="w"?></metadata>`,
      ),
    ],
    [
      'namespaces that the root element declares',
      documentWith(
        `<metadata><rdf:RDF>${TITLE}</rdf:RDF></metadata>`,
        `xmlns:rdf="${RDF}" xmlns:dc="${DC}"`,
      ),
    ],
    [
      'namespaces that the metadata element declares, before those of the root',
      documentWith(
        `<metadata xmlns:rdf='${RDF}' xmlns:dc="${DC}"><rdf:RDF>${TITLE}</rdf:RDF></metadata>`,
        'xmlns:dc="http://elsewhere/"',
      ),
    ],
    [
      'comments and character data with RDF in them before it',
      documentWith(
        `<!--<rdf:RDF></rdf:RDF>--><style><![CDATA[<rdf:RDF></rdf:RDF>]]></style>${declared}`,
      ),
    ],
    ['much before it', documentWith(`<g>${'<a/>'.repeat(25_000)}</g>${declared}`)],
    ['a long packet', documentWith(declared.replace('</rdf', `${' '.repeat(500_000)}</rdf`))],
  ])('is read from %s', (_, text) => {
    expect(xmpOf(Buffer.from(text))).toEqual(XMP);
    expect(xmpOf(gzipSync(text))).toEqual(XMP);
    expect(xmpOf(Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual(XMP);
    expectSameInAnyRounds(Buffer.from(text), DEFAULTS);
  });

  test('is converted from Latin-1', () => {
    const text = documentWith(declared.replace('image/svg+xml', 'Jos\xe9'));
    const file = Buffer.from(`<?xml version="1.0" encoding="iso-8859-1"?>${text}`, 'latin1');
    expect(xmpOf(file)).toEqual({ dc: { format: 'Jos\xe9' } });
  });

  test('is left out where it does not end, and where it is not wanted', () => {
    expect(xmpOf(Buffer.from(documentWith(declared).replace('</rdf:RDF>', '')))).toBeNull();
    expect(probeWhole(Buffer.from(documentWith(declared)), DIMENSIONS)).not.toHaveProperty('xmp');
  });
});

test('follows no reference: no entity, DTD, style sheet, or link', async () => {
  let requests = 0;
  const canary = createServer((_, response) => {
    requests++;
    response.end();
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/`;
  const file = Buffer.from(
    `<?xml version="1.0"?><?xml-stylesheet href="${url}a"?>
<!DOCTYPE svg SYSTEM "${url}b" [
  <!ENTITY % remote SYSTEM "${url}c"> %remote;
  <!ENTITY passwd SYSTEM "file:///etc/passwd">
  <!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;"><!ENTITY lol3 "&lol2;&lol2;&lol2;">
]>
<svg ${NAMESPACE} xmlns:xlink="http://www.w3.org/1999/xlink" width="5" height="3" desc="&passwd;">
  <image xlink:href="${url}d"/><use href="file:///etc/passwd#a"/>
  <metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description rdf:about="" dc:format="&passwd;"/>
  </rdf:RDF></metadata>
</svg>`,
  );
  const info = probeWhole(file, EVERYTHING);
  await new Promise((resolve) => setTimeout(resolve, 100));
  canary.close();
  expect(info).toMatchObject({ format: 'svg', width: 5, height: 3 });
  expect(JSON.stringify(info)).not.toContain('root:');
  expect(requests).toBe(0);
});

test('survives damage', () => {
  const text = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><!-- c -->${ROOT}`;
  expectBoundedUnderDamage(Buffer.from(text));
  expectBoundedUnderDamage(Buffer.from(text, 'utf16le'));
  expectBoundedUnderDamage(gzipSync(text));
});

const corpus = '../shared/corpus';

describe.skipIf(!existsSync(corpus))('in the corpus', () => {
  test.each([
    ['svg/image-size__exponent-width-height.svg', 123, 456],
    ['svg/image-size__percentage.svg', 123, 456],
    ['svg/image-size__units-inches.svg', 123, 456],
    ['svg/image-size__viewbox-height.svg', 123, 456],
    ['svg/image-size__viewbox-width-height-brackets.svg', 123, 456],
    ['svg/image-size__viewbox-width-height.svg', 123, 456],
    ['svg/image-size__width-height.svg', 123, 456],
    ['svg/imgproxy__test1.svg', 200, 100],
    ['svg/libvips__logo.svg', 736, 552],
    ['svg/libvips__logo.svgz', 736, 552],
    ['svg/sharp__circle.svg', 8, 8],
    ['svg/sharp__struct-image-04-t.svg', 480, 360],
  ])('reads %s', (path, width, height) => {
    const file = readFileSync(`${corpus}/${path}`);
    expect(expectSameInAnyRounds(file)).toMatchObject({ format: 'svg', width, height });
  });

  test.each([
    'image-size__invalid-broken-quotes.svg',
    'image-size__invalid-malformed.svg',
    'image-size__invalid-no-quotes.svg',
    'image-size__invalid-width.svg',
    'libvips__truncated.svgz',
  ])('refuses %s', (name) => {
    expect(() => probeWhole(readFileSync(`${corpus}/broken/${name}`))).toThrow();
  });
});
