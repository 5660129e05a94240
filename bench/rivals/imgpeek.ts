import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { type Rival, readFlatDimensions } from './rival.ts';
import { startService } from './service.ts';

/** What the benchmark is about, started as in production. */
export const imgpeek: Rival = {
  name: 'imgpeek',
  how: 'node dist/main.js serve',
  answers: 'everything',
  fetches: 'part',
  prepare: async () => undefined,
  start: ({ port, processes }) =>
    startService({
      command: process.execPath,
      args: [join(ROOT, 'dist/main.js'), 'serve'],
      env: {
        IMGPROXY_BIND: `127.0.0.1:${port}`,
        IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES: 'true',
        IMGPROXY_LOG_LEVEL: 'error',
        IMGPEEK_PROCESSES: String(processes),
      },
      port,
    }),
  path: (source) => `/info/_/plain/${encodeURIComponent(source)}`,
  readDimensions: readFlatDimensions,
};
