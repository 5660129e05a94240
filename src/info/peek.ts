import { RequestError } from '../errors.ts';
import type { ByteRange, Chunk, Info, Probe, Wanted } from '../native.ts';
import type { Source } from '../source/source.ts';

/** As much of a source as a peek takes. */
export type Readable = Pick<Source, 'size' | 'read'>;

/** A source, and what came when it was opened. */
export interface ReadableOpened {
  source: Readable;
  first: readonly Chunk[];
}

/** How far a peek may go. */
export interface PeekLimits {
  /** Rounds of fetching, the first range included; after them the answer has what is known. */
  maxRounds: number;
  /** Bytes held of one file; a need beyond them is not fetched. */
  maxBytes: number;
}

/** What a file is, and what it took to say so. */
export interface Peeked {
  info: Info;
  /** Rounds of fetching, the first range included. */
  rounds: number;
  /** What was fetched beside that which the source was opened with. */
  fetched: ByteRange[];
  /** All that is held of the file. */
  held: readonly Chunk[];
  /** True where a limit was met, so that parts of the answer may be missing. */
  cut: boolean;
  /** Milliseconds that the probes took, of all that passed. */
  probing: number;
}

/**
 * The least that a second round asks for, doubled in each further one: a reader that walks a chain
 * of small chunks then needs few rounds, and no file costs more than twice its needs.
 */
const LEAST_NEED = 4096;
const MOST_GROWN = 4;

/**
 * Says what a file is by its headers.
 *
 * @param opened The source with its first range; it stays open.
 * @param key Names the file where a probe crashes or hangs.
 * @throws RequestError INVALID_SOURCE_IMAGE where the file cannot be read, and what the source throws.
 */
export async function peek(
  opened: ReadableOpened,
  wanted: Wanted,
  limits: PeekLimits,
  probe: Probe,
  key?: string,
): Promise<Peeked> {
  const { answer, ...rest } = await fetchNeeds(opened, limits, (held, size, lastRound) =>
    probe(held, size, wanted, lastRound, key),
  );
  return { info: answer, ...rest };
}

/** Asks about what is held of a file. */
type Ask<T> = (
  held: readonly Chunk[],
  size: number | undefined,
  lastRound: boolean,
) => Asked<T> | Promise<Asked<T>>;

type Asked<T> = T | { need: ByteRange[] } | { failure: string };

/**
 * The loop of needs: asks about what is held, fetches what it takes to answer, and asks again. Throws
 * as {@link peek} does.
 */
export async function fetchNeeds<T extends object>(
  { source, first }: ReadableOpened,
  limits: PeekLimits,
  ask: Ask<T>,
): Promise<Omit<Peeked, 'info'> & { answer: T }> {
  const held = [...first];
  const fetched: ByteRange[] = [];
  let rounds = 1;
  let lastRound = false;
  let probing = 0;
  for (;;) {
    const asked = performance.now();
    const answer = ask(held, source.size, lastRound);
    const result = answer instanceof Promise ? await answer : answer;
    probing += performance.now() - asked;
    if ('failure' in result) {
      const when = lastRound ? ` (all that was fetched in ${rounds} rounds)` : '';
      throw new RequestError('INVALID_SOURCE_IMAGE', result.failure + when);
    }
    if (!('need' in result)) {
      return { answer: result as T, rounds, fetched, held, cut: lastRound, probing };
    }
    const needed = grow(result.need, rounds, source.size);
    if (rounds >= limits.maxRounds || !fits(held, needed, limits.maxBytes)) {
      lastRound = true;
      continue;
    }
    rounds++;
    fetched.push(...needed);
    lastRound = !(await fetchInto(held, source, needed));
  }
}

/** Fetches `needed` into `held`; false where nothing new came and the size is no better known. */
async function fetchInto(
  held: Chunk[],
  source: Readable,
  needed: readonly ByteRange[],
): Promise<boolean> {
  const sizeBefore = source.size;
  const chunks = (await source.read(needed)).filter((chunk) => chunk.data.length > 0);
  held.push(...chunks);
  return chunks.length > 0 || source.size !== sizeBefore;
}

/** Rounds small needs up, within the file. Whoever needs many parts at once walks no chain. */
function grow(need: readonly ByteRange[], rounds: number, size = Infinity): readonly ByteRange[] {
  if (need.length > MOST_GROWN) return need;
  const least = LEAST_NEED * 2 ** (rounds - 1);
  return need.map(({ offset, length }) => ({
    offset,
    length: Math.max(length, Math.min(least, size - offset)),
  }));
}

function fits(held: readonly Chunk[], needed: readonly ByteRange[], maxBytes: number): boolean {
  let sum = 0;
  for (const { data } of held) sum += data.length;
  for (const { length } of needed) sum += length === Infinity ? 0 : length;
  return sum <= maxBytes;
}
