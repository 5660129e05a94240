import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CORPUS, hasCorpus } from '../corpus.ts';
import { type Luma, makeFilm } from '../native/pixels/films.ts';
import { Origin, serve as serveRanges, serveWhole } from '../source/origin.ts';
import { type Running, startServer } from './running.ts';

const ON = { IMGPROXY_ENABLE_VIDEO_THUMBNAILS: 'true' };
const grey = (luma: number): Luma => [luma, 128, 128];
/** Black, dark grey, grey and white, a second each. */
const FILM = makeFilm([grey(16), grey(80), grey(160), grey(235)]);
/** So long that its parts are fetched, and white in second 9,000. */
const LONG = makeFilm(Array.from({ length: 10_000 }, (_, i) => grey(i < 9_000 ? 16 : 235)));

let origin: Origin;
let server: Running | undefined;

beforeEach(async () => {
  origin = await Origin.start();
  origin
    .on('/film', serveRanges(FILM))
    .on('/whole', serveWhole(LONG))
    .on('/long', serveRanges(LONG, { ETag: '"1"' }));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await origin.close();
});

/** Starts imgpeek, and gives what asks it: the status, and the answer or the text. */
async function serve(env: Record<string, string>) {
  const running = await startServer(env);
  server = running;
  return async (options: string, path: string) => {
    const source = encodeURIComponent(origin.url(path));
    const response = await fetch(`${running.url}/info/_/${options}/plain/${source}`);
    const text = await response.text();
    return { status: response.status, answer: response.ok ? JSON.parse(text) : text };
  };
}

describe('IMGPROXY_ENABLE_VIDEO_THUMBNAILS', () => {
  it('false: the fields of pixels are absent, and nothing is fetched for them', async () => {
    const ask = await serve({});
    const { status, answer } = await ask('avg:1/th:1', '/long');
    expect([status, answer.average, answer.thumb_hash]).toEqual([200, undefined, undefined]);
    expect(origin.seen).toHaveLength(1);
  });

  it('true: they are of a frame, of which no more is fetched than it takes', async () => {
    const ask = await serve(ON);
    const { answer } = await ask('avg:1/th:1/a:1:1/vts:9500', '/long');
    expect(answer).toMatchObject({
      average: { R: 255, G: 255, B: 255, A: 255 },
      thumb_hash: expect.stringMatching(/^[0-9A-F]+$/),
      transparency: false,
    });
    const sent = origin.seen.reduce((sum, { sent }) => sum + sent, 0);
    expect(LONG.length).toBeGreaterThan(7_000_000);
    expect(sent).toBeLessThan(2_500_000);
    expect(origin.seen.slice(1).map(({ headers }) => headers['if-range'])).toContain('"1"');
  });

  it('true: an origin without ranges is read once', async () => {
    const ask = await serve(ON);
    const { answer } = await ask('avg:1/vts:9500', '/whole');
    expect(answer.average).toMatchObject({ R: 255 });
    expect(origin.seen).toHaveLength(1);
  });

  it('true: IMGPROXY_MAX_SRC_RESOLUTION holds', async () => {
    const ask = await serve({ ...ON, IMGPROXY_MAX_SRC_RESOLUTION: '0.0005' });
    expect((await ask('avg:1', '/film')).status).toBe(422);
    expect((await ask('size:1', '/film')).status).toBe(200);
  });
});

it.each([
  ['2', '', 168],
  ['0', '', 0],
  ['2', 'vts:3', 255],
])('IMGPROXY_VIDEO_THUMBNAIL_SECOND: %s, and the option %s, are the frame', async (second, option, grey) => {
  const ask = await serve({ ...ON, IMGPROXY_VIDEO_THUMBNAIL_SECOND: second });
  const { answer } = await ask(`avg:1/${option || 'size:1'}`, '/film');
  expect(answer.average.R).toBe(grey);
});

it.each([
  ['false', '', false],
  ['true', '', true],
  ['false', 'vtk:1', true],
  ['true', 'vtk:0', false],
])('IMGPROXY_VIDEO_THUMBNAIL_KEYFRAMES: %s, and the option %s, take the keyframe: %s', async (keyframes, option, isKey) => {
  origin.on('/sample', serveRanges(readFileSync('docs/samples/video.mp4')));
  const ask = await serve({ ...ON, IMGPROXY_VIDEO_THUMBNAIL_KEYFRAMES: keyframes });
  const hash = async (options: string) =>
    (await ask(`th:1/${options}`, '/sample')).answer.thumb_hash;
  const first = await hash('vts:0/vtk:0');
  expect((await hash(`vts:0.7/${option || 'size:1'}`)) === first).toBe(isKey);
});

describe.skipIf(!hasCorpus)('a stream whose pictures come late', () => {
  /** All of its packets but those of the pictures (H.222.0, 2.4.3.2), and then all. */
  const latePictures = () => {
    const stream = readFileSync(`${CORPUS}mpegts/synth__h264-aac.ts`);
    const packets = Array.from({ length: stream.length / 188 }, (_, i) =>
      stream.subarray(188 * i, 188 * (i + 1)),
    );
    const rest = packets.filter((packet) => (packet.readUInt16BE(1) & 0x1fff) !== 0x100);
    return Buffer.concat([...rest, stream]);
  };

  it.each<[string, Record<string, string>, number]>([
    ['are found by default', {}, 200],
    [
      'IMGPROXY_VIDEO_THUMBNAIL_PROBE_SIZE: 10000 are not',
      { IMGPROXY_VIDEO_THUMBNAIL_PROBE_SIZE: '10000' },
      422,
    ],
    [
      'IMGPROXY_VIDEO_THUMBNAIL_MAX_ANALYZE_DURATION: 1 are not',
      { IMGPROXY_VIDEO_THUMBNAIL_MAX_ANALYZE_DURATION: '1' },
      422,
    ],
  ])('%s', async (_, env, status) => {
    origin.on('/late', serveRanges(latePictures()));
    const ask = await serve({ ...ON, ...env });
    expect((await ask('avg:1', '/late')).status).toBe(status);
    expect((await ask('size:1', '/late')).status).toBe(200);
  });
});
