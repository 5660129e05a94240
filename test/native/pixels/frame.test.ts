import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CORPUS, entries, hasCorpus } from '../../corpus.ts';
import { askFilm, type Luma, makeFilm } from './films.ts';
import { transportStream } from './transport_stream.ts';

const AVERAGE = { average: true };
const BLACK: Luma = [16, 128, 128];
const WHITE: Luma = [235, 128, 128];
const RED: Luma = [81, 90, 240];

const averageAt = async (film: Buffer, videoThumbnailSecond: number) =>
  Object.values(
    (await askFilm(film, { ...AVERAGE, videoThumbnailSecond })).answer['average'] as object,
  );

describe('a frame', () => {
  it('has the colours of its matrix and its range', async () => {
    const film = makeFilm([BLACK, WHITE, RED]);
    expect(await averageAt(film, 0)).toEqual([0, 0, 0, 255]);
    expect(await averageAt(film, 1)).toEqual([255, 255, 255, 255]);
    const [red, green, blue] = await averageAt(film, 2);
    expect(red).toBeGreaterThan(252);
    expect(green! + blue!).toBeLessThan(6);
  });

  it.each([
    [0, 0],
    [0.4, 1],
    [1, 2],
    [1.3, 3],
    [2, 4],
    [99, 5],
  ])('at second %d is the first that is shown then or later, or the last', async (second, index) => {
    const grey = (value: number): Luma => [16 + 20 * value, 128, 128];
    const film = makeFilm([0, 1, 2, 3, 4, 5].map(grey), 2);
    const [red] = await averageAt(film, second);
    expect(Math.round((red! * 219) / 255 / 20)).toBe(index);
  });

  it('answers all that a picture does, and is opaque', async () => {
    const asked = { average: true, palette: 2, thumbHash: true, perceptualHash: true };
    const { answer } = await askFilm(makeFilm([RED]), { ...asked, checkTransparency: true });
    expect(Object.keys(answer).toSorted()).toEqual([
      'average',
      'palette',
      'perceptualHash',
      'thumbHash',
      'transparency',
    ]);
    expect(answer.transparency).toBe(false);
  });
});

describe('limits', () => {
  it('hold a film’s picture', async () => {
    const film = makeFilm([RED]);
    await expect(askFilm(film, { ...AVERAGE, maxSrcResolution: 511 })).rejects.toThrow();
    expect((await askFilm(film, { ...AVERAGE, maxSrcResolution: 512 })).answer).toBeDefined();
  });

  it('end decoding when its time is up', async () => {
    await expect(askFilm(makeFilm([RED]), { ...AVERAGE, time: -1 })).rejects.toThrow('time');
  });

  it('refuse what is no film, and one that breaks off before its first frame', async () => {
    await expect(askFilm(Buffer.from('nothing of the kind'), AVERAGE)).rejects.toThrow('no film');
    const cut = makeFilm([RED]).subarray(0, 300);
    await expect(askFilm(cut, AVERAGE)).rejects.toThrow('no frame');
  });
});

describe('a stream of packets, which has no index', () => {
  it.each([
    [0, 'red', 'red'],
    [0.5, 'red', 'red'],
    [1, 'lime', 'red'],
    [2.5, 'blue', 'blue'],
    [3, 'yellow', 'yellow'],
    [99, 'yellow', 'yellow'],
  ])('gives at second %d a frame of %s, and one of %s as the keyframe', async (second, color, key) => {
    for (const [keyframes, expected] of [
      [false, color],
      [true, key],
    ] as const) {
      const asked = { videoThumbnailSecond: second, videoThumbnailKeyframes: keyframes };
      const { answer } = await askFilm(transportStream(), { ...AVERAGE, ...asked });
      const { R, G, B } = answer['average'] as Record<string, number>;
      const seen = [R! > 128 && 'red', G! > 128 && 'lime', B! > 128 && 'blue']
        .filter(Boolean)
        .join();
      expect(seen.replace('red,lime', 'yellow')).toBe(expected);
    }
  });
});

describe('a large film', () => {
  it('is read where the frame stands, not from its beginning', async () => {
    const film = makeFilm(
      Array.from({ length: 20_000 }, (_, i): Luma => (i < 15_000 ? BLACK : RED)),
    );
    const { bytes, rounds } = await askFilm(film, { ...AVERAGE, videoThumbnailSecond: 15_000 });
    expect(film.length).toBeGreaterThan(15_000_000);
    expect(bytes).toBeLessThan(2_500_000);
    expect(rounds).toBeLessThan(5);
  });
});

describe.skipIf(!hasCorpus)('the films of the corpus', () => {
  const films = entries.filter(
    ({ path, reference }) =>
      !path.startsWith('broken/') && reference.media?.streams.some(({ type }) => type === 'video'),
  );

  it('give a frame, in few rounds, and the same however they are read', async () => {
    const refused: string[] = [];
    let answered = 0;
    for (const { path } of films) {
      const film = readFileSync(CORPUS + path);
      const asked = { ...AVERAGE, thumbHash: true, videoThumbnailSecond: 0.5 };
      try {
        const some = await askFilm(film, asked);
        const all = await askFilm(film, asked, film.length);
        expect(some.answer, path).toEqual(all.answer);
        expect(some.rounds, path).toBeLessThan(8);
        answered++;
      } catch (error) {
        refused.push(`${path}: ${(error as Error).message}`);
      }
    }
    expect(refused).toEqual([]);
    expect(answered).toBeGreaterThan(25);
  }, 60_000);

  it('are upright: one that is turned is another than one that is not', async () => {
    const hashOf = async (name: string) =>
      (await askFilm(readFileSync(`${CORPUS}mp4/synth__${name}.mp4`), { thumbHash: true })).answer;
    const upright = await hashOf('h264-aac-faststart');
    expect(await hashOf('h264-aac-moov-at-end')).toEqual(upright);
    expect(await hashOf('h264-rotate-90')).not.toEqual(upright);
  });

  it('give the last keyframe before the second where that is asked for', async () => {
    const film = readFileSync(`${CORPUS}mp4/synth__h264-aac-faststart.mp4`);
    const at = async (videoThumbnailSecond: number, videoThumbnailKeyframes: boolean) =>
      (await askFilm(film, { thumbHash: true, videoThumbnailSecond, videoThumbnailKeyframes }))
        .answer;
    expect(await at(0.7, true)).toEqual(await at(0, false));
    expect(await at(0.7, false)).not.toEqual(await at(0, false));
  });
});
