import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Raw RGBA, not premultiplied, row by row. */
export interface Picture {
  width: number;
  height: number;
  rgba: Uint8Array;
}

/** R, G, B and alpha. */
export type Color = [number, number, number, number];

/** What the core computes from a picture; the names of dominant colours are those of the answer. */
export interface Description {
  average: Color;
  averageOfVisible: Color;
  palette: Color[];
  dominantColors: Partial<Record<string, Color>>;
  builtColors: Partial<Record<string, Color>>;
  blurhash: string;
  thumbHash: string;
  perceptualHash: string;
  transparency: boolean;
}

/** How many colours a palette has, and how many components a BlurHash. */
export interface Asked {
  colors?: number;
  x?: number;
  y?: number;
}

/** Built beside the addon, with the sanitizers where that has them. */
const PROGRAM = join(
  dirname(process.env.IMGPEEK_ADDON ?? 'build/Release/imgpeek.node'),
  'describe_pixels',
);

/** Paints a picture pixel by pixel; bytes wrap around, and alpha is full where it is left out. */
export function paint(
  width: number,
  height: number,
  pixel: (x: number, y: number) => readonly number[],
): Picture {
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [r, g, b, a = 255] = pixel(x, y);
      rgba.set([r ?? 0, g ?? 0, b ?? 0, a], 4 * (y * width + x));
    }
  }
  return { width, height, rgba };
}

/** A picture of bytes that only look random. */
export function noise(width: number, height: number, seed: number, opaque = true): Picture {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  return paint(width, height, () => [next(), next(), next(), opaque ? 255 : next()]);
}

/** Has the core compute all that it can from a picture. */
export function describePixels(picture: Picture, asked: Asked = {}): Description {
  const { colors = 16, x = 4, y = 3 } = asked;
  const folder = mkdtempSync(join(tmpdir(), 'imgpeek-pixels-'));
  try {
    const file = join(folder, 'pixels.rgba');
    writeFileSync(file, picture.rgba);
    const numbers = [picture.width, picture.height, colors, x, y].map(String);
    const { status, stdout, stderr } = spawnSync(PROGRAM, [...numbers, file], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`describe_pixels ended with ${status}: ${stderr}`);
    return JSON.parse(stdout, toColor);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A colour as it stands in an answer as one of ours; anything else as it is. */
function toColor(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('R' in value)) return value;
  const { R, G, B, A = 255 } = value as Record<'R' | 'G' | 'B', number> & { A?: number };
  return [R, G, B, A];
}
