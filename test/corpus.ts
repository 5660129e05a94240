import { existsSync, readFileSync } from 'node:fs';

/** The folder of the shared corpus; it need not exist. */
export const CORPUS = new URL('../../shared/corpus/', import.meta.url).pathname;

export const hasCorpus = existsSync(`${CORPUS}manifest.json`);

/** A row of the manifest, as far as the tests look at it. */
export interface Entry {
  path: string;
  bytes: number;
  reference: {
    format: string | null;
    width?: number;
    height?: number;
    orientation?: number | null;
    displayed_width?: number;
    displayed_height?: number;
    pages?: number | null;
    has_exif: boolean;
    has_iptc: boolean;
    has_xmp: boolean;
    photoshop_resolution?: {
      x: number;
      y: number;
      displayed_units_x: string;
      displayed_units_y: string;
    };
    media?: { streams: { type: string }[] };
  };
}

/** Every file of the corpus; empty where there is none. */
export const entries: Entry[] = hasCorpus
  ? JSON.parse(readFileSync(`${CORPUS}manifest.json`, 'utf8'))
  : [];

/** A tool's reading of a file, or undefined where it has none. */
export function readReference(path: string, suffix: string): string | undefined {
  const file = `${CORPUS}reference/${path}.${suffix}`;
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** exiftool's numeric reading: `Group:Tag` to value. */
export function readExiftool(path: string): Record<string, unknown> {
  return JSON.parse(readReference(path, 'exiftool-n.json') ?? '[{}]')[0];
}
