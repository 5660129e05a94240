import { accessSync, constants, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Config } from '../config/table.ts';
import { parseNames, parseWeightedNames, type WeightedNames } from './class-names.ts';
import { type ClassificationNet, type DetectionNet, NET_VARIABLE, type Net } from './net.ts';
import { INSTALL_COMMAND, isRuntimeInstalled } from './runtime.ts';

/** A net and what its classes are called. */
export interface NamedNet<N extends Net, Names> {
  net: N;
  classes: Names;
}

export type NamedDetection = NamedNet<DetectionNet, WeightedNames>;
export type NamedClassification = NamedNet<ClassificationNet, readonly string[]>;

/** The nets that the configuration names. */
export interface ConfiguredNets {
  detection?: NamedDetection;
  classification?: NamedClassification;
}

/** How many pictures a net is asked about at a time, and the threads of each. */
export interface NetThreads {
  streams: number;
  threads: number;
}

/** What the operator should know of models that are not named; undefined where all are. */
export function warnOfMissing(config: Config): string | undefined {
  const missing = [
    ...(config.objectDetectionNet === ''
      ? [`detect_objects, without ${NET_VARIABLE.detection}`]
      : []),
    ...(config.classificationNet === ''
      ? [`classify, without ${NET_VARIABLE.classification}`]
      : []),
  ];
  if (missing.length === 0) return undefined;
  return `Left out of answers: ${missing.join('; ')}`;
}

/** Whether a model is named at all. */
export function namesModel(config: Config): boolean {
  return config.objectDetectionNet !== '' || config.classificationNet !== '';
}

/**
 * The nets that are named, with the names of their classes.
 *
 * @param mistakes Gets what is wrong with their files, a sentence each; such a net is left out.
 */
export function readNets(config: Config, mistakes: string[]): ConfiguredNets {
  if (!namesModel(config)) return {};
  if (!isRuntimeInstalled()) {
    mistakes.push(
      `a model is named and ONNX Runtime is not installed: install it with \`${INSTALL_COMMAND}\``,
    );
  }
  const weighted = readClasses('detection', config, parseWeightedNames, mistakes);
  const names = readClasses('classification', config, parseNames, mistakes);
  return {
    ...(weighted && { detection: { net: toDetection(config, weighted.names), classes: weighted } }),
    ...(names && { classification: { net: toClassification(config, names), classes: names } }),
  };
}

function toDetection(config: Config, { length }: readonly string[]): DetectionNet {
  return {
    task: 'detection',
    path: config.objectDetectionNet,
    side: config.objectDetectionNetSize,
    classes: length,
    type: config.objectDetectionNetType,
    threshold: config.objectDetectionConfidenceThreshold,
    overlap: config.objectDetectionNmsThreshold,
    swapRb: config.objectDetectionSwapRb,
  };
}

function toClassification(config: Config, { length }: readonly string[]): ClassificationNet {
  return {
    task: 'classification',
    path: config.classificationNet,
    side: config.classificationNetSize,
    classes: length,
    normalization: config.classificationNormalization,
    order: config.classificationLayout,
  };
}

/** The classes of a net that is named; undefined where it is not, or a file cannot be read. */
function readClasses<Names>(
  task: Net['task'],
  config: Config,
  parse: (text: string) => Names,
  mistakes: string[],
): Names | undefined {
  const [net, classes] =
    task === 'detection'
      ? [config.objectDetectionNet, config.objectDetectionClasses]
      : [config.classificationNet, config.classificationClasses];
  if (net === '') return undefined;
  const variable = NET_VARIABLE[task];
  const classesVariable = variable.replace(/NET$/, 'CLASSES');
  const fail = (name: string, error: unknown) =>
    mistakes.push(`${name} names a file that cannot be read: ${(error as Error).message}`);
  try {
    accessSync(net, constants.R_OK);
  } catch (error) {
    fail(variable, error);
  }
  if (classes === '') {
    mistakes.push(`${classesVariable} must name the file of class names where ${variable} is set`);
    return undefined;
  }
  try {
    return parse(readFileSync(classes, 'utf8'));
  } catch (error) {
    fail(classesVariable, error);
    return undefined;
  }
}

/**
 * How the nets share the processors: there are no more streams than threads, and the threads are
 * dealt out to them, one at the least.
 */
export function shareThreads({ mlNumStreams, mlInferenceNumThreads }: Config): NetThreads {
  const threads = mlInferenceNumThreads || availableParallelism();
  const streams = Math.min(mlNumStreams || availableParallelism(), threads);
  return { streams, threads: Math.floor(threads / streams) };
}
