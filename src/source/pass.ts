import type { Body } from './body.ts';

/** Bytes that are asked of a body at a time: few, as whoever takes them may hash them at once. */
const PIECE = 64 * 1024;

/**
 * Hands the bytes of a body on as they come, in order, and holds no more of them than a piece.
 *
 * @param from Where in the file to begin; the body has not gone past it.
 * @param to Where to stop.
 * @param take Takes the next bytes, and where in the file they end.
 * @returns How far it came: less than `to` where the body ended or failed.
 */
export async function passOn(
  body: Body,
  from: number,
  to: number,
  take: (data: Uint8Array, end: number) => void,
): Promise<number> {
  let at = from;
  while (at < to) {
    const until = Math.min(at + PIECE, to);
    for (const { offset, data } of await body.read([{ offset: at, length: until - at }])) {
      if (offset > at) throw new Error(`the body has gone past ${at}`);
      const fitting = data.subarray(Math.max(0, at - offset), to - offset);
      if (fitting.length === 0) continue;
      at += fitting.length;
      take(fitting, at);
    }
    if (body.position < until) break;
    if (at < until) throw new Error(`the body has gone past ${at}`);
  }
  return at;
}
