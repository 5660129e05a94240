import { toNumber, toWord } from './arguments.ts';
import { InvalidArgument } from './option.ts';

const COMPASS = ['no', 'so', 'ea', 'we', 'noea', 'nowe', 'soea', 'sowe', 'ce'] as const;
const CROP_TYPES = [...COMPASS, 'sm', 'fp', 'obj', 'objw'] as const;
const POSITION_TYPES = [...COMPASS, 'fp', 'prop'] as const;

type Compass = (typeof COMPASS)[number];

/** A point of an image, or what to look for in it. */
export type Gravity =
  | { readonly type: Compass | 'fp'; readonly x: number; readonly y: number }
  | { readonly type: 'sm' | 'prop' }
  | { readonly type: 'obj'; readonly classes: readonly string[] }
  | { readonly type: 'objw'; readonly weights: readonly ClassWeight[] };

/** What a class of objects counts. */
export type ClassWeight = readonly [name: string, weight: number];

/** The middle of an image. */
export const CENTER: Gravity = { type: 'ce', x: 0, y: 0 };

/** Where a crop lies. */
export function toGravity(args: readonly string[]): Gravity {
  const [name = '', ...rest] = args;
  const type = toWord(name, CROP_TYPES);
  if (type === 'obj') return { type, classes: rest };
  if (type === 'objw') return { type, weights: toWeights(rest) };
  if (type === 'sm') return withoutOffsets(type, rest);
  return withOffsets(type, rest);
}

/** Where objects stand in a crop. */
export function toPosition(args: readonly string[]): Gravity {
  const [name = '', ...rest] = args;
  const type = toWord(name, POSITION_TYPES);
  return type === 'prop' ? withoutOffsets(type, rest) : withOffsets(type, rest);
}

function withoutOffsets(type: 'sm' | 'prop', rest: readonly string[]): Gravity {
  if (rest.length > 0) throw new InvalidArgument(`takes no offsets after ${type}`);
  return { type };
}

function withOffsets(type: Compass | 'fp', rest: readonly string[]): Gravity {
  if (rest.length > 2 || (type === 'fp' && rest.length !== 2)) {
    throw new InvalidArgument(`takes ${type === 'fp' ? 'two' : 'up to two'} numbers after ${type}`);
  }
  const [x, y] = rest.map((arg) => {
    if (arg === '') return 0;
    return type === 'fp' ? toNumber(arg, 0, 1) : toNumber(arg);
  });
  return { type, x: x ?? 0, y: y ?? 0 };
}

/** `class:weight` pairs. */
function toWeights(args: readonly string[]): ClassWeight[] {
  if (args.length % 2 !== 0) throw new InvalidArgument('takes a weight for each class after objw');
  const weights: ClassWeight[] = [];
  for (let i = 0; i < args.length; i += 2) {
    weights.push([args[i]!, toNumber(args[i + 1]!, 0)]);
  }
  return weights;
}
