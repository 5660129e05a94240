import { toBoolean, toInteger, toNumber } from './arguments.ts';
import { CENTER, type Gravity, toGravity, toPosition } from './gravity.ts';
import { InvalidArgument, option } from './option.ts';

const MAX_PALETTE = 256;
const MAX_BLURHASH_COMPONENTS = 9;

/** What to cut out of an image; 0 is all of it. */
export interface Crop {
  readonly width: number;
  readonly height: number;
  readonly gravity: Gravity;
}

/** Options that decoded pixels answer. */
export const pixelOptions = {
  alpha: option({
    aliases: ['a'],
    defaults: { alpha: false, checkTransparency: false },
    maxArguments: 2,
    parse: ([on, check]) => ({
      alpha: toBoolean(on, false),
      checkTransparency: toBoolean(check, false),
    }),
  }),
  crop: option<{ crop: Crop }>({
    aliases: ['c'],
    defaults: { crop: { width: 0, height: 0, gravity: CENTER } },
    maxArguments: Infinity,
    parse: ([width, height, ...gravity]) => ({
      crop: {
        width: toNumber(width!, 0),
        height: height === undefined ? 0 : toNumber(height, 0),
        gravity: gravity.length === 0 ? CENTER : toGravity(gravity),
      },
    }),
  }),
  objects_position: option<{ objectsPosition: Gravity }>({
    aliases: ['obj_pos', 'op'],
    defaults: { objectsPosition: CENTER },
    maxArguments: 3,
    parse: (args) => ({ objectsPosition: toPosition(args) }),
  }),
  palette: option({
    aliases: ['p'],
    defaults: { palette: 0 },
    maxArguments: 1,
    parse: ([colors]) => {
      const palette = toInteger(colors!, 0, MAX_PALETTE);
      if (palette === 1) throw new InvalidArgument('must be 0, or 2 colours or more');
      return { palette };
    },
  }),
  average: option({
    aliases: ['avg'],
    defaults: { average: false, averageIgnoresTransparent: true },
    maxArguments: 2,
    parse: ([on, ignore]) => ({
      average: toBoolean(on, false),
      averageIgnoresTransparent: toBoolean(ignore, true),
    }),
  }),
  dominant_colors: option({
    aliases: ['dc'],
    defaults: { dominantColors: false, dominantColorsBuildMissed: false },
    maxArguments: 2,
    parse: ([on, build]) => ({
      dominantColors: toBoolean(on, false),
      dominantColorsBuildMissed: toBoolean(build, false),
    }),
  }),
  blurhash: option({
    aliases: ['bh'],
    defaults: { blurhashX: 0, blurhashY: 0 },
    maxArguments: 2,
    parse: ([x, y]) => ({
      blurhashX: toInteger(x!, 0, MAX_BLURHASH_COMPONENTS),
      blurhashY: y === undefined ? 0 : toInteger(y, 0, MAX_BLURHASH_COMPONENTS),
    }),
  }),
  thumb_hash: option({
    aliases: ['th'],
    defaults: { thumbHash: false },
    maxArguments: 1,
    parse: ([on]) => ({ thumbHash: toBoolean(on, false) }),
  }),
  perceptual_hash: option({
    aliases: ['phash', 'ph'],
    defaults: { perceptualHash: false },
    maxArguments: 1,
    parse: ([on]) => ({ perceptualHash: toBoolean(on, false) }),
  }),
  detect_objects: option({
    aliases: ['do'],
    defaults: { detectObjects: false },
    maxArguments: 1,
    parse: ([on]) => ({ detectObjects: toBoolean(on, false) }),
  }),
  classify: option<{ classify: number; classifyNames: readonly string[] }>({
    aliases: ['cl'],
    defaults: { classify: 0, classifyNames: [] },
    maxArguments: Infinity,
    parse: ([top, ...names]) => ({ classify: toInteger(top!, 0), classifyNames: names }),
  }),
};
