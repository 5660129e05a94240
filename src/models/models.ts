import type { CancelSignal } from '../cancel.ts';
import type { NetInput, NetPixels } from '../native.ts';
import type { WeightedNames } from './class-names.ts';
import { type ClassifiedAs, pickClasses } from './classes.ts';
import type { ConfiguredNets, NamedClassification, NamedDetection } from './configured.ts';
import { FAMILIES } from './detection/families.ts';
import type { FoundBox } from './detection/found.ts';
import type { ClassificationNet, DetectionNet, Net } from './net.ts';
import { NetPool, type PoolLimits } from './net-pool.ts';

/** An object in a picture, in fractions of it. */
export interface FoundObject extends FoundBox {
  className: string;
  /** What its class counts in a crop, by the file of names. */
  weight: number;
}

/** A net that is asked about pictures. */
class Model<N extends Net> {
  /** How a picture is to be scaled for it. */
  readonly input: NetInput;
  protected readonly pool: NetPool<N>;

  constructor(net: N, keepsShape: boolean, limits: PoolLimits) {
    this.input = { side: net.side, keepsShape };
    this.pool = new NetPool(net, limits);
  }

  /** Loads the net before it is wanted. */
  warm(): void {
    this.pool.warm();
  }

  close(): void {
    this.pool.close();
  }
}

/** Finds objects. */
export class Detector extends Model<DetectionNet> {
  readonly #classes: WeightedNames;

  constructor({ net, classes }: NamedDetection, limits: PoolLimits) {
    super(net, FAMILIES[net.type].fit !== 'stretch', limits);
    this.#classes = classes;
  }

  /** The objects, the most confident first. @throws as {@link NetPool.ask} */
  async find(pixels: NetPixels, signal: CancelSignal): Promise<FoundObject[]> {
    const found = await this.pool.ask(pixels, signal);
    const { names, weights } = this.#classes;
    return found.map((box) => ({
      ...box,
      // A net that sorts its boxes out itself may know more classes than the file does.
      className: names[box.classId] ?? String(box.classId),
      weight: weights[box.classId] ?? 1,
    }));
  }
}

/** Tells what a picture shows. */
export class Classifier extends Model<ClassificationNet> {
  readonly #names: readonly string[];
  readonly #threshold: number;

  constructor({ net, classes }: NamedClassification, threshold: number, limits: PoolLimits) {
    super(net, false, limits);
    this.#names = classes;
    this.#threshold = threshold;
  }

  /**
   * The classes, the most confident first.
   *
   * @param top How many at the most.
   * @param only Names of the classes that count; none: all do.
   * @throws as {@link NetPool.ask}
   */
  async classify(
    pixels: NetPixels,
    top: number,
    only: readonly string[],
    signal: CancelSignal,
  ): Promise<ClassifiedAs[]> {
    const confidences = await this.pool.ask(pixels, signal);
    return pickClasses(confidences, this.#names, { threshold: this.#threshold, top, only });
  }
}

/** The models that there are. */
export interface Models {
  readonly detector?: Detector;
  readonly classifier?: Classifier;
}

/** Makes them; nothing is loaded yet. */
export function createModels(
  { detection, classification }: ConfiguredNets,
  threshold: number,
  limits: PoolLimits,
): Models {
  return {
    ...(detection && { detector: new Detector(detection, limits) }),
    ...(classification && { classifier: new Classifier(classification, threshold, limits) }),
  };
}
