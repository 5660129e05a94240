// Probes each file that it is sent as the server does: a first range, then what is asked for.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { probeSync } from '../../dist/native.js';

const FIRST_RANGE = 65_536;
const MOST_ROUNDS = 1000;
const HEADERS = {
  dimensions: true,
  exif: true,
  exifCanonical: false,
  iptc: true,
  xmp: true,
  videoMeta: true,
  colorspace: false,
  bands: false,
  sampleFormat: false,
  pagesNumber: false,
};
const EVERYTHING = {
  ...HEADERS,
  colorspace: true,
  bands: true,
  sampleFormat: true,
  pagesNumber: true,
};

function read(fd, offset, length) {
  const data = Buffer.alloc(length);
  return data.subarray(0, readSync(fd, data, 0, length, offset));
}

function probe(fd, size, wanted) {
  const held = [{ offset: 0, data: read(fd, 0, Math.min(FIRST_RANGE, size)) }];
  let bytes = held[0].data.length;
  let ms = 0;
  for (let rounds = 1; rounds <= MOST_ROUNDS; rounds++) {
    const start = performance.now();
    const result = probeSync(held, size, wanted, false);
    ms = Math.max(ms, performance.now() - start);
    if ('failure' in result) return { failure: result.failure, rounds, bytes, ms };
    if (!('need' in result)) return { info: result, rounds, bytes, ms };
    for (const { offset, length } of result.need) {
      if (offset >= size) return { failure: `asks past the end, at ${offset}`, rounds, bytes, ms };
      const data = read(fd, offset, Math.min(length, size - offset));
      held.push({ offset, data });
      bytes += data.length;
    }
  }
  return { failure: 'asks without end', rounds: MOST_ROUNDS, bytes, ms };
}

process.on('message', (file) => {
  const fd = openSync(file, 'r');
  const { size } = fstatSync(fd);
  const headers = probe(fd, size, HEADERS);
  const all = probe(fd, size, EVERYTHING);
  const canonical = all.info && probe(fd, size, { ...HEADERS, exifCanonical: true }).info;
  closeSync(fd);
  // Rounds and bytes are those of the default options; the answer holds what costs more, too.
  process.send({
    ...headers,
    info: all.info,
    failure: all.failure,
    canonicalExif: canonical?.exif,
    size,
    all: { ...all, info: undefined },
  });
});
