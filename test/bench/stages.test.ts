import { expect, test } from 'vitest';
import { sumByStage, toShares } from '../../bench/stages/profile.ts';

const node = (id: number, functionName: string, url = '') => ({
  id,
  callFrame: { functionName, url },
});

test('sums the time of a profile by the stages of a request', () => {
  const sums = sumByStage({
    nodes: [
      node(1, '(idle)'),
      node(2, '(garbage collector)'),
      node(3, 'probe', 'file:///app/dist/native.js'),
      node(4, 'send', 'file:///app/dist/server/reply.js'),
      node(5, 'header', 'file:///app/dist/server/answer-headers.js'),
      node(6, 'onHeaders', 'file:///app/node_modules/undici/lib/dispatcher/client-h1.js'),
      node(7, 'wasm-function[20]', 'wasm://wasm/00034eea'),
      node(8, 'writeLatin1String'),
      node(9, 'unheard of', 'file:///app/node_modules/other/index.js'),
    ],
    samples: [1, 2, 3, 3, 4, 5, 6, 7, 8, 9],
    timeDeltas: [1000, 10, 20, 20, 15, 5, 10, 10, 5, 5],
  });
  expect(Object.fromEntries(sums)).toEqual({
    waits: 1000,
    'garbage collection': 10,
    'probe, read from the bytes to JSON': 40,
    'write the answer: send(2) to the client': 15,
    'server: headers, Reply, log, metrics': 5,
    'HTTP to the origin: undici, llhttp': 20,
    'write the request: write(2) to the origin': 5,
    others: 5,
  });
  const [first, ...rest] = toShares(sums);
  expect(first).toEqual(['probe, read from the bytes to JSON', 0.4]);
  expect(rest.map(([stage]) => stage)).not.toContain('waits');
});
