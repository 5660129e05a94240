import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** True where perf may count user-mode instructions here: not in most virtual machines. */
export function canCountInstructions(): boolean {
  const { status, stderr } = spawnSync('perf', ['stat', '-x,', '-e', 'instructions:u', 'true'], {
    encoding: 'utf8',
  });
  return status === 0 && parseInstructions(stderr) !== undefined;
}

/** Counts the user-mode instructions of processes until it is told to stop. */
export function countInstructions(pids: number[]): () => Promise<number | undefined> {
  const perf = spawn('perf', ['stat', '-x,', '-e', 'instructions:u', '-p', pids.join(',')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  perf.stderr.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  return async () => {
    const closed = once(perf, 'close');
    // perf prints what it counted when it is interrupted.
    perf.kill('SIGINT');
    await closed;
    return parseInstructions(text);
  };
}

/** Reads what `perf stat -x,` prints; undefined where the event is not supported or not counted. */
export function parseInstructions(text: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.includes('instructions:u'));
  const count = Number(line?.split(',')[0]);
  return line === undefined || Number.isNaN(count) ? undefined : count;
}
