import type { Service } from './service.ts';

/** What a server tells of a file. */
export type Answers = 'everything' | 'dimensions and EXIF' | 'dimensions' | 'nothing';

/** How a server is to be run. */
export interface Setting {
  port: number;
  /** Processes, or threads where it is one process. */
  processes: number;
}

/** A server that answers what imgpeek answers, or a part of it. */
export interface Rival {
  /** Its name on the command line and in the tables. */
  name: string;
  /** How it is made and run, for the table. */
  how: string;
  answers: Answers;
  /** Whether it downloads the whole file, or as much as it needs. */
  fetches: 'part' | 'whole';
  /** Builds or finds what it needs; why it is left out, where it cannot be. */
  prepare(): Promise<string | undefined>;
  /** Starts it. */
  start(setting: Setting): Promise<Service>;
  /** The path that asks for a source. */
  path(source: string): string;
  /**
   * The dimensions in an answer, in either order; undefined where it has none. Whoever answers
   * nothing has no such function.
   */
  readDimensions?: (answer: Answer) => [number, number] | undefined;
}

/** An answer with status 200. */
export interface Answer {
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

/** Reads the dimensions of a JSON answer with `width` and `height` at its top. */
export function readFlatDimensions({ body }: Answer): [number, number] | undefined {
  return toPair(JSON.parse(body));
}

/** Width and height of an object, where it has both. */
export function toPair(object: unknown): [number, number] | undefined {
  const { width, height } = (object ?? {}) as { width?: unknown; height?: unknown };
  return typeof width === 'number' && typeof height === 'number' ? [width, height] : undefined;
}
