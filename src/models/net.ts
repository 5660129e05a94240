import type { NetType } from './detection/families.ts';
import type { FoundBox } from './detection/found.ts';

/** How a picture is brought to a net's square. */
export type Fit =
  /** Its sides are scaled each by itself. */
  | 'stretch'
  /** It keeps its shape and stands in the top left corner; the rest is grey. */
  | 'corner'
  /** It keeps its shape and stands in the middle. */
  | 'center';

/** How the values 0 to 255 are brought to what a classifying net wants. */
export type Normalization = 'none' | 'half' | 'full' | 'imagenet';

/** In which order a net's input has its channels: last or first. */
export type ChannelOrder = 'nhwc' | 'nchw';

/** A net that finds objects. */
export interface DetectionNet {
  task: 'detection';
  /** The ONNX file. */
  path: string;
  side: number;
  classes: number;
  type: NetType;
  /** Confidence under which a box is dropped, 0 to 1. */
  threshold: number;
  /** Intersection over union above which two boxes of a class are one object, 0 to 1. */
  overlap: number;
  swapRb: boolean;
}

/** A net that tells classes. */
export interface ClassificationNet {
  task: 'classification';
  path: string;
  side: number;
  classes: number;
  normalization: Normalization;
  order: ChannelOrder;
}

/** Either, as its process is told of it. */
export type Net = DetectionNet | ClassificationNet;

/** What an inference gives. */
export interface NetAnswers {
  /** The most confident first. */
  detection: FoundBox[];
  /** The confidence of each class. */
  classification: Float32Array;
}

/** The variable that names the file of a net, for messages. */
export const NET_VARIABLE = {
  detection: 'IMGPROXY_OBJECT_DETECTION_NET',
  classification: 'IMGPROXY_CLASSIFICATION_NET',
} as const satisfies Record<Net['task'], string>;

/** A net that is not what the configuration says. The start fails with all of the mistakes. */
export class NetMistake extends Error {
  override readonly name = 'NetMistake';
}
