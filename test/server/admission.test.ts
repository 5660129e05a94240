import { expect, test } from 'vitest';
import { Canceller } from '../../src/cancel.ts';
import { RequestError } from '../../src/errors.ts';
import { Admission, type Release } from '../../src/server/admission.ts';

const patient = () => new Canceller();

test('who waits is admitted in turn, as others are done', async () => {
  const admission = new Admission({ workers: 1, queue: Infinity });
  const order: string[] = [];
  const release = await admission.acquire(patient());
  const note = (name: string) => (free: Release) => {
    order.push(name);
    return free;
  };
  const second = admission.acquire(patient()).then(note('second'));
  const third = admission.acquire(patient()).then(note('third'));
  expect([admission.working, admission.waiting]).toEqual([1, 2]);
  release();
  (await second)();
  (await third)();
  expect(order).toEqual(['second', 'third']);
  expect([admission.working, admission.waiting]).toEqual([0, 0]);
});

test('a place is given back once', async () => {
  const admission = new Admission({ workers: 2, queue: 0 });
  const release = await admission.acquire(patient());
  await admission.acquire(patient());
  release();
  release();
  expect(admission.working).toBe(1);
});

test('what no queue holds is refused', async () => {
  const admission = new Admission({ workers: 1, queue: 1 });
  await admission.acquire(patient());
  void admission.acquire(patient());
  await expect(admission.acquire(patient())).rejects.toMatchObject({ status: 429 });
});

test('who gives up waiting leaves the queue, and takes no place', async () => {
  const admission = new Admission({ workers: 1, queue: 1 });
  const release = await admission.acquire(patient());
  const canceller = patient();
  const waiting = admission.acquire(canceller);
  canceller.abort(new RequestError('TIMEOUT', 'late'));
  await expect(waiting).rejects.toMatchObject({ code: 'TIMEOUT' });
  release();
  expect([admission.working, admission.waiting]).toEqual([0, 0]);
});
