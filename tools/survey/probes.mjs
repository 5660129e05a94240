// Runs the addon over files, in children, so that a crash or a hang costs one file and is told.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./probe-child.mjs', import.meta.url));
// Far more than a probe may take: what passes it hangs.
const HANG_MS = 20_000;

/** A map from file to `{info | failure, rounds, bytes, size, ms}`. */
export async function probeAll(files, jobs) {
  const results = new Map();
  const queue = [...files].reverse();
  await Promise.all(Array.from({ length: jobs }, () => work(queue, results)));
  return results;
}

async function work(queue, results) {
  while (queue.length > 0) {
    const child = fork(CHILD);
    let alive = true;
    while (alive && queue.length > 0) {
      const file = queue.pop();
      const result = await ask(child, file);
      results.set(file, result);
      alive = result.death === undefined;
    }
    child.kill('SIGKILL');
  }
}

function ask(child, file) {
  return new Promise((resolve) => {
    const done = (result) => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(result);
    };
    const timer = setTimeout(() => done({ death: 'hang' }), HANG_MS);
    child.once('message', done);
    child.once('exit', (code, signal) => done({ death: `crash ${signal ?? code}` }));
    child.send(file);
  });
}
