import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { type Info, probe } from '../../src/native.ts';
import { buildTiff, picture, short } from './image/tiff_files.ts';
import { EVERYTHING } from './probing.ts';

const file = buildTiff([picture(64, 48, short(258, 8), short(262, 1))]);
/** As the addon itself takes what is wanted. */
const ALL_BITS = 0b11_1111_1111;
const expected = { format: 'tiff', width: 64, height: 48, colorspace: 'b-w' };

/** Loads the addon in a thread of its own, and probes the file there. */
function probeInWorker(): Promise<Info> {
  const addon = resolve(process.env['IMGPEEK_ADDON'] ?? 'build/Release/imgpeek.node');
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { file, wanted, addon } = workerData;
    parentPort.postMessage(require(addon).probeSync([0, file], file.length, wanted, false, ''));`;
  return new Promise((answer, fail) => {
    let info: Info;
    new Worker(code, { eval: true, workerData: { file, wanted: ALL_BITS, addon } })
      .on('message', (message) => {
        info = message;
      })
      .on('error', fail)
      .on('exit', () => answer(info));
  });
}

test('answers in several threads, again after all of them are gone, and here', async () => {
  for (let round = 0; round < 3; round++) {
    for (const info of await Promise.all([probeInWorker(), probeInWorker()])) {
      expect(info).toMatchObject(expected);
    }
  }
  const held = [{ offset: 0, data: file }];
  const calls = Array.from({ length: 200 }, () => probe(held, file.length, EVERYTHING, false));
  for (const info of await Promise.all(calls)) expect(info).toMatchObject(expected);
});
