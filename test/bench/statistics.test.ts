import { expect, test } from 'vitest';
import { parseOutcome } from '../../bench/load/wrk.ts';
import { parseInstructions } from '../../bench/measure/instructions.ts';
import { listTree, parseStat, readUsage } from '../../bench/measure/process-tree.ts';
import { growth, median } from '../../bench/measure/statistics.ts';

test('the median of an even count is the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 1, 2, 4])).toBe(3);
  expect(() => median([])).toThrow('no numbers');
});

test('growth compares the quarters, and one spike counts for nothing', () => {
  expect(growth([100, 100, 100, 500, 100, 100, 900, 100, 100, 110, 110, 110])).toBeCloseTo(0.1);
  expect(growth([7])).toBe(0);
});

test('a line of /proc/PID/stat is read past a name with spaces and parentheses', () => {
  const line = `42 (a) b (c) S 7 ${'0 '.repeat(9)}150 50 30 20 0`;
  expect(parseStat(line)).toEqual({ pid: 42, parent: 7, cpu: 2.5 });
});

test('a process tree holds its root and takes memory', () => {
  expect(listTree(process.pid)[0]).toBe(process.pid);
  expect(readUsage(process.pid).memory).toBeGreaterThan(1_000_000);
});

test('instructions are read where perf counted them, and only there', () => {
  expect(parseInstructions('123456,,instructions:u,1000,100.00,,\n')).toBe(123456);
  expect(parseInstructions('<not supported>,,instructions:u,0,100.00,,\n')).toBeUndefined();
  expect(parseInstructions('')).toBeUndefined();
});

test('what the script reports is found among the words of wrk', () => {
  const text = 'Running 1s test\n  Latency 5ms\n\n@{"requests":10,"p50":1.5}\n';
  expect(parseOutcome(text)).toEqual({ requests: 10, p50: 1.5 });
  expect(() => parseOutcome('unable to connect')).toThrow('unable to connect');
});
