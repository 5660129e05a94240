import { describe, expect, it } from 'vitest';
import { RequestError } from '../../src/errors.ts';
import { Body, type Flow } from '../../src/source/body.ts';
import { bytesOf, expectHeld, held, patterned } from './fetching.ts';

const READ_AHEAD = 64 * 1024;

class Tap implements Flow {
  readonly calls: string[] = [];
  pause(): void {
    this.calls.push('pause');
  }
  resume(): void {
    this.calls.push('resume');
  }
}

const FILE = patterned(300_000);

function bodyOf(pieces: number, start = 0, stop?: number): { body: Body; tap: Tap } {
  const tap = new Tap();
  const body = new Body(tap, start, stop);
  for (let at = 0; at < FILE.length; at += pieces) body.push(FILE.subarray(at, at + pieces));
  return { body, tap };
}

describe('a body', () => {
  it('gives what arrived before anyone read', async () => {
    const { body } = bodyOf(10_000);
    const chunks = await body.read([{ offset: 0, length: 100_000 }]);
    expectHeld(chunks, FILE, 0, 100_000);
    expect(body.position).toBe(100_000);
  });

  it('drops what lies before the ranges', async () => {
    const { body } = bodyOf(10_000);
    const ranges = [
      { offset: 55_000, length: 10 },
      { offset: 200_000, length: 10 },
    ];
    const chunks = await body.read(ranges);
    expectHeld(chunks, FILE, 55_000, 10);
    expectHeld(chunks, FILE, 200_000, 10);
    expect(bytesOf(chunks)).toBe(20_000);
  });

  it('loses nothing between one read and the next', async () => {
    const { body } = bodyOf(7_777);
    const first = await body.read([{ offset: 0, length: 10 }]);
    const second = await body.read([{ offset: 10, length: 100_000 }]);
    const both = [...first, ...second];
    expectHeld(both, FILE, 0, 100_010);
  });

  it('gives what is left of a range that it has partly passed', async () => {
    const { body } = bodyOf(10_000);
    await body.read([{ offset: 20_000, length: 1 }]);
    const chunks = await body.read([{ offset: 25_000, length: 10_000 }]);
    expect(chunks[0]?.offset).toBe(30_000);
  });

  it('makes the origin wait while nobody reads', async () => {
    const tap = new Tap();
    const body = new Body(tap);
    body.push(FILE.subarray(0, READ_AHEAD - 1));
    expect(tap.calls).toEqual([]);
    body.push(FILE.subarray(READ_AHEAD - 1, READ_AHEAD));
    expect(tap.calls).toEqual(['pause']);
    await body.read([{ offset: 0, length: 10 }]);
    const reading = body.read([{ offset: READ_AHEAD, length: 1 }]);
    expect(tap.calls).toEqual(['pause', 'resume']);
    body.push(FILE.subarray(READ_AHEAD, READ_AHEAD + 10));
    expect(bytesOf(await reading)).toBe(10);
  });

  it('comes short where it ends', async () => {
    const { body } = bodyOf(50_000);
    const reading = body.read([{ offset: 299_000, length: 5_000 }]);
    body.end();
    expectHeld(await reading, FILE, 299_000, 1_000);
    expect(body.endedAt).toBe(FILE.length);
    expect(await body.read([{ offset: 400_000, length: 1 }])).toEqual([]);
  });

  it('keeps what it had when it fails', async () => {
    const { body } = bodyOf(50_000);
    const error = new RequestError('SOURCE_INCOMPLETE', 'broke off');
    body.fail(error);
    expect(bytesOf(await body.read([{ offset: 0, length: 1_000_000 }]))).toBe(300_000);
    expect(body.failure).toBe(error);
  });

  it('stands where its Content-Range says, and ends there', async () => {
    const { body } = bodyOf(10_000, 1_000_000, 1_025_000);
    const chunks = await body.read([{ offset: 1_000_000, length: 100_000 }], 1_025_000);
    expect(bytesOf(chunks)).toBe(25_000);
    expect(held(chunks, 1_000_000, 25_000).equals(FILE.subarray(0, 25_000))).toBe(true);
  });

  it('does not read on past a limit', async () => {
    const { body } = bodyOf(10_000);
    const ranges = [
      { offset: 95_000, length: 50_000 },
      { offset: 200_000, length: 1 },
    ];
    const chunks = await body.read(ranges, 100_000);
    expect(body.position).toBe(100_000);
    expect(bytesOf(chunks)).toBe(10_000);
  });

  it('puts bytes that come one by one together', async () => {
    const { body } = bodyOf(1);
    const chunks = await body.read([{ offset: 0, length: 40_000 }]);
    expectHeld(chunks, FILE, 0, 40_000);
    expect(chunks.length).toBeLessThan(10);
  });

  it('keeps large pieces without a copy', async () => {
    const { body } = bodyOf(20_000);
    const [chunk] = await body.read([{ offset: 0, length: 20_000 }]);
    expect(chunk?.data.buffer).toBe(FILE.buffer);
  });
});
