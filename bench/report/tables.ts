import type { Absent, Cell } from '../figures/cell.ts';
import type { Bound } from './bounds.ts';
import type { Results } from './results.ts';
import type { Table } from './table.ts';

/** How many of the files that took more than one request are listed. */
const LISTED = 12;

/** What is told of a cell of either figure of rates. */
const CELL_COLUMNS = ['file', 'conn.', 'server', 'req/s', 'p50', 'p99', 'p99.9', 'failed'];

function toColumns({ file, connections, rival, rate, p50, p99, p999, failed }: Cell) {
  return [file, connections, rival, rate, p50, p99, p999, failed];
}

/** The tables of a run, in the order of the figures. */
export function toTables(results: Results, bounds: Bound[]): Table[] {
  return [
    ...toEntrants(results),
    ...toOrigin(results),
    ...toNear(results),
    ...toFar(results),
    ...toTrickle(results),
    ...toMemory(results),
    ...toCpu(results),
    toBounds(bounds),
  ];
}

function toEntrants({ entrants, leftOut }: Results): Table[] {
  const taking: Table = {
    title: 'Servers',
    columns: ['server', 'answers', 'how'],
    rows: entrants.map(({ name, answers, how }) => [name, answers, how]),
  };
  const out: Table = {
    title: 'Left out',
    columns: ['what', 'why'],
    rows: leftOut.map(({ name, why }) => [name, why]),
  };
  return leftOut.length > 0 ? [taking, out] : [taking];
}

function toOrigin({ origin }: Results): Table[] {
  if (!origin) return [];
  return [
    {
      title: '(a) Requests and bytes at the origin, default options',
      columns: ['format', 'files', 'answered', 'in one request', 'most', 'bytes', '% of size'],
      rows: origin.formats.map((row) => [
        row.format,
        row.files,
        row.answered,
        row.inOne,
        row.mostRequests,
        row.bytes,
        row.size > 0 ? (row.bytes / row.size) * 100 : undefined,
      ]),
    },
    {
      title: '(a) Files that took the most requests',
      columns: ['file', 'requests', 'bytes', 'size'],
      rows: origin.dearest
        .slice(0, LISTED)
        .map(({ path, requests, bytes, size }) => [path, requests, bytes, size]),
    },
  ];
}

function toNear({ near }: Results): Table[] {
  if (!near) return [];
  return [
    {
      title: '(b) Origin on the same machine; times in ms',
      columns: CELL_COLUMNS,
      rows: near.cells.map(toColumns),
    },
    ...toAbsent('b', near.absent),
  ];
}

function toFar({ far }: Results): Table[] {
  if (!far) return [];
  return [
    {
      title: '(c) Origin 40 ms away, 50 Mbit/s a connection; times in ms',
      columns: [...CELL_COLUMNS, ...['rounds', 'bytes', 'network', 'p50 ÷ network']],
      rows: far.cells.map((cell) => [
        ...toColumns(cell),
        cell.rounds,
        cell.bytes,
        cell.floor,
        cell.p50 / cell.floor,
      ]),
    },
    ...toAbsent('c', far.absent),
  ];
}

function toAbsent(figure: string, absent: Absent[]): Table[] {
  if (absent.length === 0) return [];
  return [
    {
      title: `(${figure}) Not measured`,
      columns: ['file', 'conn.', 'server', 'why'],
      rows: absent.map(({ file, connections, rival, why }) => [
        file,
        connections === undefined ? 'all' : String(connections),
        rival,
        why,
      ]),
    },
  ];
}

function toTrickle({ trickle }: Results): Table[] {
  if (!trickle) return [];
  return [
    {
      title: '(d) p99 in ms at 32 connections, without and with 1,000 requests that hang',
      columns: ['server', 'without', 'with', 'ratio', 'failed', 'at origins', 'hanging ones ended'],
      rows: trickle.map((row) => [
        row.rival,
        row.without,
        row.with,
        row.with / row.without,
        row.failed,
        row.atOrigins,
        Object.entries(row.ended)
          .map(([how, count]) => `${count} × ${how}`)
          .join(', '),
      ]),
    },
  ];
}

function toMemory({ memory }: Results): Table[] {
  if (!memory) return [];
  return [
    {
      title: '(e) Resident memory of all processes of a server, at most, in MB',
      columns: ['server', 'over (b)', 'with 1,000 in flight', 'growth, %'],
      rows: memory.map(({ rival, near, hanging, growth }) => [
        rival,
        near && near / 1e6,
        hanging && hanging / 1e6,
        growth && growth * 100,
      ]),
    },
  ];
}

function toCpu({ cpu }: Results): Table[] {
  if (!cpu) return [];
  return [
    {
      title: '(f) CPU of a request for the JPEG, 32 connections',
      columns: ['server', 'µs, user and kernel', 'instructions, user'],
      rows: cpu.map(({ rival, micros, instructions }) => [rival, micros, instructions]),
    },
  ];
}

function toBounds(bounds: Bound[]): Table {
  return {
    title: 'Bounds',
    columns: ['figure', 'bound', 'measured', 'met'],
    rows: bounds.map(({ figure, bound, measured, met }) => [
      figure,
      bound,
      measured ?? 'not measured',
      met === undefined ? '' : met ? 'yes' : 'NO',
    ]),
  };
}
