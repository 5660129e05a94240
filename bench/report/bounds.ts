import type { Cell } from '../figures/cell.ts';
import type { Results } from './results.ts';

/** A bound that the project has set itself, and what was measured. */
export interface Bound {
  figure: string;
  bound: string;
  /** Absent where this run did not measure it. */
  measured?: string;
  met?: boolean;
}

/** A bound before it is held against a run. */
interface Row {
  figure: string;
  least?: number;
  most?: number;
  /** How the bound and what was measured are written. */
  write: (value: number) => string;
  measure: (results: Results) => number | undefined;
}

const CONNECTIONS = 32;
/** Memory that is said to be flat may grow by this share while requests hang. */
const FLAT = 0.05;

const percent = (value: number) => `${round(value * 100)} %`;
const times = (value: number) => `${round(value)}×`;
const megabytes = (value: number) => `${round(value / 1e6)} MB`;
const plain = (value: number) => String(round(value));

const BOUNDS: Row[] = [
  {
    figure: 'files answered in one request',
    least: 0.95,
    write: percent,
    measure: ({ origin }) => origin?.inOneShare,
  },
  {
    figure: 'most requests of a file',
    most: 3,
    write: plain,
    measure: ({ origin }) => origin?.mostRequests,
  },
  {
    figure: 'bytes fetched of files over 256 KB',
    most: 0.1,
    write: percent,
    measure: ({ origin }) => origin?.largeShare,
  },
  {
    figure: 'requests/s against fetch + sharp, JPEG, 32 connections',
    least: 4,
    write: times,
    measure: (results) => rateAgainst(results, ['sharp']),
  },
  {
    figure: 'against the best other rival with dimensions and EXIF',
    least: 2,
    write: times,
    measure: (results) => rateAgainst(results, listRivalsWithExif(results)),
  },
  {
    figure: 'against the ceiling',
    least: 0.5,
    write: times,
    measure: (results) => rateAgainst(results, ['ceiling']),
  },
  {
    figure: 'far 20 MB JPEG: p50 over what the network takes',
    most: 1.3,
    write: times,
    measure: (results) => farRatio(results, '20 MB JPEG'),
  },
  {
    figure: 'far 1 GB MP4: p50 over what the network takes',
    most: 1.3,
    write: times,
    measure: (results) => farRatio(results, '1 GB MP4'),
  },
  {
    figure: 'healthy p99 with 1,000 hanging requests over without',
    most: 1.5,
    write: times,
    measure: ({ trickle }) => {
      const row = trickle?.find(({ rival }) => rival === 'imgpeek');
      return row && row.with / row.without;
    },
  },
  {
    figure: 'resident memory with 1,000 requests in flight',
    most: 250e6,
    write: megabytes,
    measure: ({ memory }) => memory?.find(({ rival }) => rival === 'imgpeek')?.hanging,
  },
  {
    figure: 'its growth while they hang',
    most: FLAT,
    write: percent,
    measure: ({ memory }) => memory?.find(({ rival }) => rival === 'imgpeek')?.growth,
  },
];

/** Holds a run against each bound. */
export function checkBounds(results: Results): Bound[] {
  return BOUNDS.map(({ figure, least, most, write, measure }) => {
    const limit = least ?? most ?? 0;
    const bound = `${least === undefined ? '≤' : '≥'} ${write(limit)}`;
    const value = measure(results);
    if (value === undefined) return { figure, bound };
    const met = least === undefined ? value <= limit : value >= limit;
    return { figure, bound, measured: write(value), met };
  });
}

/** Our rate over the best of some rivals, with the JPEG. */
function rateAgainst({ near }: Results, rivals: string[]): number | undefined {
  const cells = near?.cells.filter(
    ({ file, connections }) => file === 'JPEG' && connections === CONNECTIONS,
  );
  const ours = rateOf(cells, 'imgpeek');
  const theirs = rivals.map((rival) => rateOf(cells, rival)).filter((rate) => rate !== undefined);
  return ours === undefined || theirs.length === 0 ? undefined : ours / Math.max(...theirs);
}

function rateOf(cells: Cell[] | undefined, name: string): number | undefined {
  return cells?.find(({ rival }) => rival === name)?.rate;
}

/** All but imgpeek and fetch + sharp, which has a bound of its own. */
function listRivalsWithExif({ entrants }: Results): string[] {
  return entrants
    .filter(({ answers }) => answers === 'everything' || answers === 'dimensions and EXIF')
    .map(({ name }) => name)
    .filter((name) => name !== 'imgpeek' && name !== 'sharp');
}

function farRatio({ far }: Results, name: string): number | undefined {
  const cell = far?.cells.find(
    ({ rival, file, connections }) => rival === 'imgpeek' && file === name && connections === 1,
  );
  return cell && cell.p50 / cell.floor;
}

/** Three digits that count, or all of a whole number. */
function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
