import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { canDecode, probeSync } from '../../../src/native.ts';
import { CORPUS, entries, hasCorpus } from '../../corpus.ts';
import { EVERYTHING } from '../probing.ts';
import { ask } from './analyzing.ts';
import type { Color } from './describing.ts';
import {
  makeGif,
  makeGreyJpeg,
  makePng,
  makeSwappedProfile,
  pngChunk,
  profileChunk,
} from './pictures.ts';

const RED: Color = [200, 10, 20, 255];
const red = () => RED;
const rgba = ([R, G, B, A]: Color) => ({ R, G, B, A });
const svg = (content: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">${content}</svg>`);
const RED_RECT = '<rect width="40" height="20" fill="#c80a14"/>';

/** Averages differ by rounding alone, of what is scaled and converted. */
function expectNear(answer: Record<string, unknown>, expected: Color, by = 2): void {
  const { R, G, B, A } = answer['average'] as Record<string, number>;
  [R, G, B, A].forEach((value, index) => {
    expect(Math.abs(value! - expected[index]!), JSON.stringify(answer)).toBeLessThanOrEqual(by);
  });
}

describe('a picture of one colour', () => {
  it('has it as average and palette, and is opaque', async () => {
    const asked = { average: true, palette: 8, checkTransparency: true };
    expect(await ask(makePng(700, 30, red), 'png', asked)).toEqual({
      average: rgba(RED),
      palette: [rgba(RED)],
      transparency: false,
    });
  });

  it('has it in sRGB, by its own profile', async () => {
    const swapped = makePng(9, 9, red, profileChunk(makeSwappedProfile(512)));
    expectNear(await ask(swapped, 'png', { average: true }), [20, 10, 200, 255], 10);
  });

  it.each([
    ['jpeg', makeGreyJpeg(2000, 1000), [128, 128, 128, 255]],
    ['svg', svg(RED_RECT), RED],
    ['svg', gzipSync(svg(RED_RECT)), RED],
    ['gif', makeGif(6, 4, [false]), [255, 0, 0, 255]],
  ] as [string, Buffer, Color][])('is decoded from %s', async (format, file, color) => {
    expectNear(await ask(file, format, { average: true }), color);
  });
});

// A loader that leaves nothing of a side ends the process: libvips asserts that there is something.
it.each([
  ['jpeg', (width: number, height: number) => makeGreyJpeg(width, height)],
  ['png', (width: number, height: number) => makePng(width, height, red)],
  [
    'svg',
    (width: number, height: number) =>
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="9999" height="9999"/></svg>`,
      ),
  ],
])('the thinnest picture keeps both of its sides, shrunk from %s', async (format, make) => {
  for (const [width, height] of [
    [1, 9000],
    [9000, 1],
    [3, 9000],
    [7, 5001],
  ] as const) {
    const answer = await ask(make(width, height), format, { average: true, thumbHash: true });
    expect(answer['average']).toMatchObject({ A: 255 });
  }
});

describe('transparency', () => {
  const withPixel = (alpha: number) =>
    makePng(3000, 2000, (x, y): Color => (x === 2999 && y === 1999 ? [200, 10, 20, alpha] : RED));

  it('is found where one pixel of many is a little less than opaque', async () => {
    expect(await ask(withPixel(254), 'png', { checkTransparency: true })).toEqual({
      transparency: true,
    });
    expect(await ask(withPixel(255), 'png', { checkTransparency: true })).toEqual({
      transparency: false,
    });
  });

  it('of an animation is that of the frames that count, from the page on', async () => {
    const gif = makeGif(6, 4, [false, true, false]);
    const seen = async (page: number, maxAnimationFrames: number) =>
      (await ask(gif, 'gif', { checkTransparency: true, page, maxAnimationFrames })).transparency;
    expect(await seen(0, 1)).toBe(false);
    expect(await seen(0, 2)).toBe(true);
    expect(await seen(1, 1)).toBe(true);
    expect(await seen(2, 9)).toBe(false);
  });

  it('does not colour what is seen, where a picture is shrunk', async () => {
    const half = makePng(2000, 8, (x): Color => (x % 2 === 0 ? RED : [0, 255, 0, 0]));
    expectNear(await ask(half, 'png', { average: true }), [200, 10, 20, 128], 3);
  });
});

it('is upright: a picture and its turned twin have one hash', async () => {
  const paint = (x: number, y: number): Color => [x * 6, y * 12, (x * y) & 0xff, 255];
  const upright = await ask(makePng(40, 20, paint), 'png', { thumbHash: true });
  // EXIF's 6: the stored picture is to be turned clockwise, so that its first column is on top.
  const turned = makePng(20, 40, (x, y) => paint(y, 19 - x));
  expect(await ask(turned, 'png', { thumbHash: true })).not.toEqual(upright);
  const back = makePng(20, 40, (x, y) => paint(39 - y, x));
  expect(await ask(back, 'png', { thumbHash: true, orientation: 6 })).toEqual(upright);
});

it('finds the part that stands out', async () => {
  const paint = (x: number, y: number): Color =>
    x >= 300 && y >= 200 ? [255, (x * 37) & 0xff, (y * 91) & 0xff, 255] : [90, 90, 90, 255];
  const { smartCrop } = await ask(makePng(400, 300, paint), 'png', {
    smartCrop: { width: 0.25, height: 1 / 3 },
  });
  const { left, top } = smartCrop as { left: number; top: number };
  expect(left).toBeGreaterThan(0.6);
  expect(top).toBeGreaterThan(0.5);
});

describe('limits', () => {
  it.each([
    ['a picture over the resolution', 1, { maxSrcResolution: 23 }, /24 pixels to decode, over 23/],
    ['a picture within it', 1, { maxSrcResolution: 24 }, undefined],
    ['an animation of which one frame counts', 3, { maxSrcResolution: 24 }, undefined],
    [
      'an animation of which all count',
      3,
      { maxSrcResolution: 71, maxAnimationFrames: 9 },
      /72 pixels/,
    ],
    ['a frame further on than those that count', 3, { maxSrcResolution: 71, page: 2 }, /72 pixels/],
    [
      'an animation whose frames count one by one',
      3,
      { maxSrcResolution: 24, maxAnimationFrames: 9, maxAnimationFrameResolution: 24 },
      undefined,
    ],
    [
      'one of larger frames',
      3,
      { maxSrcResolution: 100, maxAnimationFrames: 9, maxAnimationFrameResolution: 23 },
      /24 pixels/,
    ],
  ])('%s', async (_, frames, asked, refusal) => {
    const gif = makeGif(6, 4, Array(frames).fill(false));
    const asking = ask(gif, 'gif', { average: true, checkTransparency: true, ...asked });
    if (refusal) await expect(asking).rejects.toThrow(refusal);
    else expect(await asking).toHaveProperty('average');
  });

  it('are kept by a drawing, which is drawn smaller', async () => {
    const large = (width: number) =>
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="${width}" height="30000">
         <rect width="9" height="9" fill="#c80a14"/></svg>`,
      );
    const asked = { average: true, checkTransparency: true };
    expect(await ask(large(30_000), 'svg', asked)).toEqual({
      average: rgba(RED),
      transparency: false,
    });
    const thin = ask(large(1), 'svg', { ...asked, maxSrcResolution: 100 });
    await expect(thin).rejects.toThrow('a side of no pixel');
  });

  it('end decoding when its time is up', async () => {
    const file = makePng(3000, 2000, red);
    await expect(ask(file, 'png', { average: true, time: 0 })).rejects.toThrow('killed');
    await expect(ask(file, 'png', { checkTransparency: true, time: 0 })).rejects.toThrow('killed');
  });

  it('hold the depth of an SVG, unless they are lifted', async () => {
    const deep = svg(`${'<g>'.repeat(300)}${RED_RECT}${'</g>'.repeat(300)}`);
    await expect(ask(deep, 'svg', { average: true })).rejects.toThrow('Excessive depth');
    expectNear(await ask(deep, 'svg', { average: true, svgUnlimited: true }), RED);
  });

  it('hold the length of a PNG’s chunks and the number of its texts, unless they are lifted', async () => {
    const text = (length: number) => pngChunk('tEXt', Buffer.alloc(length, 'a\0b'));
    const texts = Array.from({ length: 1001 }, () => text(3));
    const asking = (extra: Buffer[], pngUnlimited = false) =>
      ask(makePng(9, 9, red, ...extra), 'png', { average: true, pngUnlimited });
    await expect(asking(texts)).rejects.toThrow('texts');
    await expect(asking([text((60 << 20) + 1)])).rejects.toThrow('a chunk of');
    for (const extra of [texts, [text((60 << 20) + 1)]]) {
      expect(await asking(extra, true)).toEqual({ average: rgba(RED) });
    }
  });

  it('take no longer for an SVG that looks like many URLs or references', async () => {
    for (const text of ['data:', '&#', '<!ENTITY', '<!--']) {
      const long = svg(`<desc>${text.repeat(500_000)}</desc><g id="${text}"/>`);
      const began = performance.now();
      await ask(long, 'svg', { average: true }).catch(() => {});
      expect(performance.now() - began, text).toBeLessThan(20_000);
    }
  }, 120_000);

  it('hold what a packed SVG unpacks to, and a cut one ends', async () => {
    const bomb = gzipSync(svg(`<!--${' '.repeat(33 << 20)}-->`));
    await expect(ask(bomb, 'svg', { average: true })).rejects.toThrow('too much is packed');
    const cut = gzipSync(svg(RED_RECT)).subarray(0, -20);
    await expect(ask(cut, 'svg', { average: true })).rejects.toThrow('packing is broken');
  });
});

describe('an image in an SVG', () => {
  const image = (file: Uint8Array, type = 'image/png') =>
    `data:${type};base64,${Buffer.from(file).toString('base64')}`;
  const small = image(makePng(8, 8, red));
  const large = image(makePng(100, 100, red));
  const drawn = (content: string, head = '') => Buffer.concat([Buffer.from(head), svg(content)]);
  const of = (href: string) =>
    `<image width="40" height="20" preserveAspectRatio="none" href="${href}"/>`;
  const looked = (file: Buffer) => ask(file, 'svg', { average: true, maxSrcResolution: 5_000 });
  const font = `<style>@font-face { src: url(${image(Buffer.from('wOFFxxxxxxxx'), 'font/woff')}) }</style>`;

  it.each([
    ['is drawn', drawn(of(small))],
    ['is drawn beside words', drawn(`<!-- data: what is known, and more -->${of(small)}`)],
    ['is drawn beside a font', drawn(font + of(small))],
    ['is drawn beside text', drawn(`<text y="99">data: a, b; C:\\data</text>${of(small)}`)],
    [
      'is drawn beside what is not shown',
      drawn(`<desc>data:x</desc><metadata><![CDATA[<a b="data:c">]]></metadata>${of(small)}`),
    ],
    ['is drawn beside longer words', drawn(`<g id="Metadata:x" class="c-data:,d"/>${of(small)}`)],
    ['is drawn beside a path of Windows', drawn(`<g id="C:\\img\\da.png"/>${of(small)}`)],
    [
      'is drawn after its encoding',
      drawn(of(small), '<?xml version="1.0" encoding="ISO-8859-2"?>'),
    ],
    [
      'is drawn beside namespaces that are entities',
      drawn(of(small), '<!DOCTYPE svg [<!ENTITY ns "http://a.b/c">]>'),
    ],
  ])('%s', async (_, file) => {
    expectNear(await looked(file), RED);
  });

  const letters = (text: string) =>
    [...text].map((c) => `&#x${c.charCodeAt(0).toString(16)};`).join('');
  it.each([
    ['over the resolution', drawn(of(large))],
    ['over it all in all', drawn(of(small).repeat(100))],
    ['with its letters written as numbers', drawn(of(letters('data:') + large.slice(5)))],
    ['with line feeds that URLs pass over', drawn(of(`da&#10;t&#9;a:${large.slice(5)}`))],
    ['in capitals', drawn(of(`DATA:${large.slice(5)}`))],
    ['by another name', drawn(of(image(makePng(100, 100, red), 'font/woff')))],
    ['in an entity', drawn(of('&a;'), `<!DOCTYPE svg [<!ENTITY a "${large}">]>`)],
    ['in entities', drawn(of('&a;&b;'), '<!DOCTYPE svg [<!ENTITY a "da"><!ENTITY b "ta:x">]>')],
    ['in an SVG of its own', drawn(of(image(svg(of(large)), 'image/svg+xml')))],
    ['in an SVG that is not in Base64', drawn(of('data:image/svg+xml,%3Csvg/%3E'))],
    ['behind an escape of CSS', drawn('<style>* { fill: url(d\\61 ta:x) }</style>')],
    ['behind an escaped letter', drawn('<style>@import "da\\ta:x"</style>')],
    ['behind an escaped end of line', drawn('<style>@import "da\\\nta:x"</style>')],
    ['behind an escape as a number', drawn('<g style="fill: url(d&#92;61 ta:x)"/>')],
    ['in a style', drawn('<style>@import "data:x"</style>')],
    ['in a style around others', drawn('<style><style/><style></style>@import "data:x"</style>')],
    ['in a style with a prefix', drawn('<s:style xmlns:s="http://www.w3.org/2000/svg">"data:x')],
    ['in a style in parts', drawn('<style>@import "<!-- --><![CDATA[data:x"]]></style>')],
    ['behind a tag with signs', drawn(`<g id=">" class='"'/>${of(large)}`)],
    ['in an instruction', drawn('', '<?xml-stylesheet href="data:text/css,x"?>')],
    ['in a default', drawn('<image/>', '<!DOCTYPE svg [<!ATTLIST image href CDATA "data:x">]>')],
    ['of which nothing is known', drawn(of('data:image/png;base64,AAAA'))],
    [
      'behind a sign that ends words',
      drawn(`<style><![CDATA[@import "data:text/css;<,a"]]></style>`),
    ],
    ['behind such a sign as a number', drawn(of(`data:image/png;x=&#60;${large.slice(14)}`))],
    ['in another encoding', drawn(of(small), '<?xml version="1.0" encoding="IBM037"?>')],
    ['in a comment that is none', drawn(`<style><![CDATA[<!--]]></style>${of(large)}<!-- -->`)],
    ['in another that is none', drawn(`<?x <!-- ?>${of(large)}<!-- -->`)],
    ['in two bytes a letter', Buffer.from(svg(of(small)).toString(), 'utf16le')],
  ])('%s is refused', async (_, file) => {
    await expect(looked(file)).rejects.toThrow('svg: ');
  });
});

describe('what cannot be decoded', () => {
  it.each([
    'bmp',
    'pdf',
    'psd',
    'ico',
    'jp2',
    'ppm',
    'hdr',
    'vips',
    'dng',
    '',
  ])('is not: %s', async (format) => {
    expect(canDecode(format)).toBe(false);
    await expect(ask(Buffer.from('x'), format, { average: true })).rejects.toThrow('no decoder');
  });

  it('is a page that is not there, and a file that is another or none', async () => {
    const gif = makeGif(6, 4, [false]);
    await expect(ask(gif, 'gif', { average: true, page: 1 })).rejects.toThrow('page');
    await expect(ask(gif, 'gif', { average: true, page: 0xffffffff })).rejects.toThrow('page');
    await expect(ask(gif, 'webp', { average: true })).rejects.toThrow('decoder');
    await expect(ask(new Uint8Array(), 'jpeg', { average: true })).rejects.toThrow('decoder');
  });
});

describe.skipIf(!hasCorpus)('the corpus', () => {
  const ALL = {
    average: true,
    palette: 5,
    thumbHash: true,
    perceptualHash: true,
    dominantColors: true,
    blurhashX: 4,
    blurhashY: 3,
    checkTransparency: true,
  };

  it('is decoded by its profile where its samples are of floating point', async () => {
    const read = (name: string) => readFileSync(`${CORPUS}jxl/synth__${name}.jxl`);
    const { average } = await ask(read('float'), 'jxl', { average: true });
    const seen = Object.values(average as object).reduce((sum, value) => sum + value);
    expect(seen).toBeGreaterThan(300);
  });

  it('is decoded by a profile that has a table for perceptual rendering alone', async () => {
    const read = (name: string) => readFileSync(`${CORPUS}jpeg/libvips__${name}.jpg`);
    const asked = { average: true };
    expectNear(await ask(read('sample'), 'jpeg', asked), [125, 118, 109, 255]);
    expectNear(await ask(read('sample-xyb'), 'jpeg', asked), [126, 117, 108, 255]);
  });

  it('is decoded from its primary image where the first is another', async () => {
    const file = readFileSync(`${CORPUS}avif/sharp__pitm.avif`);
    expectNear(await ask(file, 'avif', { average: true }), [30, 38, 53, 255]);
  });

  it('is decoded, but for files that are broken or of a kind that no decoder takes', async () => {
    const refused: string[] = [];
    let decoded = 0;
    for (const { path } of entries) {
      const file = readFileSync(CORPUS + path);
      const info = probeSync([{ offset: 0, data: file }], file.length, EVERYTHING, false);
      if ('failure' in info || 'need' in info || !canDecode(info.format)) continue;
      if (path.startsWith('broken/') || info.width * info.height > 20_000_000) continue;
      await ask(file, info.format, { ...ALL, orientation: info.orientation }).then(
        (answer) => {
          decoded++;
          expect(Object.keys(answer), path).toHaveLength(7);
        },
        (error: Error) => refused.push(`${path}: ${error.message}`),
      );
    }
    expect(refused.map((line) => line.split(':')[0])).toEqual(REFUSED);
    expect(decoded).toBeGreaterThan(150);
  }, 600_000);
});

/** What libvips' loaders do not take: lossless JPEG, subsampled TIFFs, a damaged PNG, an SVG with more after its end,
 * one with a document in a URL, and one with an attribute whose words look like a URL. */
const REFUSED: string[] = [
  'jpeg/sharp__testimgl.jpg',
  'png/image-size__sample_fried.png',
  'svg/image-size__viewbox-width-height-brackets.svg',
  'svg/imgproxy__test1.svg',
  'svg/sharp__struct-image-04-t.svg',
  'tiff/libvips__ojpeg-strip.tif',
  'tiff/libvips__ojpeg-tile.tif',
  'tiff/libvips__subsampled.tif',
];
