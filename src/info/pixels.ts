import type { CancelSignal } from '../cancel.ts';
import { RequestError } from '../errors.ts';
import type {
  Analyze,
  AnalyzeFrame,
  DecodeLimits,
  FrameQuestion,
  Info,
  NetInput,
  PixelAnswer,
  PixelQuestion,
} from '../native.ts';
import { hasAlpha } from './alpha.ts';
import { isCropAsked, type Size, toCropShare } from './crop.ts';
import { type Extend, MemoryBudget } from './memory-budget.ts';
import {
  type AskedModels,
  asksModels,
  type ModelAnswer,
  type ModelAnswers,
} from './model-answers.ts';
import { fetchNeeds, type PeekLimits, type ReadableOpened } from './peek.ts';

/** What is asked of a picture's pixels. */
export interface AskedPixels
  extends Omit<PixelQuestion, keyof DecodeLimits | 'raw' | 'orientation' | 'smartCrop' | 'nets'>,
    AskedModels {
  alpha: boolean;
  /** Pixels that a picture may have. */
  maxSrcResolution: number;
  videoThumbnailSecond: number;
  videoThumbnailKeyframes: boolean;
}

/** What reads pixels: the addon's own functions, or watched ones. */
export interface PixelFunctions {
  analyze: Analyze;
  analyzeFrame: AnalyzeFrame;
  canDecode(format: string): boolean;
}

/** How much may be decoded, whoever asks. */
export interface PixelLimits extends Omit<DecodeLimits, 'maxSrcResolution'>, PeekLimits {
  /** Whether camera RAW is developed. */
  developsRaw: boolean;
  /** How films are opened; undefined where none is decoded. */
  film?: Pick<FrameQuestion, 'videoThumbnailProbeSize' | 'videoThumbnailMaxAnalyzeDuration'>;
}

/** Whether an answer may need pixels: the header may tell that it does not. */
export function asksPixels(asked: Readonly<AskedPixels>): boolean {
  return asked.palette > 0 || asked.average || asked.dominantColors || asksHash(asked);
}

function asksHash(asked: Readonly<AskedPixels>): boolean {
  return (
    (asked.blurhashX > 0 && asked.blurhashY > 0) ||
    asked.thumbHash ||
    asked.perceptualHash ||
    (asked.alpha && asked.checkTransparency) ||
    isSmart(asked) ||
    asksModels(asked)
  );
}

function isSmart({ crop }: Readonly<AskedPixels>): boolean {
  return isCropAsked(crop) && crop.gravity.type === 'sm';
}

/** Of the largest files that are decoded, how many may be held at a time: as many as are decoded. */
const LARGEST_HELD = 2;

/** Bytes of a picture that is scaled for each of the nets. */
function bytesOf(nets: readonly NetInput[]): number {
  return nets.reduce((sum, { side }) => sum + side * side * 3, 0);
}

/** What a file whose size nobody tells counts as at first. */
const UNTOLD = 8 * 1024 * 1024;

/** Asks pictures what their pixels say. */
export class PixelReader {
  readonly #functions: PixelFunctions;
  readonly #limits: PixelLimits;
  readonly #models: ModelAnswers;
  readonly #budget: MemoryBudget;

  constructor(functions: PixelFunctions, models: ModelAnswers, limits: PixelLimits) {
    this.#functions = functions;
    this.#models = models;
    this.#limits = limits;
    this.#budget = new MemoryBudget(LARGEST_HELD * (limits.maxBytes + bytesOf(models.inputs)));
  }

  /**
   * Fetches a file to be decoded, decodes it and asks models, once there is memory for it.
   *
   * @param size Bytes of the file, where they are known.
   * @param nets What it is scaled for, which is held until the models have answered.
   * @throws RequestError what the signal says, and whatever the work throws
   */
  inMemory<T>(
    size: number | undefined,
    nets: readonly NetInput[],
    signal: CancelSignal,
    work: (extend: Extend) => Promise<T>,
  ): Promise<T> {
    const beside = bytesOf(nets);
    const bytes = Math.min(size ?? UNTOLD, this.#limits.maxBytes) + beside;
    return this.#budget.spend(bytes, signal, (extend) => work((file) => extend(file + beside)));
  }

  /** Bytes of a file that is decoded, which is held whole. */
  get maxBytes(): number {
    return this.#limits.maxBytes;
  }

  canDecode({ video, raw, format }: Info): boolean {
    if (video) return this.#limits.film !== undefined;
    return raw ? this.#limits.developsRaw : this.#functions.canDecode(format);
  }

  /**
   * What is to be asked of a picture's pixels; undefined where its header has said it all.
   *
   * @throws RequestError INVALID_SOURCE_IMAGE where it is too large to decode
   */
  toQuestion(asked: Readonly<AskedPixels>, info: Info): PixelQuestion | undefined {
    const checkTransparency = asked.alpha && asked.checkTransparency && hasAlpha(info) !== false;
    if (!asksPixels({ ...asked, checkTransparency })) return undefined;
    const { raw, width, height, orientation } = info;
    // A drawing is drawn as large as the limit allows.
    if (info.format !== 'svg' && width * height > asked.maxSrcResolution) {
      throw new RequestError(
        'INVALID_SOURCE_IMAGE',
        `it has ${width * height} pixels to decode, over ${asked.maxSrcResolution}`,
      );
    }
    const isLookedFor = isSmart(asked) || this.#models.mayFallBack(asked);
    const smartCrop = isLookedFor ? toCropShare(asked.crop, info) : undefined;
    const nets = this.#models.inputsFor(asked);
    return { ...asked, ...this.#limits, raw, checkTransparency, smartCrop, nets, orientation };
  }

  /** What models say of the pixels. @throws as {@link ModelAnswers.answer} */
  askModels(
    asked: Readonly<AskedPixels>,
    { nets }: PixelAnswer,
    picture: Size,
    signal: CancelSignal,
  ): Promise<ModelAnswer> {
    return this.#models.answer(asked, nets, picture, signal);
  }

  /** @throws RequestError INVALID_SOURCE_IMAGE */
  async read(
    file: Uint8Array,
    format: string,
    question: PixelQuestion,
    key: string,
  ): Promise<PixelAnswer> {
    const answer = await this.#functions.analyze(file, format, question, key);
    if ('failure' in answer) throw new RequestError('INVALID_SOURCE_IMAGE', answer.failure);
    return answer;
  }

  /**
   * What a film's frame says, of which what it takes is fetched.
   *
   * @param opened What is held of it, and its source.
   * @throws RequestError INVALID_SOURCE_IMAGE, and what the source throws
   */
  async readFrame(
    opened: ReadableOpened,
    asked: Readonly<AskedPixels>,
    question: PixelQuestion,
    key: string,
  ): Promise<{ pixels: PixelAnswer; fetched: boolean; processing: number }> {
    const { videoThumbnailSecond, videoThumbnailKeyframes } = asked;
    const of = { videoThumbnailSecond, videoThumbnailKeyframes };
    const frame = { ...question, ...of, ...this.#limits.film } as FrameQuestion;
    const { answer, rounds, probing } = await fetchNeeds<PixelAnswer>(
      opened,
      this.#limits,
      (held, size, lastRound) => this.#functions.analyzeFrame(held, size, lastRound, frame, key),
    );
    return { pixels: answer, fetched: rounds > 1, processing: probing };
  }
}
