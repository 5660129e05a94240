import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CORPUS, type Entry, entries, hasCorpus } from '../corpus.ts';
import { DIFFERENCES } from './corpus/differences.ts';
import { libexifTable } from './corpus/exif.ts';
import { exiftoolIptc, ourIptc } from './corpus/iptc.ts';
import { REFUSED } from './corpus/refused.ts';
import { ffprobeAnswer } from './corpus/video.ts';
import { xmpDifferences } from './corpus/xmp.ts';
import { type Running, startOrigin, startServer } from './running.ts';

let origin: Running;
let server: Running;

beforeAll(async () => {
  if (!hasCorpus) return;
  origin = await startOrigin(CORPUS);
  server = await startServer();
});

afterAll(async () => {
  await server?.stop();
  await origin?.stop();
});

// biome-ignore lint/suspicious/noExplicitAny: the answer is what is under test
type Answer = Record<string, any>;

async function ask(path: string): Promise<{ status: number; answer: Answer }> {
  const source = encodeURIComponent(`${origin.url}/${path}`);
  const { statusCode, body } = await request(`${server.url}/info/_/pn:1/plain/${source}`);
  const text = await body.text();
  return { status: statusCode, answer: statusCode === 200 ? JSON.parse(text) : { text } };
}

/** One field of the answer against what a tool says: undefined where they are equal. */
type Check = (answer: Answer, entry: Entry) => string | undefined;

const same = (actual: unknown, expected: unknown) =>
  JSON.stringify(actual) === JSON.stringify(expected)
    ? undefined
    : `${JSON.stringify(actual)} for ${JSON.stringify(expected)}`;

/** True where ffprobe is the reference: video, and audio that has a picture. */
const isMedia = ({ reference }: Entry) => reference.media !== undefined;

const IMAGE_CHECKS: Record<string, Check> = {
  format: (answer, { reference }) => same(answer.format, reference.format),
  pages_number: (answer, { reference }) =>
    reference.pages ? same(answer.pages_number, reference.pages) : undefined,
  orientation: (answer, { reference: { orientation } }) =>
    same(answer.orientation, orientation && orientation <= 8 ? orientation : 1),
  exif: (answer, { path }) => {
    const expected = libexifTable(path);
    return expected && same(sorted(trimmed(answer.exif)), sorted(trimmed(expected)));
  },
};

const MEDIA_CHECKS: Record<string, Check> = {
  format: (answer, { path }) => same(answer.format, ffprobeAnswer(path).format),
  exif: (answer) => same(answer.exif, {}),
  video_meta: (answer, { path }) =>
    same(sorted(trimmed(answer.video_meta)), sorted(trimmed(ffprobeAnswer(path).video_meta))),
  video_streams: (answer, { path }) =>
    same(rounded(answer.video_streams), rounded(ffprobeAnswer(path).video_streams)),
};

const CHECKS: Record<string, Check> = {
  dimensions: (answer, { reference }) =>
    reference.displayed_width
      ? same([answer.width, answer.height], [reference.displayed_width, reference.displayed_height])
      : undefined,
  size: (answer, entry) => same(answer.size, entry.bytes),
  iptc: (answer, { path }) => same(sorted(ourIptc(answer.iptc)), sorted(exiftoolIptc(path))),
  photoshop: (answer, { reference: { photoshop_resolution: expected } }) => {
    const resolution = answer.photoshop?.resolution;
    const actual = resolution && [
      resolution.XResolution,
      resolution.YResolution,
      resolution.XResolutionUnit,
      resolution.YResolutionUnit,
    ];
    return same(
      actual,
      expected && [expected.x, expected.y, expected.displayed_units_x, expected.displayed_units_y],
    );
  },
  xmp: (answer, { path }) => xmpDifferences(path, answer.xmp).join('\n') || undefined,
};

/** Values without the blanks at their ends and the control bytes, which the contract has cut. */
function trimmed(table: Record<string, string> = {}) {
  return Object.fromEntries(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is cut
    Object.entries(table).map(([key, value]) => [key, value.replace(/[\x00-\x1f]/g, '').trimEnd()]),
  );
}

function sorted(object: Record<string, unknown> = {}) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Numbers to a thousandth, as tools print them; absent fields left out. */
function rounded(streams: Record<string, unknown>[] = []) {
  const round = (value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
  return streams.map((stream) =>
    Object.fromEntries(
      Object.entries(stream)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, round(value)]),
    ),
  );
}

describe.skipIf(!hasCorpus)('every file of the corpus', () => {
  test.each(
    entries.filter(({ path }) => !(path in REFUSED)).map((entry) => [entry.path, entry] as const),
  )('%s is answered as the tools read it', async (path, entry) => {
    const { status, answer } = await ask(path);
    expect(status, answer.text).toBe(200);
    const checks = { ...CHECKS, ...(isMedia(entry) ? MEDIA_CHECKS : IMAGE_CHECKS) };
    const differing = Object.entries(checks)
      .map(([field, check]) => [field, check(answer, entry)] as const)
      .filter(([, difference]) => difference !== undefined);
    const known = DIFFERENCES[path]?.fields ?? [];
    const unknown = differing.filter(([field]) => !known.includes(field));
    expect(unknown.map(([field, difference]) => `${field}: ${difference}`)).toEqual([]);
    expect(differing.map(([field]) => field).sort()).toEqual([...known].sort());
  });

  test.each(Object.entries(REFUSED))('%s is refused: %s', async (path) => {
    const { status, answer } = await ask(path);
    expect([status, answer.text]).toEqual([422, 'Invalid source image']);
  });
});
