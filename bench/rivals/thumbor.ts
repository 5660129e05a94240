import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../paths.ts';
import { installPython } from './built.ts';
import { type Rival, toPair } from './rival.ts';
import { startService } from './service.ts';

const FOLDER = join(CACHE, 'thumbor');
const CONFIG = join(CACHE, 'thumbor.conf');

/** thumbor's /meta, from PyPI. */
export const thumbor: Rival = {
  name: 'thumbor',
  how: 'thumbor 7.8.0 /meta; --processes, nothing stored',
  answers: 'dimensions',
  fetches: 'whole',
  prepare: () => installPython(FOLDER, 'thumbor', 'thumbor.txt'),
  start: ({ port, processes }) => {
    writeFileSync(CONFIG, "STORAGE = 'thumbor.storages.no_storage'\n");
    return startService({
      command: join(FOLDER, 'bin/thumbor'),
      args: [
        ...['--ip', '127.0.0.1', '--port', String(port), '--processes', String(processes)],
        ...['--conf', CONFIG, '--log-level', 'critical'],
      ],
      env: {},
      port,
    });
  },
  path: (source) => `/unsafe/meta/${encodeURIComponent(source)}`,
  readDimensions: ({ body }) => toPair(JSON.parse(body).thumbor?.source),
};
