import { createRequire } from 'node:module';

/** Bytes of a file and where they stand in it. */
export interface Chunk {
  /** From the start of the file. */
  offset: number;
  data: Uint8Array;
}

/** A part of a file, in bytes; `length` is `Infinity` where it runs to the end. */
export interface ByteRange {
  offset: number;
  length: number;
}

/** Which parts of the answer are wanted. What is not wanted is neither fetched nor read. */
export interface Wanted {
  dimensions: boolean;
  exif: boolean;
  /** EXIF keys are tag names (`DateTime`) in place of titles (`Date and Time`). */
  exifCanonical: boolean;
  /** IPTC and the Photoshop resolution. */
  iptc: boolean;
  xmp: boolean;
  videoMeta: boolean;
  colorspace: boolean;
  bands: boolean;
  sampleFormat: boolean;
  pagesNumber: boolean;
}

/** What a file is. The metadata fields are JSON text, ready to be written into a response. */
export interface Info {
  format: string;
  mimeType: string;
  video: boolean;
  /** Samples of a camera's sensor, which have to be developed to be a picture. */
  raw: boolean;
  width: number;
  height: number;
  orientation: number;
  exif?: string | undefined;
  iptc?: string | undefined;
  photoshop?: string | undefined;
  xmp?: string | undefined;
  videoMeta?: string | undefined;
  videoStreams?: string | undefined;
  colorspace?: string | undefined;
  bands?: number | undefined;
  sampleFormat?: string | undefined;
  pagesNumber: number;
}

/** An answer, the ranges to fetch before there is one, or why there is none. */
export type ProbeResult = Info | { need: ByteRange[] } | { failure: string };

/** A call of {@link probe} or {@link analyze} that a thread is at. */
export interface RunningCall {
  key: string;
  /** No other call has it. */
  serial: number;
  /** Whether it decodes pixels. */
  decodes: boolean;
}

/** How much may be decoded of a picture. */
export interface DecodeLimits {
  /** Pixels of the picture, or of all frames of an animation together. */
  maxSrcResolution: number;
  /** Pixels of a frame, which then count one by one; 0: they count together. */
  maxAnimationFrameResolution: number;
  /** Frames of an animation that count. */
  maxAnimationFrames: number;
  pngUnlimited: boolean;
  svgUnlimited: boolean;
  /** Milliseconds after which decoding ends, where it can be ended. */
  time: number;
}

/** How a picture is to be scaled for a net. */
export interface NetInput {
  /** Width and height of the net's square, in pixels. */
  side: number;
  /** Whether it keeps its shape, so that its longest side alone is `side`. */
  keepsShape: boolean;
}

/** A picture scaled for a net: upright, sRGB, `width * height * 3` bytes, row by row. */
export interface NetPixels {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** What is asked of the pixels of a picture. */
export interface PixelQuestion extends DecodeLimits {
  /** Whether it is a camera RAW, as the probe has it. */
  raw: boolean;
  /** Or frame, from 0. */
  page: number;
  /** EXIF's, 1 to 8; no file turns itself twice. */
  orientation: number;
  checkTransparency: boolean;
  /** The size of the part to place, in fractions of the picture. */
  smartCrop: { width: number; height: number } | undefined;
  /** Colours; 0 for none. */
  palette: number;
  average: boolean;
  averageIgnoresTransparent: boolean;
  dominantColors: boolean;
  dominantColorsBuildMissed: boolean;
  /** Components; 0 for none. */
  blurhashX: number;
  blurhashY: number;
  thumbHash: boolean;
  perceptualHash: boolean;
  /** For which nets it is to be scaled. */
  nets: readonly NetInput[];
}

/** What is asked for, each as JSON text; and pixels for the nets, in their order. */
export interface PixelAnswer {
  transparency?: string | undefined;
  /** `left` and `top`, in fractions of the picture. */
  smartCrop?: string | undefined;
  palette?: string | undefined;
  average?: string | undefined;
  dominantColors?: string | undefined;
  blurhash?: string | undefined;
  thumbHash?: string | undefined;
  perceptualHash?: string | undefined;
  nets: readonly NetPixels[];
}

/** What is asked of the frame that stands for a film. */
export interface FrameQuestion extends PixelQuestion {
  videoThumbnailSecond: number;
  /** Takes the last keyframe before that second. */
  videoThumbnailKeyframes: boolean;
  /** Bytes that may be read to find the streams out. */
  videoThumbnailProbeSize: number;
  /** Milliseconds of the streams that may be; 0 leaves it to libavformat. */
  videoThumbnailMaxAnalyzeDuration: number;
}

/** {@link analyzeFrame}, or what stands before it. */
export type AnalyzeFrame = (
  held: readonly Chunk[],
  size: number | undefined,
  lastRound: boolean,
  question: FrameQuestion,
  key: string,
) => Promise<PixelAnswer | { need: ByteRange[] } | { failure: string }>;

/** {@link analyze}, or what stands before it. */
export type Analyze = (
  file: Uint8Array,
  format: string,
  question: PixelQuestion,
  key: string,
) => Promise<PixelAnswer | { failure: string }>;

/** {@link probe}, or what stands before it. */
export type Probe = (
  held: readonly Chunk[],
  size: number | undefined,
  wanted: Wanted,
  lastRound: boolean,
  key?: string,
) => ProbeResult | Promise<ProbeResult>;

/** The same as the addon takes it: what crosses to it one by one costs. */
type FlatProbe<Result> = (
  /** An offset and its bytes by turns. */
  held: readonly (number | Uint8Array)[],
  size: number | undefined,
  wanted: number,
  lastRound: boolean,
  key: string,
) => Result;

interface Addon {
  probe: FlatProbe<ProbeResult | Promise<ProbeResult>>;
  probeSync: FlatProbe<ProbeResult>;
  analyze: Analyze;
  analyzeFrame(
    held: readonly (number | Uint8Array)[],
    size: number | undefined,
    wanted: number,
    lastRound: boolean,
    key: string,
    question: FrameQuestion,
  ): ReturnType<AnalyzeFrame>;
  canDecode(format: string): boolean;
  noteCrashes(fd: number): void;
  running(): RunningCall[];
  giveUp(key: string): void;
  vipsMemory(): VipsMemory;
  releaseMemory(): void;
  discard(buffers: readonly ArrayBufferLike[]): void;
  sendDatagram(path: string, message: string): boolean;
  guardConnections(library: string, kept: readonly string[], times: ConnectionTimes): boolean;
  endLateConnections(): number;
}

/** How long clients may take, in milliseconds. */
export interface ConnectionTimes {
  /** To send a request's head. */
  readRequest: number;
  /** To take an answer, from when it takes no more. */
  writeResponse: number;
  /** Between an answer and the next request. */
  keepAlive: number;
}

/** What libvips' allocator holds in this process. */
export interface VipsMemory {
  bytes: number;
  /** The most that it ever held. */
  maxBytes: number;
  /** Blocks that are held. */
  allocs: number;
}

const path = process.env['IMGPEEK_ADDON'] ?? '../build/Release/imgpeek.node';
let loaded: Addon | undefined;

/** The addon, loaded when it is first used: the supervisor and most commands have no use for it. */
function addon(): Addon {
  loaded ??= createRequire(import.meta.url)(path) as Addon;
  return loaded;
}

/**
 * Asks what the file is: at once where that takes no longer than a moment, which the header of most
 * images does not, else on a thread of the addon's.
 *
 * @param held What is held of the file, in any order. The buffers must not change until it is done.
 * @param size Bytes of the whole file, if known.
 * @param lastRound Nothing more can be fetched: answer from what is held.
 * @param key Names the file where reading it crashes the process or does not come back. No secret.
 */
export const probe: Probe = (held, size, wanted, lastRound, key = '') =>
  addon().probe(flatten(held), size, toBits(wanted), lastRound, key);

/** The same on the calling thread, however long it takes. */
export const probeSync = (...[held, size, wanted, lastRound, key]: Parameters<Probe>) =>
  addon().probeSync(flatten(held), size, toBits(wanted), lastRound, key ?? '');

/**
 * Decodes a picture and says what its pixels are asked for, on a thread that does nothing else.
 *
 * @param file All of it. It must not change until it is done.
 * @param format As the probe has it; one that can be decoded.
 * @param key As of a probe.
 */
export const analyze: Analyze = (...args) => addon().analyze(...args);

/**
 * The same of one frame of a film, of which parts are held: where more is needed the answer says so, as
 * that of a probe does.
 */
export const analyzeFrame: AnalyzeFrame = (held, size, lastRound, question, key) =>
  addon().analyzeFrame(flatten(held), size, 0, lastRound, key, question);

/** Whether pictures of a format are decoded, camera RAW apart. */
export const canDecode: Addon['canDecode'] = (format) => addon().canDecode(format);

function flatten(held: readonly Chunk[]): (number | Uint8Array)[] {
  const flat: (number | Uint8Array)[] = [];
  for (const { offset, data } of held) flat.push(offset, data);
  return flat;
}

/** In the order of addon.cc. Written out, as a loop over the names takes ten times as long. */
function toBits(wanted: Wanted): number {
  return (
    Number(wanted.dimensions) |
    (Number(wanted.exif) << 1) |
    (Number(wanted.exifCanonical) << 2) |
    (Number(wanted.iptc) << 3) |
    (Number(wanted.xmp) << 4) |
    (Number(wanted.videoMeta) << 5) |
    (Number(wanted.colorspace) << 6) |
    (Number(wanted.bands) << 7) |
    (Number(wanted.sampleFormat) << 8) |
    (Number(wanted.pagesNumber) << 9)
  );
}

/** Says what libvips holds. */
export const vipsMemory: Addon['vipsMemory'] = (...args) => addon().vipsMemory(...args);

/**
 * Gives memory that is free within malloc's heap back to the system, which takes less than a
 * millisecond. Does nothing where the C library cannot.
 */
export const releaseMemory: Addon['releaseMemory'] = () => addon().releaseMemory();

/** Bytes of the least memory that is worth it to be discarded; Node's pool for small buffers is less. */
const LEAST_DISCARDED = 16 * 1024;

/**
 * Frees the memory of chunks at once, where the garbage collector would come to it some hundred answers
 * later. They are empty from then on, and so is all that lies in the same memory: nobody may have
 * any of it, no probe be under way.
 */
export function discard(chunks: readonly Chunk[]): void {
  const buffers = new Set<ArrayBufferLike>();
  for (const { data } of chunks) {
    if (data.buffer.byteLength >= LEAST_DISCARDED) buffers.add(data.buffer);
  }
  if (buffers.size > 0) addon().discard([...buffers]);
}

/**
 * Sends a message to the Unix datagram socket at `path`, without waiting; false where nobody takes
 * it. Node has no sockets of this kind.
 */
export const sendDatagram: Addon['sendDatagram'] = (...args) => addon().sendDatagram(...args);

/**
 * Has the shared library whose path holds `library` receive one request at a time, with a head that it
 * can parse: of HTTP/1.1, with a target in origin form, and with no more fields than it holds, those
 * of `kept` (in lower case) being the last to be dropped. False where that cannot be done.
 */
export const guardConnections: Addon['guardConnections'] = (...args) =>
  addon().guardConnections(...args);

/** Ends the guarded connections whose time is up, and gives their number. To be called often. */
export const endLateConnections: Addon['endLateConnections'] = () => addon().endLateConnections();

/** From now on a crash while a file is read writes that file's key and a line feed to `fd`. */
export const noteCrashes: Addon['noteCrashes'] = (...args) => addon().noteCrashes(...args);

/** The calls that threads are at, those that wait for a thread not among them. */
export const running: Addon['running'] = (...args) => addon().running(...args);

/** Lets no thread begin the calls of this key that wait for one; they fail. */
export const giveUp: Addon['giveUp'] = (...args) => addon().giveUp(...args);
