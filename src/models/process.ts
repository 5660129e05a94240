import { constants, setPriority } from 'node:os';
import { type LoadedNet, loadNet } from './loaded-net.ts';
import type { FromNetProcess, ToNetProcess } from './messages.ts';
import { NetMistake } from './net.ts';

/**
 * A process that does nothing but to ask one net: ONNX Runtime keeps the thread that asks it until it
 * has an answer. It is ended from outside, at any moment.
 */
function main(): void {
  // A service manager and a terminal send their signals to all processes: the parent's word counts.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});
  // Nothing is to be tidied up, and the runtime's threads need not be waited for.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  giveWay();

  let loaded: LoadedNet | undefined;
  process.on('message', async (message: ToNetProcess) => {
    try {
      if (message.type === 'load') {
        loaded = await loadNet(message.net, message.threads);
        reply({ type: 'ready' });
      } else {
        reply({ type: 'answer', answer: await loaded!(message.pixels) });
      }
    } catch (error) {
      const { message: text } = error as Error;
      reply({ type: 'failed', message: text, mistake: error instanceof NetMistake });
    }
  });
}

/** Has those who ask for headers not wait for a processor while nets take them all. */
function giveWay(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // A sandbox may forbid it; then they share the processors as any two processes do.
  }
}

function reply(message: FromNetProcess): void {
  process.send?.(message, () => {});
}

main();
