import { join } from 'node:path';
import { BIN, buildGo } from './built.ts';
import { type Rival, readFlatDimensions } from './rival.ts';
import { startService } from './service.ts';

/** The rivals in Go; each is one process, of as many threads as the others have processes. */
export const goRivals: Rival[] = [
  {
    name: 'imagor',
    how: 'imagor 1.4.15 /meta; GOMAXPROCS',
    answers: 'dimensions and EXIF',
    fetches: 'whole',
    prepare: () => buildGo('imagor', 'github.com/cshum/imagor/cmd/imagor'),
    start: ({ port, processes }) =>
      startService({
        command: join(BIN, 'imagor'),
        args: ['-port', String(port), '-imagor-unsafe', '-server-address', '127.0.0.1'],
        env: { GOMAXPROCS: String(processes) },
        port,
      }),
    path: (source) => `/unsafe/meta/${encodeURIComponent(source)}`,
    readDimensions: readFlatDimensions,
  },
  {
    name: 'imaginary',
    how: 'imaginary 1.2.4 /info; GOMAXPROCS',
    answers: 'dimensions',
    fetches: 'whole',
    prepare: () => buildGo('imaginary', 'github.com/h2non/imaginary'),
    start: ({ port, processes }) =>
      startService({
        command: join(BIN, 'imaginary'),
        args: ['-a', '127.0.0.1', '-p', String(port), '-enable-url-source', '-log-level', 'error'],
        env: { GOMAXPROCS: String(processes) },
        port,
      }),
    path: (source) => `/info?url=${encodeURIComponent(source)}`,
    readDimensions: readFlatDimensions,
  },
  {
    name: 'imgproxy',
    how: 'imgproxy 3.30.1, open version, debug headers of a 16 × 16 thumbnail; GOMAXPROCS',
    answers: 'dimensions',
    fetches: 'whole',
    prepare: () => buildGo('imgproxy', 'github.com/imgproxy/imgproxy/v3'),
    start: ({ port, processes }) =>
      startService({
        command: join(BIN, 'imgproxy'),
        args: [],
        env: {
          GOMAXPROCS: String(processes),
          IMGPROXY_BIND: `127.0.0.1:${port}`,
          IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES: 'true',
          IMGPROXY_ENABLE_DEBUG_HEADERS: 'true',
          IMGPROXY_LOG_LEVEL: 'error',
        },
        port,
      }),
    path: (source) => `/_/rs:fit:16:16/plain/${encodeURIComponent(source)}@jpg`,
    readDimensions: ({ headers }) => {
      const width = Number(headers['x-origin-width']);
      const height = Number(headers['x-origin-height']);
      return width > 0 && height > 0 ? [width, height] : undefined;
    },
  },
];
