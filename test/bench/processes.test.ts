import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { Child } from '../../bench/child.ts';
import { watchMemory } from '../../bench/measure/process-tree.ts';
import { findPort, startService } from '../../bench/rivals/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'imgpeek-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a child that answers is asked, and ends when it is let go', async () => {
  const path = script(
    'answers.cjs',
    `process.on('message', () => process.send({ answer: 42 }));
     process.on('disconnect', () => process.exit());
     process.send('ready');`,
  );
  const child = new Child<string, { answer: number }>(path, []);
  expect(await child.ready).toBe('ready');
  expect(await child.ask()).toEqual({ answer: 42 });
  await child.stop();
  await expect(child.ask()).rejects.toThrow('ended: 0');
});

test('who waits for a child that ends is told', async () => {
  const child = new Child(script('ends.cjs', 'process.exitCode = 3;'), []);
  await expect(child.ready).rejects.toThrow('ended: 3');
  await expect(child.ask()).rejects.toThrow('ended: 3');
  await child.stop();
});

test('memory is watched no longer than the work lasts, that fails too', async () => {
  const samples: number[] = [];
  const work = () => sleep(50).then(() => Promise.reject(new Error('no load')));
  await expect(watchMemory(process.pid, samples, work, 10)).rejects.toThrow('no load');
  expect(samples.length).toBeGreaterThan(2);
  const { length } = samples;
  await sleep(50);
  expect(samples).toHaveLength(length);
});

test('a server that ends takes with it those that it started', async () => {
  const port = await findPort();
  const path = script(
    'server.cjs',
    `const { spawn } = require('node:child_process');
     const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
     require('node:http').createServer((_, res) => {
       res.end(String(child.pid), () => process.exit(1));
     }).listen(${port}, '127.0.0.1');`,
  );
  const service = await startService({
    ...{ command: process.execPath, args: [path], env: {}, port },
  });
  const left = Number(await (await fetch(service.base)).text());
  await service.stop();
  for (let i = 0; i < 100 && isAlive(left); i++) await sleep(20);
  expect(isAlive(left)).toBe(false);
});
