import { availableParallelism } from 'node:os';

import { int, seconds } from '../scalars.ts';
import { variable } from '../variable.ts';

/** How many processes serve, and what becomes of those that do not any more: imgpeek's own. */
export const processes = {
  processes: variable<number>({
    env: 'IMGPEEK_PROCESSES',
    type: int({ min: 1, max: 1024 }),
    default: {
      text: 'the number of CPU cores, and at most `IMGPROXY_WORKERS`',
      derive: ({ workers }) => Math.min(availableParallelism(), workers as number),
    },
    meaning: 'How many processes serve. One more supervises them.',
  }),
  probeTimeout: variable({
    env: 'IMGPEEK_PROBE_TIMEOUT',
    type: seconds({ min: 0.1 }),
    default: 5,
    meaning:
      'How long reading the held bytes of a file, or anything else that stalls a process, may take before the process is replaced. Decoding pixels is ended after as long, and where it cannot be ended the process is replaced after twice as long.',
  }),
  refuseTime: variable({
    env: 'IMGPEEK_REFUSE_TIME',
    type: seconds(),
    default: 600,
    meaning: 'How long a file that killed or stalled a process is refused; 0 never refuses one.',
  }),
  drainDelay: variable({
    env: 'IMGPEEK_DRAIN_DELAY',
    type: seconds(),
    default: 2,
    meaning:
      'How long `/health` answers 503 on SIGTERM, and requests are still taken, before listening stops.',
  }),
};
