import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour } from './behaviour.ts';
import type { Part } from './range.ts';

/** The first piece that is sent at a bandwidth; the next ones double, so that timers stay few. */
const FIRST_PIECE = 4 * 1024;
const LARGEST_PIECE = 128 * 1024;
/** A piece where nothing is paced. */
const PLAIN_PIECE = 256 * 1024;

/** Reads so many bytes at an offset. */
export type Read = (offset: number, length: number) => Promise<Uint8Array>;

/**
 * Sends a part of a file as the behaviour says: a byte is handed on no sooner than the bandwidth
 * lets it arrive, counted from the start, so that delays of timers do not add up.
 *
 * @param sent Is told the bytes that the network took.
 */
export async function sendPart(
  to: Writable,
  part: Part,
  read: Read,
  { bandwidth, trickle }: Behaviour,
  sent: (bytes: number) => void,
): Promise<void> {
  const rate = trickle > 0 ? trickle : bandwidth;
  const started = performance.now();
  let size = firstPiece(rate, trickle);
  for (let offset = part.start; offset < part.end && !to.destroyed; ) {
    const piece = await read(offset, Math.min(size, part.end - offset));
    offset += piece.length;
    if (Number.isFinite(rate)) {
      const due = started + ((offset - part.start) / rate) * 1000;
      await sleep(Math.max(0, due - performance.now()));
    }
    if (await write(to, piece)) sent(piece.length);
    if (Number.isFinite(rate) && trickle === 0) size = Math.min(size * 2, LARGEST_PIECE);
  }
}

function firstPiece(rate: number, trickle: number): number {
  if (trickle > 0) return Math.max(1, Math.ceil(trickle));
  return Number.isFinite(rate) ? FIRST_PIECE : PLAIN_PIECE;
}

/** True where the network took the piece, false where the other side is gone. */
function write(to: Writable, piece: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    if (to.destroyed) resolve(false);
    else to.write(piece, (error) => resolve(!error));
  });
}
