import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a server may take until it listens, in ms. */
const START_TIMEOUT = 20_000;
/** How long it may take to end when it is asked to, in ms. */
const STOP_TIMEOUT = 5_000;

/** Process groups that run. They get no Ctrl-C of the terminal, so that they are ended with us. */
const running = new Set<number>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const pid of running) signalGroup(pid, 'SIGKILL');
    process.exit(1);
  });
}

/** A server that the benchmark started. */
export interface Service {
  /** Where it answers, such as `http://127.0.0.1:40123`. */
  base: string;
  /** The root of its process tree. */
  pid: number;
  stop(): Promise<void>;
}

/** What is to be started, and where it will listen. */
export interface Command {
  command: string;
  args: string[];
  env: Record<string, string>;
  port: number;
}

/**
 * Starts a server in a process group of its own and waits until it listens.
 *
 * @throws Error with the end of what it wrote, where it ends before that or takes too long.
 */
export async function startService({ command, args, env, port }: Command): Promise<Service> {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  const keep = (piece: Buffer) => {
    said = (said + piece.toString()).slice(-2_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    running.delete(child.pid ?? 0);
    // Those that it started and left behind.
    signalGroup(child.pid ?? 0, 'SIGKILL');
    failure ??= `it ended with ${code ?? signal}: ${said.trim()}`;
  });
  const pid = child.pid ?? 0;
  if (pid > 0) running.add(pid);
  const stop = async () => {
    if (failure !== undefined) return;
    const exit = once(child, 'exit');
    signalGroup(pid, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), STOP_TIMEOUT);
    await exit;
    clearTimeout(timer);
  };
  const deadline = performance.now() + START_TIMEOUT;
  while (failure === undefined && !(await listens(port))) {
    if (performance.now() > deadline) {
      await stop();
      failure = `it did not listen within ${START_TIMEOUT} ms: ${said.trim()}`;
    }
    await sleep(50);
  }
  if (failure !== undefined) throw new Error(`${command}: ${failure}`);
  return { base: `http://127.0.0.1:${port}`, pid, stop };
}

/** Signals all processes of a group that are left. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (pid <= 0) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A port of the loopback that is free now. */
export async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
