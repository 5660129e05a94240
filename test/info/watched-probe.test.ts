import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WatchedProbe } from '../../src/info/watched-probe.ts';
import type { RunningCall } from '../../src/native.ts';
import { NOTHING } from '../native/pixels/analyzing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NEVER = new Promise<never>(() => {});

/** A watch over calls that never come back, with a limit of a second. */
function watch(running: () => RunningCall[]) {
  const stuck: string[] = [];
  const watched = new WatchedProbe(
    {
      probe: () => NEVER,
      analyze: () => NEVER,
      analyzeFrame: () => NEVER,
      running,
      giveUp: () => {},
    },
    { timeout: 1000, onStuck: (key) => stuck.push(key) },
  );
  return { watched, stuck };
}

test.each([
  ['a probe', false, 1_000, 1_250],
  ['decoding, which ends itself at the limit where it can,', true, 2_000, 2_250],
])('%s is late after a while', async (_, decodes, early, late) => {
  const { watched, stuck } = watch(() => [{ key: 'a', serial: 1, decodes }]);
  const call = decodes
    ? watched.analyze(new Uint8Array(), 'png', NOTHING, 'a')
    : watched.probe([], 0, {} as never, false, 'a');
  const failure = Promise.resolve(call).catch((error: unknown) => error);
  vi.advanceTimersByTime(early);
  expect(stuck).toEqual([]);
  vi.advanceTimersByTime(late - early);
  expect(stuck).toEqual(['a']);
  expect(await failure).toMatchObject({ code: 'INVALID_SOURCE_IMAGE' });
});

test('calls that wait for a thread are not late', () => {
  const { watched, stuck } = watch(() => []);
  void watched.analyze(new Uint8Array(), 'png', NOTHING, 'a');
  vi.advanceTimersByTime(60_000);
  expect(stuck).toEqual([]);
});
