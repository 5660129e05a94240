import type { NetPixels } from '../native.ts';
import type { FoundBox } from './detection/found.ts';
import type { Net } from './net.ts';

/** What a net's process is told: first to load it, then to ask it, and always to answer first. */
export type ToNetProcess =
  | { type: 'load'; net: Net; threads: number }
  | { type: 'ask'; pixels: NetPixels };

/** What it answers to each. */
export type FromNetProcess =
  | { type: 'ready' }
  | { type: 'answer'; answer: FoundBox[] | Float32Array }
  /** `mistake`: the net is not what the configuration says. */
  | { type: 'failed'; message: string; mistake: boolean };
