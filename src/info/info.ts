import { discard, type Probe } from '../native.ts';
import { SourceChanged } from '../source/errors.ts';
import type { Headers, OpenOptions, Source, SourceCost, SourceOpener } from '../source/source.ts';
import { toJson } from './answer.ts';
import { type Asked, toAskedKey, toWanted } from './asked.ts';
import { Beyond, type BeyondAnswer, NOTHING_BEYOND } from './beyond.ts';
import { toFileKey } from './file-key.ts';
import { chooseFirstRange } from './first-range.ts';
import { NeedsMemory } from './needs-memory.ts';
import { type Peeked, type PeekLimits, peek } from './peek.ts';
import type { PixelReader } from './pixels.ts';

/** What the stage takes from the configuration. */
export interface InfoOptions extends PeekLimits {
  /** Bytes that the first request asks for, where the path's extension does not tell better. */
  firstRange: number;
}

/** Where the time went, in ms. */
export interface Spans {
  /** Opening the source and reading it. */
  downloading: number;
  /** Probing what was read. */
  processing: number;
}

/** An answer, with what the response's headers and the log need beside it. */
export interface Answered {
  /** JSON. */
  body: string;
  rounds: number;
  /** True where a limit was met, so that parts of the answer may be missing. */
  cut: boolean;
  /** The format, where pixels are asked for and files of it are not decoded. */
  undecoded?: string | undefined;
  cost: SourceCost;
  /** False where the origin knows no ranges. */
  seekable: boolean;
  spans: Spans;
  etag: string | undefined;
  lastModified: string | undefined;
  /** Fields of the origin's first answer, by lower-case name. */
  originHeaders: Headers;
  /** Bytes of the whole file, where they are known, and its pixels as shown. */
  file: { size: number | undefined; width: number; height: number };
}

/** Says what the file at a source URL is. It rejects as soon as the request's signal is aborted. */
export type AnswerInfo = (
  sourceUrl: string,
  asked: Asked,
  request: Omit<OpenOptions, 'firstRange' | 'foreseen'>,
) => Promise<Answered>;

/** Makes the function that answers, over an opener of sources and what reads them. */
export function createInfo(
  opener: SourceOpener,
  probe: Probe,
  pixels: PixelReader,
  options: InfoOptions,
): AnswerInfo {
  const needs = new NeedsMemory();

  const answerOnce: AnswerInfo = async (sourceUrl, asked, request) => {
    const began = performance.now();
    const firstRange = chooseFirstRange(sourceUrl, options.firstRange);
    const needsKey = `${toAskedKey(asked)} ${sourceUrl}`;
    const foreseen = needs.recall(needsKey);
    const opened = await opener.open(sourceUrl, { ...request, firstRange, foreseen });
    try {
      const { source, first } = opened;
      const key = toFileKey(sourceUrl);
      const beyond = Beyond.for(asked, pixels, opened);
      const readable = beyond ? { source: beyond.whole, first } : opened;
      const peeked = await peek(readable, toWanted(asked), options, probe, key);
      needs.learn(needsKey, source, peeked.fetched);
      const more = beyond ? await beyond.answer(peeked, key, request.signal) : NOTHING_BEYOND;
      // Only here, where no thread reads it any more: not where the request was given up.
      if (source.exclusive) discard(peeked.held);
      return toAnswered(source, peeked, more, sourceUrl, asked, began);
    } finally {
      opened.source.close();
    }
  };

  return (sourceUrl, asked, request) =>
    answerOnce(sourceUrl, asked, request).catch((error: unknown) => {
      // The file changed between two rounds: what is held is of two files. Read it anew, once.
      if (!(error instanceof SourceChanged)) throw error;
      return answerOnce(sourceUrl, asked, request);
    });
}

function toAnswered(
  source: Source,
  { info, rounds, cut, probing }: Peeked,
  { hashsums, pixels, models, undecoded, fetched, processing }: BeyondAnswer,
  sourceUrl: string,
  asked: Asked,
  began: number,
): Answered {
  const worked = probing + processing;
  const { size, contentType, cost, etag, lastModified, originHeaders, seekable } = source;
  return {
    body: toJson(asked, { info, size, contentType, sourceUrl, hashsums, pixels, models }),
    rounds: fetched ? rounds + 1 : rounds,
    cut,
    undecoded,
    cost,
    seekable,
    spans: { downloading: performance.now() - began - worked, processing: worked },
    etag,
    lastModified,
    originHeaders,
    file: { size, width: info.width, height: info.height },
  };
}
