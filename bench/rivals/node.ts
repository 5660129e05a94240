import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { type Rival, readFlatDimensions } from './rival.ts';
import { startService } from './service.ts';

const SERVERS = join(ROOT, 'bench/rivals/servers');

/** The rivals that are small servers of ours in Node: what a user would write with each library. */
export const nodeRivals: Rival[] = [
  {
    ...createNodeRival('ceiling'),
    how: 'uWebSockets.js + undici, one ranged GET of 64 KiB, no parsing; one process a core',
    answers: 'nothing',
    fetches: 'part',
  },
  {
    ...createNodeRival('sharp'),
    how: 'fetch + sharp().metadata() of the whole file, EXIF undecoded; node:cluster',
    answers: 'dimensions and EXIF',
    fetches: 'whole',
    readDimensions: readFlatDimensions,
  },
  {
    ...createNodeRival('sharp-range'),
    how: 'the same of the first 64 KiB',
    answers: 'dimensions and EXIF',
    fetches: 'part',
    readDimensions: readFlatDimensions,
  },
  {
    ...createNodeRival('probe-image-size'),
    how: 'from a stream, which it ends; node:cluster',
    answers: 'dimensions',
    fetches: 'part',
    readDimensions: readFlatDimensions,
  },
  {
    ...createNodeRival('image-size'),
    how: 'from a stream, tried at each piece until it can tell; node:cluster',
    answers: 'dimensions',
    fetches: 'part',
    readDimensions: readFlatDimensions,
  },
  {
    ...createNodeRival('exiftool'),
    how: 'exiftool-vendored kept running, one a core, on the whole file; one Node process',
    answers: 'everything',
    fetches: 'whole',
    readDimensions: ({ body }) => {
      const { ImageWidth, ImageHeight } = JSON.parse(body);
      return ImageWidth > 0 && ImageHeight > 0 ? [ImageWidth, ImageHeight] : undefined;
    },
  },
];

function createNodeRival(name: string): Pick<Rival, 'name' | 'prepare' | 'start' | 'path'> {
  return {
    name,
    prepare: async () => undefined,
    start: ({ port, processes }) =>
      startService({
        command: process.execPath,
        args: [join(SERVERS, `${name}.mjs`), String(port), String(processes)],
        env: {},
        port,
      }),
    path: (source) => `/?url=${encodeURIComponent(source)}`,
  };
}
