import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NameMemory } from '../../../src/source/dns/memory.ts';
import type { Resolve } from '../../../src/source/dns/resolved.ts';

const FOUND = [{ address: '192.0.2.1', family: 4 }];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const resolvingFor = (ttl: number) => vi.fn<Resolve>(async () => ({ addresses: FOUND, ttl }));

const failingWith = (code: string) =>
  vi.fn<Resolve>(async () => {
    throw Object.assign(new Error(code), { code });
  });

/** How often the resolver is asked when a name is wanted at these seconds. */
async function asksAt(resolve: ReturnType<typeof resolvingFor>, seconds: number[]) {
  const memory = new NameMemory(resolve);
  let now = 0;
  for (const second of seconds) {
    vi.advanceTimersByTime((second - now) * 1_000);
    now = second;
    await memory.addressesOf('a.test').catch(() => {});
  }
  return resolve.mock.calls.length;
}

describe('the memory of names', () => {
  it('holds addresses for their TTL', async () => {
    expect(await asksAt(resolvingFor(20), [0, 10, 19.9])).toBe(1);
    expect(await asksAt(resolvingFor(20), [0, 10, 20.1])).toBe(2);
  });

  it('holds them for a second where the TTL is 0, and for a minute where it is a day', async () => {
    expect(await asksAt(resolvingFor(0), [0, 0.9])).toBe(1);
    expect(await asksAt(resolvingFor(0), [0, 1.1])).toBe(2);
    expect(await asksAt(resolvingFor(86_400), [0, 59])).toBe(1);
    expect(await asksAt(resolvingFor(86_400), [0, 61])).toBe(2);
  });

  it.each(['ENOTFOUND', 'ENODATA'])('holds %s for five seconds', async (code) => {
    expect(await asksAt(failingWith(code), [0, 4.9])).toBe(1);
    expect(await asksAt(failingWith(code), [0, 5.1])).toBe(2);
  });

  it.each(['ETIMEOUT', 'ESERVFAIL', 'EAI_AGAIN'])('does not hold %s', async (code) => {
    expect(await asksAt(failingWith(code), [0, 0])).toBe(2);
  });

  it('makes one of equal questions that are under way', async () => {
    const resolve = resolvingFor(0);
    const memory = new NameMemory(resolve);
    await Promise.all(Array.from({ length: 50 }, () => memory.addressesOf('a.test')));
    expect(resolve).toHaveBeenCalledTimes(1);
  });

  it('asks again for a host that could not be connected to, once a second at most', async () => {
    const resolve = resolvingFor(60);
    const memory = new NameMemory(resolve);
    await memory.addressesOf('a.test');
    memory.doubt('a.test');
    await memory.addressesOf('a.test');
    expect(resolve).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_000);
    memory.doubt('a.test');
    await memory.addressesOf('a.test');
    expect(resolve).toHaveBeenCalledTimes(2);
  });

  it('holds a thousand names at most', async () => {
    const resolve = resolvingFor(60);
    const memory = new NameMemory(resolve);
    for (let i = 0; i <= 1_000; i++) await memory.addressesOf(`${i}.test`);
    await memory.addressesOf('1000.test');
    expect(resolve).toHaveBeenCalledTimes(1_001);
    await memory.addressesOf('0.test');
    expect(resolve).toHaveBeenCalledTimes(1_002);
  });
});
