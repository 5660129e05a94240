import type { CancelSignal } from '../cancel.ts';
import type { ClassifiedAs } from '../models/classes.ts';
import type { FoundObject, Models } from '../models/models.ts';
import type { NetInput, NetPixels } from '../native.ts';
import { type AskedCrop, isAboutObjects, type Part, placeCrop, type Size } from './crop.ts';
import { type GravityMode, type ObjectsPosition, placeObjectCrop } from './object-crop.ts';

/** What is asked of models. */
export interface AskedModels {
  detectObjects: boolean;
  /** How many classes at the most; 0 for none. */
  classify: number;
  /** Names of the classes that count; none: all do. */
  classifyNames: readonly string[];
  crop: AskedCrop;
  objectsPosition: ObjectsPosition;
}

/** What models say of a picture, each as JSON text. */
export interface ModelAnswer {
  objects?: string;
  classes?: string;
  /** The part about objects, in pixels; `attention`: where the most is to be seen. */
  crop?: Part | 'attention';
}

/** How crops about objects are laid. */
export interface ObjectCropOptions {
  mode: GravityMode;
  /** Where nothing is found, whether the crop is laid by attention, and not about the middle. */
  fallsBackToAttention: boolean;
}

/** Whether models are asked for anything. */
export function asksModels(asked: Readonly<AskedModels>): boolean {
  return asksDetector(asked) || asked.classify > 0;
}

function asksDetector(asked: Readonly<AskedModels>): boolean {
  return asked.detectObjects || isAboutObjects(asked.crop);
}

const NO_CROP: AskedCrop = { width: 0, height: 0, gravity: { type: 'ce' } };

/** Answers what models are asked for. */
export class ModelAnswers {
  readonly #models: Models;
  readonly #options: ObjectCropOptions;

  constructor(models: Models, options: ObjectCropOptions) {
    this.#models = models;
    this.#options = options;
  }

  /** What is asked, without what there is no model for. The same object where there is one for all. */
  withoutMissing<A extends Readonly<AskedModels>>(asked: A): A {
    if (!asksModels(asked)) return asked;
    const { detector, classifier } = this.#models;
    const misses = (asksDetector(asked) && !detector) || (asked.classify > 0 && !classifier);
    if (!misses) return asked;
    return {
      ...asked,
      detectObjects: asked.detectObjects && detector !== undefined,
      crop: isAboutObjects(asked.crop) && !detector ? NO_CROP : asked.crop,
      classify: classifier ? asked.classify : 0,
    };
  }

  /** How a picture is scaled for all models together. */
  get inputs(): NetInput[] {
    const { detector, classifier } = this.#models;
    return [detector, classifier].flatMap((model) => model?.input ?? []);
  }

  /** How a picture is to be scaled for what is asked. */
  inputsFor(asked: Readonly<AskedModels>): NetInput[] {
    const { detector, classifier } = this.#models;
    return [
      ...(detector && asksDetector(asked) ? [detector.input] : []),
      ...(classifier && asked.classify > 0 ? [classifier.input] : []),
    ];
  }

  /** Whether the attention of a crop may be wanted. */
  mayFallBack({ crop }: Readonly<AskedModels>): boolean {
    return isAboutObjects(crop) && this.#options.fallsBackToAttention;
  }

  /**
   * Asks the models.
   *
   * @param pixels The picture as {@link inputsFor} has it, in its order.
   * @param picture Its sides.
   * @throws RequestError TIMEOUT, INTERNAL, or what the signal says
   */
  async answer(
    asked: Readonly<AskedModels>,
    pixels: readonly NetPixels[],
    picture: Size,
    signal: CancelSignal,
  ): Promise<ModelAnswer> {
    const left = [...pixels];
    const ofDetector = asksDetector(asked) ? left.shift() : undefined;
    const ofClassifier = asked.classify > 0 ? left.shift() : undefined;
    const { detector, classifier } = this.#models;
    const [objects, classes] = await Promise.all([
      ofDetector && detector?.find(ofDetector, signal),
      ofClassifier &&
        classifier?.classify(ofClassifier, asked.classify, asked.classifyNames, signal),
    ]);
    const { crop } = asked;
    return {
      ...(objects && asked.detectObjects && { objects: toObjectsJson(objects) }),
      ...(objects && isAboutObjects(crop) && { crop: this.#placeCrop(asked, objects, picture) }),
      ...(classes && { classes: toClassesJson(classes) }),
    };
  }

  #placeCrop(
    { crop, objectsPosition }: Readonly<AskedModels>,
    objects: readonly FoundObject[],
    picture: Size,
  ): Part | 'attention' {
    const { mode, fallsBackToAttention } = this.#options;
    const part = placeObjectCrop(crop, objects, objectsPosition, mode, picture);
    if (part) return part;
    if (fallsBackToAttention) return 'attention';
    return placeCrop({ ...crop, gravity: { type: 'ce' } }, picture);
  }
}

function toObjectsJson(objects: readonly FoundObject[]): string {
  return JSON.stringify(
    objects.map(({ classId, className, confidence, left, top, width, height }) => ({
      class_id: classId,
      class_name: className,
      confidence: shorten(confidence),
      left,
      top,
      width,
      height,
    })),
  );
}

function toClassesJson(classes: readonly ClassifiedAs[]): string {
  return JSON.stringify(
    classes.map(({ classId, name, confidence }) => ({
      class_id: classId,
      name,
      confidence: shorten(confidence),
    })),
  );
}

/** Digits that tell any two numbers of single precision apart (IEEE 754-2019, 5.12.2). */
const SINGLE_DIGITS = 9;

/** The number of the fewest digits that is the same in single precision, in which nets reckon. */
export function shorten(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < SINGLE_DIGITS; ++digits) {
    const shorter = Number(single.toPrecision(digits));
    if (Math.fround(shorter) === single) return shorter;
  }
  return Number(single.toPrecision(SINGLE_DIGITS));
}
