import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERRORS, RequestError } from '../src/errors.ts';

test('the table in the docs is the table in the code', () => {
  const page = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| ([^|]+) \|/gm)];
  const documented = rows.map(([, code, status, message]) => [
    code,
    { status: Number(status), message },
  ]);
  expect(Object.fromEntries(documented)).toEqual(ERRORS);
});

test('an error has the status of its code, or the one that it is given', () => {
  expect(new RequestError('SOURCE_UNREACHABLE', 'refused').status).toBe(404);
  expect(new RequestError('SOURCE_UNREACHABLE', 'origin', { status: 410 }).status).toBe(410);
});
