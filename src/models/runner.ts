import type { NetPixels } from '../native.ts';
import type { Output } from './detection/readers.ts';
import { fromHalf } from './half.ts';
import {
  type ChannelOrder,
  type Fit,
  NET_VARIABLE,
  type Net,
  NetMistake,
  type Normalization,
} from './net.ts';
import { CHANNELS, type InputLayout, layOut, type Place } from './placing.ts';
import { loadRuntime, type Runtime, type Session, type Tensor } from './runtime.ts';
import { type InputType, type InputValues, makeTables, makeValues } from './values.ts';

const INPUT_TYPES: readonly string[] = ['float32', 'float16', 'uint8'] satisfies InputType[];

/** How pictures are put into a net. */
export interface Preparation {
  fit: Fit;
  normalization: Normalization;
  swapRb: boolean;
  /** Where the channels must be; undefined: where the net has them. */
  order?: ChannelOrder;
}

/** A net's input as its file has it. */
interface Input {
  name: string;
  type: InputType;
  order: ChannelOrder;
}

/** Puts pictures into a net and takes out what it makes of them, one at a time. */
export class Runner {
  readonly #runtime: Runtime;
  readonly #session: Session;
  readonly #input: Input;
  readonly #layout: InputLayout;
  readonly #values: InputValues;

  /**
   * Loads a net.
   *
   * @param threads Threads of an inference.
   * @throws NetMistake where it is not one that takes pictures so
   */
  static async load(net: Net, preparation: Preparation, threads: number): Promise<Runner> {
    const runtime = loadRuntime();
    // What it warns of when it loads a net is of use to the net's maker alone.
    runtime.env.logLevel = 'error';
    const session = await runtime.InferenceSession.create(net.path, {
      executionMode: 'sequential',
      interOpNumThreads: 1,
      intraOpNumThreads: threads,
      // Threads that wait for work must not take the time of those that serve.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    }).catch((error: Error) => {
      throw mistake(net, `cannot be loaded: ${error.message}`);
    });
    return new Runner(net, preparation, runtime, session);
  }

  private constructor(net: Net, preparation: Preparation, runtime: Runtime, session: Session) {
    const { normalization, order } = preparation;
    const { side } = net;
    this.#runtime = runtime;
    this.#session = session;
    this.#input = findInput(net, session, order);
    const tables = makeTables(normalization, this.#input.type);
    if (!tables) throw mistake(net, 'takes bytes, which cannot hold normalized values');
    this.#layout = { ...preparation, side, order: this.#input.order, tables };
    this.#values = makeValues(this.#input.type, side * side * CHANNELS);
  }

  /** Asks the net. The outputs are in the order of its file. */
  async run(pixels: NetPixels): Promise<{ outputs: Output[]; place: Place }> {
    const { name, type, order } = this.#input;
    const { side } = this.#layout;
    const place = layOut(pixels, this.#layout, this.#values);
    const dims = order === 'nhwc' ? [1, side, side, CHANNELS] : [1, CHANNELS, side, side];
    const input = new this.#runtime.Tensor(type, this.#values, dims);
    const outputs = await this.#session.run({ [name]: input });
    return { outputs: Object.values(outputs).map(toOutput), place };
  }
}

/** A mistake in the file of a net. */
export function mistake(net: Net, what: string): NetMistake {
  return new NetMistake(`${NET_VARIABLE[net.task]} ${what}`);
}

function findInput(net: Net, { inputMetadata }: Session, order: ChannelOrder | undefined): Input {
  const [input, ...more] = inputMetadata;
  const { name = '', type = '', shape = [] } = input ?? {};
  const shown = `${type} ${shape.join('×')}`;
  const found = order
    ? fits(shape, net.side, order)
      ? order
      : undefined
    : findOrder(shape, net.side);
  if (more.length > 0 || !found || !INPUT_TYPES.includes(type)) {
    const size = `${NET_VARIABLE[net.task]}_SIZE is ${net.side}`;
    const layout = order ? ` and IMGPROXY_CLASSIFICATION_LAYOUT ${order}` : '';
    const input = more.length > 0 ? `${more.length + 1} inputs` : `an input of ${shown}`;
    throw mistake(net, `has ${input}, where ${size}${layout}`);
  }
  return { name, type: type as InputType, order: found };
}

function findOrder(shape: readonly (number | string)[], side: number): ChannelOrder | undefined {
  return (['nchw', 'nhwc'] as const).find((order) => fits(shape, side, order));
}

/** Whether a picture may be put into an input of this shape; a side with a name takes any length. */
function fits(shape: readonly (number | string)[], side: number, order: ChannelOrder): boolean {
  const wanted = order === 'nchw' ? [1, CHANNELS, side, side] : [1, side, side, CHANNELS];
  return (
    shape.length === wanted.length &&
    wanted.every((length, at) => typeof shape[at] === 'string' || shape[at] === length)
  );
}

function toOutput({ type, dims, data }: Tensor): Output {
  return { dims, data: toFloats(type, data) };
}

function toFloats(type: string, data: unknown): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === 'float16' && data instanceof Uint16Array) return Float32Array.from(data, fromHalf);
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}
