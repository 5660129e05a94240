import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { OPTIONS } from '../../src/url/options/table.ts';

const PAGE = readFileSync('docs/options.md', 'utf8');
const NAMES = /^(`[a-z_]+`)( `[a-z_]+`)*$/;

/** First cells of the page's tables of options, as lists of names. */
function documented(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|')[1]!.trim())
    .filter((cell) => NAMES.test(cell))
    .map((cell) => cell.split(' ').map((name) => name.slice(1, -1)));
}

it('documents each option with all of its names, and no other', () => {
  const options = Object.entries(OPTIONS).map(([name, option]) => [name, ...option.aliases]);
  expect(documented(PAGE).toSorted()).toEqual(options.toSorted());
});

it('gives no two options one name', () => {
  const names = Object.entries(OPTIONS).flatMap(([name, option]) => [name, ...option.aliases]);
  expect(new Set(names).size).toBe(names.length);
});
