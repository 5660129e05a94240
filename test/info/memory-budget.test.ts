import { expect, test } from 'vitest';
import { Canceller } from '../../src/cancel.ts';
import { MemoryBudget } from '../../src/info/memory-budget.ts';

const never = new Canceller();

/** Work that is named once it has begun, and ends when it is told to. */
function workOf(begun: string[]) {
  const ends = new Map<string, (error?: Error) => void>();
  const start = (budget: MemoryBudget, name: string, bytes: number, signal = never) =>
    budget.spend(bytes, signal, () => {
      begun.push(name);
      return new Promise<string>((resolve, reject) => {
        ends.set(name, (error) => (error ? reject(error) : resolve(name)));
      });
    });
  return { start, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

test('work begins as far as there is memory for it, in the order of coming', async () => {
  const budget = new MemoryBudget(100);
  const begun: string[] = [];
  const { start, end } = workOf(begun);
  const first = start(budget, 'first', 60);
  const large = start(budget, 'large', 80);
  const small = start(budget, 'small', 10);
  await Promise.resolve();
  expect(begun).toEqual(['first']);
  end('first');
  await expect(first).resolves.toBe('first');
  await expect.poll(() => begun).toEqual(['first', 'large', 'small']);
  end('large');
  end('small');
  await Promise.all([large, small]);
});

test('what fails gives its memory back, and what is larger than all of it is done alone', async () => {
  const budget = new MemoryBudget(100);
  const begun: string[] = [];
  const { start, end } = workOf(begun);
  const failing = start(budget, 'failing', 1);
  const larger = start(budget, 'larger', 1000);
  await Promise.resolve();
  expect(begun).toEqual(['failing']);
  end('failing', new Error('broken'));
  await expect(failing).rejects.toThrow('broken');
  await expect.poll(() => begun).toEqual(['failing', 'larger']);
  end('larger');
  await expect(larger).resolves.toBe('larger');
});

test('who is gone waits no longer, and holds nobody up', async () => {
  const budget = new MemoryBudget(100);
  const begun: string[] = [];
  const { start, end } = workOf(begun);
  const first = start(budget, 'first', 50);
  const client = new Canceller();
  const gone = start(budget, 'gone', 100, client);
  const next = start(budget, 'next', 50);
  client.abort(new Error('left'));
  await expect(gone).rejects.toMatchObject({ code: 'CLIENT_GONE' });
  await expect.poll(() => begun).toEqual(['first', 'next']);
  await expect(start(budget, 'late', 1, client)).rejects.toMatchObject({ code: 'CLIENT_GONE' });
  end('first');
  end('next');
  await Promise.all([first, next]);
  expect(begun).not.toContain('late');
});

test('work takes more where there is more, and is refused at once where there is not', async () => {
  const budget = new MemoryBudget(100);
  const full = expect.objectContaining({ code: 'TOO_MANY_REQUESTS' });
  await budget.spend(10, never, async (extend) => {
    extend(60);
    extend(50);
    await budget.spend(30, never, async (extendOther) => {
      expect(() => extendOther(41)).toThrow(full);
      extendOther(40);
      expect(() => extend(61)).toThrow(full);
    });
    extend(100);
    extend(1_000);
  });
  const begun: string[] = [];
  const { start, end } = workOf(begun);
  const all = start(budget, 'all', 100);
  await Promise.resolve();
  expect(begun).toEqual(['all']);
  end('all');
  await all;
});
