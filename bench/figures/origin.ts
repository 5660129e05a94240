import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { type CountingOrigin, startCountingOrigin } from '../origins/counting-origin.ts';
import type { Context, Runner } from './context.ts';

/** Files over this size count towards the share of bytes. */
const LARGE = 256 * 1024;
/** Folders of the corpus that hold no files to be read: readings of other tools, damaged files. */
const PASSED_OVER = ['reference', 'broken'];

/** What one file took at the origin. */
export interface FileCost {
  path: string;
  size: number;
  status: number;
  requests: number;
  bytes: number;
}

/** A row of figure a. */
export interface FormatRow {
  format: string;
  /** Files that were answered, of those that there are. */
  answered: number;
  files: number;
  /** Of those answered, those that took one request. */
  inOne: number;
  mostRequests: number;
  bytes: number;
  size: number;
}

/** Figure a: requests and bytes at the origin, with default options. */
export interface OriginFigure {
  formats: FormatRow[];
  inOneShare: number;
  mostRequests: number;
  /** Bytes that were fetched of files over 256 KB, as a share of all that they have. */
  largeShare: number;
  /** Files that took more than one request. */
  dearest: FileCost[];
}

/** Measures figure a with the corpus; undefined where there is none. */
export async function measureOrigin({ options, runners, say }: Context) {
  const files = listCorpus(options.corpus);
  const imgpeek = runners[0];
  if (!imgpeek || files.length === 0) {
    say(`a: left out, as ${options.corpus} has no files`);
    return undefined;
  }
  const origin = await startCountingOrigin(options.corpus);
  try {
    const costs: FileCost[] = [];
    for (const path of files) costs.push(await measureFile(imgpeek, origin, options.corpus, path));
    say(`a: ${files.length} files`);
    return summarize(costs);
  } finally {
    await origin.stop();
  }
}

/** Sums up what the files took. */
export function summarize(costs: FileCost[]): OriginFigure {
  const answered = costs.filter(({ status }) => status === 200);
  const large = answered.filter(({ size }) => size > LARGE);
  const formats = [...new Set(costs.map(toFormat))];
  return {
    formats: formats.map((format) =>
      toRow(
        format,
        costs.filter((cost) => toFormat(cost) === format),
      ),
    ),
    inOneShare: answered.filter(({ requests }) => requests === 1).length / answered.length,
    mostRequests: Math.max(...answered.map(({ requests }) => requests)),
    largeShare: total(large, 'bytes') / total(large, 'size'),
    dearest: answered
      .filter(({ requests }) => requests > 1)
      .sort((a, b) => b.requests - a.requests),
  };
}

/** The corpus has a folder for each format. */
const toFormat = ({ path }: FileCost) => path.split('/')[0] ?? '';

function toRow(format: string, costs: FileCost[]): FormatRow {
  const answered = costs.filter(({ status }) => status === 200);
  return {
    format,
    answered: answered.length,
    files: costs.length,
    inOne: answered.filter(({ requests }) => requests === 1).length,
    mostRequests: Math.max(0, ...answered.map(({ requests }) => requests)),
    bytes: total(answered, 'bytes'),
    size: total(answered, 'size'),
  };
}

const total = (costs: FileCost[], what: 'bytes' | 'size') =>
  costs.reduce((sum, cost) => sum + cost[what], 0);

async function measureFile(
  { rival, service }: Runner,
  origin: CountingOrigin,
  corpus: string,
  path: string,
): Promise<FileCost> {
  const source = `${origin.urls[0]}/${path.split('/').map(encodeURIComponent).join('/')}`;
  const { statusCode, body } = await request(service.base + rival.path(source));
  await body.dump();
  const { counts } = await origin.report();
  const { requests = 0, bytes = 0 } = counts[`/${path}`] ?? {};
  return { path, size: statSync(join(corpus, path)).size, status: statusCode, requests, bytes };
}

/** The files in the folders of the corpus; those at its top tell about it. */
function listCorpus(corpus: string): string[] {
  if (!existsSync(corpus)) return [];
  return readdirSync(corpus, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !PASSED_OVER.includes(entry.name))
    .flatMap(({ name }) => readdirSync(join(corpus, name)).map((file) => `${name}/${file}`))
    .filter((path) => statSync(join(corpus, path)).isFile())
    .sort();
}
