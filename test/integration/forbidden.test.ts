import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ADDRESSES, WAYS } from './forbidden/ways.mjs';
import { possible, runInside } from './own-network.ts';

/** What one question came to, and whether the canary behind the address was connected to. */
interface Outcome {
  status: number;
  body: string;
  touched: boolean;
}

interface Tried {
  name: string;
  reaches: boolean;
  direct: Outcome;
  redirected: Outcome;
  allowed?: Outcome;
  allowedRedirected?: Outcome;
}

interface Report {
  control: Outcome;
  ways: Tried[];
  changing: Outcome[];
}

function tryAll(): Report {
  const inside = fileURLToPath(new URL('./forbidden/inside.mjs', import.meta.url));
  return runInside(inside, { addresses: ADDRESSES }) as Report;
}

describe.skipIf(!possible)('a source whose address is forbidden', () => {
  const refused = { status: 404, body: 'Invalid source URL', touched: false };
  let report: Report;
  const tried = (name: string) => report.ways.find((way) => way.name === name) as Tried;

  test('is none where the address is public', { timeout: 120_000 }, () => {
    report = tryAll();
    expect(report.control).toMatchObject({ status: 200, touched: false });
  });

  test.each(WAYS.map(({ name }) => name))('is refused by %s', (name) => {
    expect(tried(name).direct).toEqual(refused);
  });

  test.each(
    WAYS.filter(({ url }) => !url.includes('\n')).map(({ name }) => name),
  )('is refused after a redirect by %s', (name) => {
    expect(tried(name).redirected).toEqual(refused);
  });

  test.each(
    WAYS.filter(({ reaches }) => reaches).map(({ name }) => name),
  )('is reached by %s where its class is allowed', (name) => {
    const { allowed, allowedRedirected } = tried(name);
    expect(allowed).toMatchObject({ status: 200, touched: true });
    expect(allowedRedirected).toMatchObject({ status: 200, touched: true });
  });

  test('is never connected to by a name whose address changes', () => {
    expect(report.changing.some(({ touched }) => touched)).toBe(false);
    const statuses = new Set(report.changing.map(({ status }) => status));
    expect([...statuses].every((status) => status === 200 || status === 404)).toBe(true);
  });
});
