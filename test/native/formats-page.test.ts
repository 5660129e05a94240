import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/formats.md');

const inCode = (path: string, pattern: RegExp) =>
  [...read(path).matchAll(pattern)].map((match) => match[1] as string);

test.each([
  ...inCode('native/formats.cc', /^ {4}Format\{"(\w+)"/gm),
  ...inCode('native/video/demuxer.cc', /"(mov,[\w,]+)"/g).flatMap((names) => names.split(',')),
])('%s has its place on the page of formats', (name) => {
  expect(page).toContain(`\`${name}\``);
});
