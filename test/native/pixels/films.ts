import { analyzeFrame, type Chunk, type FrameQuestion } from '../../../src/native.ts';
import { NOTHING } from './analyzing.ts';

/** Y, Cb and Cr of a frame (ITU-T H.273, limited range). */
export type Luma = [number, number, number];

/**
 * A film of bare frames of one colour each (YUV4MPEG2), of 32 by 16 pixels.
 *
 * @param perSecond Frames a second.
 */
export function makeFilm(frames: readonly Luma[], perSecond = 1): Buffer {
  const [width, height] = [32, 16];
  const picture = ([y, cb, cr]: Luma) => [
    Buffer.from('FRAME\n'),
    Buffer.alloc(width * height, y),
    Buffer.alloc((width * height) / 4, cb),
    Buffer.alloc((width * height) / 4, cr),
  ];
  const header = `YUV4MPEG2 W${width} H${height} F${perSecond}:1 Ip A1:1 C420jpeg\n`;
  return Buffer.concat([Buffer.from(header), ...frames.flatMap(picture)]);
}

/** What a frame of a film said, and what it took. */
export interface Filmed {
  answer: Record<string, unknown>;
  rounds: number;
  bytes: number;
}

/**
 * Asks about a frame as the server does: from the film's first bytes, then with what is asked for.
 *
 * @throws Error with the reason where there is no answer
 */
export async function askFilm(
  film: Uint8Array,
  asked: Partial<FrameQuestion>,
  firstRange = 4096,
): Promise<Filmed> {
  const question: FrameQuestion = {
    ...NOTHING,
    videoThumbnailSecond: 0,
    videoThumbnailKeyframes: false,
    videoThumbnailProbeSize: 5_000_000,
    videoThumbnailMaxAnalyzeDuration: 0,
    ...asked,
  };
  const held: Chunk[] = [{ offset: 0, data: film.subarray(0, firstRange) }];
  let bytes = Math.min(firstRange, film.length);
  for (let rounds = 1; rounds <= 100; rounds++) {
    const answer = await analyzeFrame(held, film.length, false, question, '');
    if ('failure' in answer) throw new Error(answer.failure);
    if (!('need' in answer)) {
      const { nets: _, ...texts } = answer;
      const fields = Object.entries(texts).filter(([, text]) => text !== undefined);
      const parsed = fields.map(([name, text]) => [name, JSON.parse(text as string)]);
      return { answer: Object.fromEntries(parsed), rounds, bytes };
    }
    for (const { offset, length } of answer.need) {
      const data = film.subarray(offset, Math.min(film.length, offset + length));
      if (data.length === 0) throw new Error(`asked for nothing at ${offset}`);
      held.push({ offset, data });
      bytes += data.length;
    }
  }
  throw new Error('asks without end');
}
