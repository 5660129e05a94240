import { type Chunk, type Info, probeSync, type Wanted } from '../../src/native.ts';

/** Dimensions and nothing else. */
export const DIMENSIONS: Wanted = {
  dimensions: true,
  exif: false,
  exifCanonical: false,
  iptc: false,
  xmp: false,
  videoMeta: false,
  colorspace: false,
  bands: false,
  sampleFormat: false,
  pagesNumber: false,
};

/** The options that are on by default. */
export const DEFAULTS: Wanted = {
  ...DIMENSIONS,
  exif: true,
  iptc: true,
  xmp: true,
  videoMeta: true,
};

/** All that can be answered from the headers. */
export const EVERYTHING: Wanted = {
  ...DEFAULTS,
  colorspace: true,
  bands: true,
  sampleFormat: true,
  pagesNumber: true,
};

/** What a probe over a file found, and what it had to fetch for it. */
export interface Probed {
  info: Info;
  /** Rounds of fetching, the first range included. */
  rounds: number;
  /** Bytes fetched. */
  bytes: number;
}

/**
 * Probes a file as the server does: from its first bytes, then with what the probe asks for.
 *
 * @throws Error with the probe's reason where it fails, or where it asks without end.
 */
export function probeInRounds(file: Uint8Array, wanted = DEFAULTS, firstRange = 65536): Probed {
  const held: Chunk[] = [{ offset: 0, data: file.subarray(0, firstRange) }];
  let bytes = Math.min(firstRange, file.length);
  for (let rounds = 1; rounds <= 1000; rounds++) {
    const result = probeSync(held, file.length, wanted, false);
    if ('failure' in result) throw new Error(result.failure);
    if (!('need' in result)) return { info: withoutAbsent(result), rounds, bytes };
    for (const { offset, length } of result.need) {
      const data = file.subarray(offset, Math.min(file.length, offset + length));
      if (data.length === 0) throw new Error(`asked for nothing at ${offset}`);
      held.push({ offset, data });
      bytes += data.length;
    }
  }
  throw new Error('asks without end');
}

/** What is absent is undefined in an answer, which would pass for a property of it. */
function withoutAbsent(info: Info): Info {
  return Object.fromEntries(
    Object.entries(info).filter(([, value]) => value !== undefined),
  ) as unknown as Info;
}

/** Probes a file that is held whole. */
export function probeWhole(file: Uint8Array, wanted = DEFAULTS): Info {
  return probeInRounds(file, wanted, file.length).info;
}
