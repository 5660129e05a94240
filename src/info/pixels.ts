import { RequestError } from '../errors.ts';
import type { Analyze, DecodeLimits, Info, PixelAnswer, PixelQuestion } from '../native.ts';
import { hasAlpha } from './alpha.ts';
import { type AskedCrop, isCropAsked, toCropSide } from './crop.ts';

/** What is asked of a picture's pixels. */
export interface AskedPixels
  extends Omit<PixelQuestion, keyof DecodeLimits | 'orientation' | 'smartCrop'> {
  alpha: boolean;
  crop: AskedCrop;
  /** Pixels that a picture may have. */
  maxSrcResolution: number;
}

/** What reads pixels: the addon's own functions, or watched ones. */
export interface PixelFunctions {
  analyze: Analyze;
  canDecode(format: string): boolean;
}

/** How much may be decoded, whoever asks. */
export interface PixelLimits extends Omit<DecodeLimits, 'maxSrcResolution'> {
  /** Bytes of a file whose pixels are decoded: it is held whole. */
  maxBytes: number;
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
    isSmart(asked)
  );
}

function isSmart({ crop }: Readonly<AskedPixels>): boolean {
  return isCropAsked(crop) && crop.gravity.type === 'sm';
}

/** Asks pictures what their pixels say. */
export class PixelReader {
  readonly #functions: PixelFunctions;
  readonly #limits: PixelLimits;

  constructor(functions: PixelFunctions, limits: PixelLimits) {
    this.#functions = functions;
    this.#limits = limits;
  }

  /** Bytes of a file that is decoded. */
  get maxBytes(): number {
    return this.#limits.maxBytes;
  }

  canDecode(format: string): boolean {
    return this.#functions.canDecode(format);
  }

  /**
   * What is to be asked of a picture's pixels; undefined where its header has said it all.
   *
   * @throws RequestError INVALID_SOURCE_IMAGE where it is too large to decode
   */
  toQuestion(asked: Readonly<AskedPixels>, info: Info): PixelQuestion | undefined {
    const checkTransparency = asked.alpha && asked.checkTransparency && hasAlpha(info) !== false;
    if (!asksPixels({ ...asked, checkTransparency })) return undefined;
    const { width, height, orientation } = info;
    if (width * height > asked.maxSrcResolution) {
      throw new RequestError(
        'INVALID_SOURCE_IMAGE',
        `it has ${width * height} pixels to decode, over ${asked.maxSrcResolution}`,
      );
    }
    const { crop } = asked;
    const smartCrop = isSmart(asked)
      ? {
          width: toCropSide(crop.width, width) / width,
          height: toCropSide(crop.height, height) / height,
        }
      : undefined;
    return { ...asked, ...this.#limits, checkTransparency, smartCrop, orientation };
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
}
