// Keeps many requests under way: node hang.js BASE PATH-TEMPLATES COUNT
// Each takes the next template in turn, with a number of its own, and asks anew when it has ended.
// They begin over some seconds, so that their deadlines do not pass all at once.
import { Agent, get } from 'node:http';
import { NUMBER } from './wrk.ts';

/** Over how long the requests begin, in ms. */
const SPREAD = 5_000;
/** How long one waits that was refused at once, so that refusals are no load of their own. */
const PAUSE = 1_000;

const [base = '', templates = '[]', count = '0'] = process.argv.slice(2);
const paths: string[] = JSON.parse(templates);
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const ended: Record<string, number> = {};
let begun = 0;
let underWay = 0;

function ask(slot: number): void {
  const path = paths[slot % paths.length] as string;
  const started = performance.now();
  let over = false;
  underWay++;
  const end = (how: string) => {
    if (over) return;
    over = true;
    underWay--;
    ended[how] = (ended[how] ?? 0) + 1;
    setTimeout(() => ask(slot), performance.now() - started < PAUSE ? PAUSE : 0);
  };
  get(base + path.replace(NUMBER, `9${begun++}`), { agent }, (response) => {
    response.resume().once('close', () => end(String(response.statusCode)));
  }).once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
}

for (let slot = 0; slot < Number(count); slot++) {
  setTimeout(() => ask(slot), (slot / Number(count)) * SPREAD);
}
setTimeout(() => process.send?.('ready'), SPREAD + 500);
process.on('message', () => process.send?.({ underWay, ended }));
process.on('disconnect', () => process.exit());
