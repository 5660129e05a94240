import { expect, test } from 'vitest';
import { type FileCost, summarize } from '../../bench/figures/origin.ts';
import { parseOptions } from '../../bench/options.ts';
import { checkBounds } from '../../bench/report/bounds.ts';
import type { Results } from '../../bench/report/results.ts';
import { drawChart } from '../../bench/report/svg.ts';
import { writeTable } from '../../bench/report/table.ts';

test('a table has numbers to the right and a dash for a gap', () => {
  const text = writeTable({
    title: 'T',
    columns: ['name', 'n'],
    rows: [
      ['a', 12345.6],
      ['long', undefined],
    ],
  });
  expect(text).toBe('T\nname       n\n────  ──────\na     12,346\nlong       –\n');
});

test('a bar is as long as its value says, and text is escaped', () => {
  const bars = [
    { label: '<us>', value: 50, ours: true },
    { label: 'them', value: 100 },
  ];
  const svg = drawChart({ title: 'A & B', subtitle: '', panels: [{ title: 'p', bars }] });
  const widths = [...svg.matchAll(/<rect class="(\w+)".*? width="([\d.]+)"/g)];
  expect(widths.map(([, kind]) => kind)).toEqual(['ours', 'bar']);
  expect(Number(widths[1]?.[2])).toBeCloseTo(2 * Number(widths[0]?.[2]), 0);
  expect(svg).toContain('&#60;us&#62;');
  expect(svg).not.toContain('A & B');
});

const file = (path: string, size: number, requests: number, bytes: number): FileCost => ({
  ...{ path, size, requests, bytes },
  status: 200,
});

test('files that were refused count in no share', () => {
  const refused = { ...file('png/c', 10, 9, 10), status: 422 };
  const figure = summarize([
    file('png/a', 1_000_000, 1, 65_536),
    file('jpeg/b', 10, 2, 10),
    refused,
  ]);
  expect(figure).toMatchObject({ inOneShare: 0.5, mostRequests: 2, largeShare: 0.065536 });
  expect(figure.formats).toMatchObject([
    { format: 'png', files: 2, answered: 1 },
    { format: 'jpeg', files: 1, answered: 1 },
  ]);
});

test('a bound is met, missed or not measured', () => {
  const cell = (rival: string, rate: number) => ({
    ...{ rival, rate, file: 'JPEG', connections: 32 },
    ...{ p50: 1, p99: 1, requests: 1, failed: 0 },
  });
  const results = {
    entrants: [
      { name: 'imgpeek', how: '', answers: 'everything' },
      { name: 'sharp', how: '', answers: 'dimensions and EXIF' },
      { name: 'imagor', how: '', answers: 'dimensions and EXIF' },
      { name: 'image-size', how: '', answers: 'dimensions' },
    ],
    near: {
      cells: [
        cell('imgpeek', 500),
        cell('sharp', 100),
        cell('imagor', 400),
        cell('image-size', 450),
      ],
      absent: [],
    },
  } as unknown as Results;
  const bounds = checkBounds(results);
  const find = (text: string) => bounds.find(({ figure }) => figure.includes(text));
  expect(find('fetch + sharp')).toMatchObject({ measured: '5×', met: true });
  expect(find('best other')).toMatchObject({ measured: '1.25×', met: false });
  expect(find('ceiling')?.met).toBeUndefined();
});

test('a figure or a count that does not exist is refused', () => {
  expect(() => parseOptions(['--figures', 'z'], {})).toThrow('no figure "z"');
  expect(() => parseOptions(['--seconds', '0.5'], {})).toThrow('no count');
  expect(parseOptions(['--quick'], {})).toMatchObject({ rounds: 1, connections: [32] });
});
