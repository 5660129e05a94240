import { typeByExtension } from './extension.ts';

/**
 * What the first range is multiplied by for a type that the path's extension tells, by measurement
 * (docs/performance.md): directories of TIFF and indices of video stand anywhere, and files of
 * such types are rarely small, so that more in the first request costs little and saves the second. A
 * header at the very start needs less.
 */
const FACTORS: readonly [type: RegExp, factor: number][] = [
  [/^video\/|^application\/(mxf|vnd\.rn-realmedia)$/, 2.5],
  [/^image\/(tiff|avif|heic|heif)(-sequence)?$/, 2.5],
  [/^application\/pdf$/, 2],
  [
    /^image\/(gif|bmp|x-ms-bmp|vnd\.adobe\.photoshop|x-portable-.*|x-tga|qoi|vnd\.ms-dds|ktx2?)$/,
    0.5,
  ],
];

/**
 * How many bytes the first request asks for. It bears on what an answer costs, never on what it is.
 *
 * @param base Bytes for a file of which nothing is known.
 */
export function chooseFirstRange(sourceUrl: string, base: number): number {
  const type = typeByExtension(sourceUrl);
  return Math.max(1, Math.round(base * (type === undefined ? 1 : toFactor(type))));
}

/** By type; there are no more than the extensions that are known. */
const factors = new Map<string, number>();

function toFactor(type: string): number {
  const known = factors.get(type);
  if (known !== undefined) return known;
  const factor = FACTORS.find(([pattern]) => pattern.test(type))?.[1] ?? 1;
  factors.set(type, factor);
  return factor;
}
