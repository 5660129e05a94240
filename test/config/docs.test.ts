import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { toMarkdown } from '../../src/config/markdown.ts';
import { GROUPS, VARIABLES } from '../../src/config/table.ts';

it('documents each variable as the table of variables has it', async () => {
  const page = readFileSync('docs/configuration.md', 'utf8');
  const introduction = page.slice(0, page.indexOf('\n## ') + 1);
  // `vitest run test/config -u` writes the page anew.
  await expect(introduction + toMarkdown()).toMatchFileSnapshot('../../docs/configuration.md');
});

it('has each variable once, in one group', () => {
  const grouped = Object.values(GROUPS).flatMap((group) => Object.keys(group));
  expect(grouped.toSorted()).toEqual(Object.keys(VARIABLES).toSorted());
  const names = Object.values(VARIABLES).map((variable) => variable.env);
  expect(new Set(names).size).toBe(names.length);
});
