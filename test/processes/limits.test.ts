import { expect, test } from 'vitest';
import { shareLimits, type TotalLimits } from '../../src/processes/limits.ts';

const shares = (total: TotalLimits, count: number) =>
  Array.from({ length: count }, (_, index) => shareLimits(total, index, count));

test('the shares of all processes are the limits', () => {
  const three = shares({ workers: 8, requestsQueueSize: 4, maxClients: 2048, streams: 4 }, 3);
  expect(three.map(({ workers }) => workers)).toEqual([3, 3, 2]);
  expect(three.map(({ queue }) => queue)).toEqual([2, 1, 1]);
  expect(three.map(({ clients }) => clients)).toEqual([683, 683, 682]);
  expect(three.map(({ streams }) => streams)).toEqual([2, 1, 1]);
});

test('no limit is none for each', () => {
  const [one] = shares({ workers: 8, requestsQueueSize: 0, maxClients: 0, streams: 3 }, 2);
  expect(one).toEqual({ workers: 4, queue: Infinity, clients: Infinity, streams: 2 });
});

test('each process may do something', () => {
  const two = shares({ workers: 1, requestsQueueSize: 1, maxClients: 1, streams: 1 }, 2);
  expect(two).toEqual([
    { workers: 1, queue: 1, clients: 1, streams: 1 },
    { workers: 1, queue: 0, clients: 1, streams: 1 },
  ]);
});
