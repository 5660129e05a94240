import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { possible, runInside } from './own-network.ts';

/** What `names/inside.mjs` reports. */
interface Report {
  /** Statuses of a local file, of two names that the name server knows, and of localhost. */
  others: number[][];
  /** Requests for silent names that were still waiting when the others were answered. */
  unanswered: number;
  /** Questions for A records. */
  asked: { long: number; minio: number; shortAtOnce: number; shortLater: number };
}

describe.skipIf(!possible)('a name server that does not answer for 40 names', () => {
  let report: Report;

  test('holds up neither files, nor probes, nor other names', { timeout: 120_000 }, () => {
    const inside = fileURLToPath(new URL('./names/inside.mjs', import.meta.url));
    report = runInside(inside, { resolvConf: 'search search.test\n' }) as Report;
    expect(report.others).toEqual(Array(10).fill([200, 200, 200, 200]));
    expect(report.unanswered).toBe(40);
  });

  test('is asked once for a name within its TTL', () => {
    expect(report.asked).toMatchObject({ long: 1, minio: 1, shortAtOnce: 1 });
  });

  test('is asked again for a name whose TTL is over', () => {
    expect(report.asked.shortLater).toBe(2);
  });
});
