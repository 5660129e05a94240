import type { CancelSignal } from '../cancel.ts';
import type { Info, PixelAnswer, PixelQuestion } from '../native.ts';
import type { Opened, Source } from '../source/source.ts';
import { type Asked, asksWholeFile } from './asked.ts';
import { Hashsums } from './hashsums.ts';
import { HeldFile } from './held-file.ts';
import type { ModelAnswer } from './model-answers.ts';
import type { Peeked } from './peek.ts';
import { asksPixels, type PixelReader } from './pixels.ts';
import { WholeFile } from './whole-file.ts';

/** What was answered from more than headers. */
export interface BeyondAnswer {
  /** As JSON text. */
  hashsums?: string | undefined;
  pixels?: PixelAnswer | undefined;
  models?: ModelAnswer | undefined;
  /** The format, where pixels are asked for and files of it are not decoded. */
  undecoded?: string | undefined;
  /** Whether more of the file was fetched. */
  fetched: boolean;
  /** Milliseconds that it took, beside fetching. */
  processing: number;
}

/** An answer from pixels. */
type PixelsAnswered = BeyondAnswer & { pixels: PixelAnswer };

/** Nothing that is beyond headers. */
export const NOTHING_BEYOND: BeyondAnswer = { fetched: false, processing: 0 };

/** Answers what headers do not: takes the bytes of a file as they come, then asks them. */
export class Beyond {
  /** The source, to be read through this from now on. */
  readonly whole: WholeFile;
  readonly #asked: Readonly<Asked>;
  readonly #pixels: PixelReader;
  readonly #source: Source;
  readonly #hashsums: Hashsums | undefined;
  readonly #held: HeldFile | undefined;

  /** undefined where nothing beyond headers is asked for. */
  static for(asked: Readonly<Asked>, pixels: PixelReader, opened: Opened): Beyond | undefined {
    return asksWholeFile(asked) ? new Beyond(asked, pixels, opened) : undefined;
  }

  private constructor(asked: Readonly<Asked>, pixels: PixelReader, opened: Opened) {
    this.#asked = asked;
    this.#pixels = pixels;
    this.#source = opened.source;
    this.#hashsums = Hashsums.for(asked);
    this.#held = asksPixels(asked) ? new HeldFile(pixels.maxBytes) : undefined;
    this.whole = new WholeFile(opened, (data) => {
      this.#hashsums?.update(data);
      this.#held?.add(data, this.#source.size);
    });
  }

  /**
   * @param peeked What the file's headers say, and what is held of it.
   * @param key Names the file where decoding it crashes or hangs.
   * @param signal The request's.
   * @throws RequestError HASHSUM_MISMATCH, INVALID_SOURCE_IMAGE, and what the source throws
   */
  async answer(peeked: Peeked, key: string, signal: CancelSignal): Promise<BeyondAnswer> {
    const { info } = peeked;
    const decodes = this.#held && this.#pixels.canDecode(info);
    const question = decodes ? this.#pixels.toQuestion(this.#asked, info) : undefined;
    if (question) {
      return this.#pixels.inMemory(this.#source.size, question.nets, signal, async (extend) => {
        this.#held?.countBy(extend);
        const answer = info.video
          ? await this.#answerFilm(peeked, question, key)
          : await this.#answerPicture(info.format, question, key);
        return this.#askModels(answer, info, signal);
      });
    }
    const undecoded = this.#held && !decodes ? info.format : undefined;
    this.#held?.drop();
    if (info.video || !this.#hashsums) return { ...NOTHING_BEYOND, undecoded };
    const fetched = await this.whole.finish();
    const began = performance.now();
    const hashsums = this.#hashsums.finish();
    return { hashsums, undecoded, fetched, processing: performance.now() - began };
  }

  async #askModels(
    answer: PixelsAnswered,
    info: Info,
    signal: CancelSignal,
  ): Promise<BeyondAnswer> {
    const began = performance.now();
    const models = await this.#pixels.askModels(this.#asked, answer.pixels, info, signal);
    return { ...answer, models, processing: answer.processing + performance.now() - began };
  }

  async #answerPicture(
    format: string,
    question: PixelQuestion,
    key: string,
  ): Promise<PixelsAnswered> {
    this.#held?.check();
    const fetched = await this.whole.finish();
    const began = performance.now();
    const hashsums = this.#hashsums?.finish();
    const file = this.#held?.take() ?? new Uint8Array();
    const pixels = await this.#pixels.read(file, format, question, key);
    return { hashsums, pixels, fetched, processing: performance.now() - began };
  }

  /** Of a film some parts are fetched, from an origin that gives no parts all of it. */
  async #answerFilm(
    { held }: Peeked,
    question: PixelQuestion,
    key: string,
  ): Promise<PixelsAnswered> {
    let first = held;
    if (!this.#source.seekable) {
      this.#held?.check();
      await this.whole.finish();
      first = [{ offset: 0, data: this.#held?.take() ?? new Uint8Array() }];
    }
    this.#held?.drop();
    return this.#pixels.readFrame({ source: this.#source, first }, this.#asked, question, key);
  }
}
