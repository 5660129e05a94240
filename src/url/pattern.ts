/** Where a pattern ended in a text, and what its wildcards stood for. */
export interface Match {
  readonly end: number;
  /** First all that was matched, then one for each `*`. */
  readonly captures: readonly string[];
}

/** Matches the beginning of a text. */
export type Matcher = (text: string) => Match | undefined;

/**
 * Compiles a pattern in which `*` is anything but a slash, as long as it can be from left to right.
 * The time is linear in the text, which a regular expression with several wildcards is not.
 */
export function compilePattern(pattern: string): Matcher {
  const [head, ...pieces] = pattern.split('*') as [string, ...string[]];
  return (text) => {
    if (!text.startsWith(head)) return undefined;
    const starts = placePieces(text, head.length, pieces);
    return starts && toMatch(text, head.length, pieces, starts);
  };
}

/** Where each piece begins, or undefined where they do not fit. `from` is the end of the head. */
function placePieces(text: string, from: number, pieces: readonly string[]): number[] | undefined {
  const starts: number[] = [];
  let segment = from;
  for (let first = 0; first < pieces.length; ) {
    // The wildcards of a segment cannot pass its slash, so the next piece with a slash is bound to it.
    const slash = text.indexOf('/', segment);
    const anchor = findWithSlash(pieces, first);
    let limit = slash < 0 ? text.length : slash;
    if (anchor < pieces.length) {
      const piece = pieces[anchor]!;
      limit = slash - piece.indexOf('/');
      if (slash < 0 || limit < segment || !text.startsWith(piece, limit)) return undefined;
      starts[anchor] = limit;
    }
    if (!placeFromRight(text, segment, limit, pieces, first, anchor, starts)) return undefined;
    segment = anchor < pieces.length ? limit + pieces[anchor]!.length : limit;
    first = anchor + 1;
  }
  return starts;
}

/** Places the slashless pieces `first` to `last` (exclusive) as far right as they go, which makes the wildcards greedy. */
function placeFromRight(
  text: string,
  segment: number,
  limit: number,
  pieces: readonly string[],
  first: number,
  last: number,
  starts: number[],
): boolean {
  let right = limit;
  for (let index = last - 1; index >= first; index--) {
    const latest = right - pieces[index]!.length;
    if (latest < segment) return false;
    right = text.lastIndexOf(pieces[index]!, latest);
    if (right < segment) return false;
    starts[index] = right;
  }
  return true;
}

function findWithSlash(pieces: readonly string[], from: number): number {
  let index = from;
  while (index < pieces.length && !pieces[index]!.includes('/')) index++;
  return index;
}

function toMatch(
  text: string,
  from: number,
  pieces: readonly string[],
  starts: readonly number[],
): Match {
  const captures: string[] = [''];
  let end = from;
  for (const [index, start] of starts.entries()) {
    captures.push(text.slice(end, start));
    end = start + pieces[index]!.length;
  }
  captures[0] = text.slice(0, end);
  return { end, captures };
}
