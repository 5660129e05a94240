import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Color } from '../native/pixels/describing.ts';
import { makeGif, makeGreyJpeg, makePng, pngChunk } from '../native/pixels/pictures.ts';
import { makeDng } from '../native/pixels/raws.ts';
import { Origin, serve as serveRanges, serveWhole } from '../source/origin.ts';
import { type Running, startServer } from './running.ts';

const RED: Color = [200, 10, 20, 255];
/** Of noise, so that it is larger than the first range. */
const NOISE = makePng(200, 200, (x, y) => [(x * 7919 * y) % 251, (x * x * 31 + y) % 241, y, 255]);
const GIF = makeGif(6, 4, [false, true]);
const BMP = Buffer.concat([
  Buffer.from(
    '424d3a0000000000000036000000280000000100000001000000010018000000000004000000',
    'hex',
  ),
  Buffer.alloc(20),
]);

let origin: Origin;
let server: Running | undefined;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'imgpeek-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  origin = await Origin.start();
  origin
    .on('/noise', serveRanges(NOISE, { ETag: '"1"' }))
    .on('/whole', serveWhole(NOISE))
    .on('/gif', serveRanges(GIF))
    .on('/grey', serveRanges(makeGreyJpeg(1500, 1000)))
    .on('/bmp', serveRanges(BMP));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await origin.close();
});

/** Starts imgpeek, and gives what asks it: the status, and the answer or the text. */
async function serve(env: Record<string, string> = {}) {
  const running = await startServer(env);
  server = running;
  return async (options: string, path: string) => {
    const source = path.startsWith('/') ? origin.url(path) : path;
    const response = await fetch(`${running.url}/info/_/${options}/plain/${source}`);
    const text = await response.text();
    return { status: response.status, answer: response.ok ? JSON.parse(text) : text };
  };
}

const INVALID = { status: 422, answer: 'Invalid source image' };

describe('options of pixels', () => {
  it('are answered, and fetch the rest of the file in one request', async () => {
    const ask = await serve();
    const options = 'a:1:1/c:50:0.5:sm/p:3/avg:1/dc:1:1/bh:4:3/th:1/ph:1';
    const { status, answer } = await ask(options, '/noise');
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      alpha: true,
      transparency: false,
      crop: { width: 0.25, height: 0.5 },
      palette: [{ A: 255 }, { A: 255 }, { A: 255 }],
      average: { R: expect.any(Number), A: 255 },
      dominant_colors: { vibrant: { R: expect.any(Number) } },
      blurhash: expect.stringMatching(/^.{28}$/),
      thumb_hash: expect.stringMatching(/^[0-9A-F]+$/),
      perceptual_hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(origin.seen.map(({ headers }) => headers.range)).toEqual([
      'bytes=0-65535',
      expect.stringMatching(/^bytes=\d+-$/),
    ]);
    expect((await ask(options, '/whole')).answer).toEqual(answer);
    expect(origin.seen).toHaveLength(3);
  });

  it('that the header answers fetch nothing more', async () => {
    const ask = await serve();
    const asked = await ask('a:1:1/c:0.5:100:soea', '/grey');
    expect(asked.answer).toMatchObject({
      alpha: false,
      transparency: false,
      crop: { left: 0.5, top: 0.9, width: 0.5, height: 0.1 },
    });
    expect((await ask('c:0.5:0.5:soea', '/noise')).answer.crop).toMatchObject({ left: 0.5 });
    expect(origin.seen).toHaveLength(2);
  });

  it('are absent where a format is not decoded, of which the log has a word', async () => {
    const ask = await serve();
    const { status, answer } = await ask('avg:1/th:1/c:0.5:0.5:sm', '/bmp');
    expect(status).toBe(200);
    expect(Object.keys(answer)).not.toEqual(expect.arrayContaining(['average']));
    expect(answer).toMatchObject({ format: 'bmp', width: 1 });
    expect(answer.crop).toBeUndefined();
    await vi.waitFor(() => expect(server?.output()).toContain('"undecoded":"bmp"'));
  });

  it.runIf(process.platform === 'linux')(
    'stand back behind headers for the processors',
    async () => {
      const ask = await serve();
      const niceness = () => {
        const tasks = `/proc/${server?.serving()[0]}/task`;
        // proc(5): the 19th field, of which the second is in brackets.
        const of = (task: string) =>
          readFileSync(`${tasks}/${task}/stat`, 'utf8').split(') ')[1]!.split(' ')[16];
        return readdirSync(tasks).map(of);
      };
      await ask('f:1', '/noise');
      expect(new Set(niceness())).toEqual(new Set(['0']));
      await ask('avg:1', '/noise');
      expect(niceness().filter((value) => value === '10').length).toBeGreaterThanOrEqual(2);
      expect(niceness()).toContain('0');
    },
  );

  it('are of a drawing of any size', async () => {
    const ask = await serve();
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="90000" height="90000"/>';
    origin.on('/drawing', serveRanges(Buffer.from(svg)));
    expect((await ask('avg:1/a:1:1', '/drawing')).answer).toMatchObject({
      average: { R: 0, G: 0, B: 0, A: 0 },
      transparency: true,
    });
  });

  it('look at the page that is asked for', async () => {
    const ask = await serve();
    expect((await ask('a:1:1/pg:1', '/gif')).answer).toMatchObject({ transparency: true });
    expect((await ask('a:1:1/pg:0', '/gif')).answer).toMatchObject({ transparency: false });
    expect(await ask('a:1:1/pg:2', '/gif')).toEqual(INVALID);
  });

  it('wait for no origin that is slow and tells no size', async () => {
    const ask = await serve({ IMGPROXY_DOWNLOAD_TIMEOUT: '4' });
    const trickle = { bytes: 70_000, ms: 5_000 };
    origin.on('/slow', () => ({
      status: 200,
      headers: { Connection: 'close' },
      body: NOISE,
      trickle,
    }));
    const asking = Array.from({ length: 4 }, (_, i) =>
      ask('avg:1/exif:0/iptc:0/xmp:0', `/slow%3F${i}`),
    );
    await vi.waitFor(() => expect(origin.seen).toHaveLength(4));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = performance.now();
    expect((await ask('avg:1', '/noise')).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect((await Promise.all(asking)).map(({ status }) => status)).toEqual([504, 504, 504, 504]);
  });

  it('are 422 for a file whose pixels are broken, or too long to hold', async () => {
    origin.on('/broken', serveRanges(Buffer.from(NOISE).fill(0x55, 40, 60)));
    const file = join(folder, 'long.png');
    writeFileSync(
      file,
      makePng(4, 4, () => RED),
    );
    truncateSync(file, 130 * 1024 * 1024);
    const ask = await serve({ IMGPROXY_LOCAL_FILESYSTEM_ROOT: folder });
    expect(await ask('avg:1', '/broken')).toEqual(INVALID);
    expect(await ask('avg:1', 'local:///long.png')).toEqual(INVALID);
    expect((await ask('b:1', 'local:///long.png')).status).toBe(200);
  });
});

describe('IMGPROXY_MAX_SRC_RESOLUTION', () => {
  it('bounds what is decoded, before it is fetched', async () => {
    const ask = await serve({ IMGPROXY_MAX_SRC_RESOLUTION: '0.039' });
    expect(await ask('th:1', '/noise')).toEqual(INVALID);
    expect(origin.seen).toHaveLength(1);
    expect((await ask('c:0.5:0.5', '/noise')).status).toBe(200);
  });

  it('is what max_src_resolution redefines, where IMGPROXY_ALLOW_SECURITY_OPTIONS lets it', async () => {
    const ask = await serve({
      IMGPROXY_MAX_SRC_RESOLUTION: '0.039',
      IMGPROXY_ALLOW_SECURITY_OPTIONS: 'true',
    });
    expect((await ask('th:1/msr:0.04', '/noise')).status).toBe(200);
  });
});

describe('an animation of two frames of 24 pixels, the second with a transparent one', () => {
  const LIMIT = { IMGPROXY_MAX_SRC_RESOLUTION: '0.000047' };
  it.each<[string, Record<string, string>, number, boolean | undefined]>([
    ['IMGPROXY_MAX_ANIMATION_FRAMES: 1, one is looked at and counts', LIMIT, 200, false],
    [
      'IMGPROXY_MAX_ANIMATION_FRAMES: 2, both are looked at',
      { IMGPROXY_MAX_ANIMATION_FRAMES: '2' },
      200,
      true,
    ],
    [
      'IMGPROXY_MAX_ANIMATION_FRAMES: 2, both count',
      { ...LIMIT, IMGPROXY_MAX_ANIMATION_FRAMES: '2' },
      422,
      undefined,
    ],
    [
      'IMGPROXY_MAX_ANIMATION_FRAME_RESOLUTION: each counts by itself',
      {
        ...LIMIT,
        IMGPROXY_MAX_ANIMATION_FRAMES: '2',
        IMGPROXY_MAX_ANIMATION_FRAME_RESOLUTION: '0.000024',
      },
      200,
      true,
    ],
    [
      'IMGPROXY_MAX_ANIMATION_FRAME_RESOLUTION: each is over it',
      { IMGPROXY_MAX_ANIMATION_FRAMES: '2', IMGPROXY_MAX_ANIMATION_FRAME_RESOLUTION: '0.000023' },
      422,
      undefined,
    ],
  ])('%s', async (_, env, status, transparency) => {
    const ask = await serve(env);
    const asked = await ask('a:1:1/avg:1', '/gif');
    expect([asked.status, asked.answer.transparency]).toEqual([status, transparency]);
  });
});

describe('of a camera RAW, pixels', () => {
  const OPTIONS = 'a:1:1/c:0.5:0.5:sm/p:2/avg:1/dc:1:1/bh:4:3/th:1/ph:1';
  const PIXELS = [
    'transparency',
    'crop',
    'palette',
    'average',
    'dominant_colors',
    'blurhash',
    'thumb_hash',
    'perceptual_hash',
  ];
  const raw = makeDng(400, 300, (x, y) => (y < 60 ? [1, 1, 1] : [0.5, x / 400, 0.05]), {
    orientation: 6,
  });
  beforeEach(() => void origin.on('/raw', serveRanges(raw)));

  it('are not told by default, of which the log has a word; what its header tells is', async () => {
    const ask = await serve();
    const { status, answer } = await ask(OPTIONS, '/raw');
    expect(status).toBe(200);
    expect(answer).toMatchObject({ format: 'dng', width: 300, height: 400, orientation: 6 });
    expect(Object.keys(answer).filter((name) => PIXELS.includes(name))).toEqual(['transparency']);
    await vi.waitFor(() => expect(server?.output()).toContain('"undecoded":"dng"'));
  });

  it('are told with IMGPROXY_ENABLE_RAW_FORMATS, within IMGPROXY_MAX_SRC_RESOLUTION', async () => {
    const ask = await serve({
      IMGPROXY_ENABLE_RAW_FORMATS: 'true',
      IMGPROXY_MAX_SRC_RESOLUTION: '0.12',
    });
    const { status, answer } = await ask(OPTIONS, '/raw');
    expect(status).toBe(200);
    expect(Object.keys(answer)).toEqual(expect.arrayContaining(PIXELS));
    expect(answer).toMatchObject({ width: 300, height: 400, orientation: 6, alpha: false });
    expect(answer.average.R).toBeGreaterThan(answer.average.G);
    expect(answer.average.G).toBeGreaterThan(answer.average.B);
    expect(server?.output()).not.toContain('undecoded');
    origin.on('/larger', serveRanges(makeDng(400, 301, () => [1, 1, 1])));
    expect(await ask(OPTIONS, '/larger')).toEqual(INVALID);
    origin.on('/broken', serveRanges(raw.subarray(0, raw.length - 400)));
    expect(await ask(OPTIONS, '/broken')).toEqual(INVALID);
  });
});

it.each([
  ['false', 422],
  ['true', 200],
])('IMGPROXY_PNG_UNLIMITED: %s, a PNG with 1,001 texts is %i', async (unlimited, status) => {
  const text = pngChunk('tEXt', Buffer.from('a\0b'));
  const texts = Array.from({ length: 1001 }, () => text);
  origin.on('/texts', serveRanges(makePng(9, 9, () => RED, ...texts)));
  origin.on('/fewer', serveRanges(makePng(9, 9, () => RED, ...texts.slice(1))));
  const ask = await serve({ IMGPROXY_PNG_UNLIMITED: unlimited });
  expect((await ask('avg:1', '/texts')).status).toBe(status);
  expect((await ask('avg:1', '/fewer')).status).toBe(200);
  expect((await ask('alpha:1', '/texts')).status).toBe(200);
});

it.each([
  ['false', 422],
  ['true', 200],
])('IMGPROXY_SVG_UNLIMITED: %s, an SVG of 300 levels is %i', async (unlimited, status) => {
  const levels = `${'<g>'.repeat(300)}<rect width="9" height="9"/>${'</g>'.repeat(300)}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${levels}</svg>`;
  origin.on('/deep', serveRanges(Buffer.from(svg)));
  const ask = await serve({ IMGPROXY_SVG_UNLIMITED: unlimited });
  expect((await ask('avg:1', '/deep')).status).toBe(status);
  expect((await ask('alpha:1', '/deep')).status).toBe(200);
});
