import { afterEach, describe, expect, it, vi } from 'vitest';
import { SystemResolver } from '../../../src/source/dns/system.ts';

const FOUND = [{ address: '192.0.2.1', family: 4 }];
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  vi.useRealTimers();
});

/** A system's resolver that answers when it is told to. */
function held() {
  const asked: { name: string; answer: () => void; fail: () => void }[] = [];
  const system = new SystemResolver(
    (name) =>
      new Promise((resolve, reject) => {
        asked.push({ name, answer: () => resolve(FOUND), fail: () => reject(new Error('no')) });
      }),
  );
  return { asked, system };
}

describe('the system’s resolver', () => {
  it('is asked for two names at once, and for the next when one is answered', async () => {
    const { asked, system } = held();
    const answers = ['a', 'b', 'c', 'd'].map((name) => system.resolve(name));
    await nextTurn();
    expect(asked.map(({ name }) => name)).toEqual(['a', 'b']);
    asked[1]?.answer();
    expect(await answers[1]).toEqual(FOUND);
    await nextTurn();
    expect(asked.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    asked[2]?.fail();
    await expect(answers[2]).rejects.toThrow('no');
    await nextTurn();
    asked[0]?.answer();
    asked[3]?.answer();
    expect(await Promise.all([answers[0], answers[3]])).toEqual([FOUND, FOUND]);
    void system.resolve('e');
    void system.resolve('f');
    void system.resolve('g');
    await nextTurn();
    expect(asked.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('is not asked for a name that waited longer than anybody does', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { asked, system } = held();
    const answers = ['a', 'b', 'late'].map((name) => system.resolve(name));
    await nextTurn();
    vi.advanceTimersByTime(5_001);
    asked[0]?.answer();
    await expect(answers[2]).rejects.toMatchObject({ code: 'EAI_AGAIN' });
    expect(asked.map(({ name }) => name)).toEqual(['a', 'b']);
    const next = system.resolve('next');
    await nextTurn();
    asked[2]?.answer();
    expect(await next).toEqual(FOUND);
  });
});
