import type { NetPixels } from '../native.ts';
import { FAMILIES } from './detection/families.ts';
import { type FoundBox, toFound } from './detection/found.ts';
import type { Output } from './detection/readers.ts';
import { suppress } from './detection/suppress.ts';
import type { ClassificationNet, DetectionNet, Net } from './net.ts';
import { CHANNELS } from './placing.ts';
import { isProbabilities, softmax } from './probabilities.ts';
import { mistake, Runner } from './runner.ts';

/** Even greys, on which a net is tried. */
const TRIALS = [114, 0, 255];

/** A net, loaded, checked and ready to be asked, one picture at a time. */
export type LoadedNet = (pixels: NetPixels) => Promise<FoundBox[] | Float32Array>;

/**
 * Loads a net, and tries whether it is what the configuration says.
 *
 * @param threads Threads of an inference.
 * @throws NetMistake where it is not
 */
export function loadNet(net: Net, threads: number): Promise<LoadedNet> {
  return net.task === 'detection' ? loadDetector(net, threads) : loadClassifier(net, threads);
}

async function loadDetector(net: DetectionNet, threads: number): Promise<LoadedNet> {
  const { type, side, classes, swapRb } = net;
  const { choose, outputs: wanted, fit, normalization } = FAMILIES[type];
  const runner = await Runner.load(net, { fit, normalization, swapRb }, threads);
  const { outputs } = await runner.run(evenPicture(side, TRIALS[0]!));
  const read = choose(outputs, classes, side);
  if (!read) {
    throw mistake(
      net,
      `gives ${show(outputs)}, where a ${type} net gives ${wanted}, C being ${classes}: so many classes does IMGPROXY_OBJECT_DETECTION_CLASSES name`,
    );
  }
  // Nets reckon in single precision.
  const threshold = Math.fround(net.threshold);
  return async (pixels) => {
    const { outputs, place } = await runner.run(pixels);
    const { width, height } = pixels;
    const candidates = suppress(read(outputs, threshold), net.overlap);
    return toFound(candidates, { ...place, width, height });
  };
}

async function loadClassifier(net: ClassificationNet, threads: number): Promise<LoadedNet> {
  const { side, classes, normalization, order } = net;
  const preparation = { fit: 'stretch', normalization, order, swapRb: false } as const;
  const runner = await Runner.load(net, preparation, threads);
  const answer = async (pixels: NetPixels) => {
    const { outputs } = await runner.run(pixels);
    const data = outputs[0]?.data;
    if (data?.length === classes) return data;
    throw mistake(
      net,
      `gives ${show(outputs)}, where IMGPROXY_CLASSIFICATION_CLASSES names ${classes} classes`,
    );
  };
  let givesLogits = false;
  for (const grey of TRIALS) {
    givesLogits ||= !isProbabilities(await answer(evenPicture(side, grey)));
  }
  return async (pixels) => {
    const values = await answer(pixels);
    return givesLogits || !isProbabilities(values) ? softmax(values) : values;
  };
}

function evenPicture(side: number, grey: number): NetPixels {
  return { width: side, height: side, rgb: new Uint8Array(side * side * CHANNELS).fill(grey) };
}

function show(outputs: readonly Output[]): string {
  return outputs.map(({ dims }) => dims.join('×')).join(' and ');
}
