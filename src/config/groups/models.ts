import { NET_TYPES } from '../../models/detection/families.ts';
import { bool, float, int, oneOf, text } from '../scalars.ts';
import { variable } from '../variable.ts';

/** What finds objects and tells classes. */
export const models = {
  mlNumStreams: variable({
    env: 'IMGPROXY_ML_NUM_STREAMS',
    type: int({ min: 0 }),
    default: 0,
    meaning:
      'Images that a model works on at a time, each in a process of its own; 0 is one for each CPU core.',
  }),
  mlInferenceNumThreads: variable({
    env: 'IMGPROXY_ML_INFERENCE_NUM_THREADS',
    type: int({ min: 0 }),
    default: 0,
    meaning:
      'Threads of a model, dealt out to the images that it works on, which are no more than these; 0 is one for each CPU core.',
  }),
  objectDetectionNet: variable({
    env: 'IMGPROXY_OBJECT_DETECTION_NET',
    type: text,
    default: '',
    meaning: 'The path of the ONNX model that finds objects.',
  }),
  objectDetectionNetType: variable({
    env: 'IMGPROXY_OBJECT_DETECTION_NET_TYPE',
    type: oneOf(...NET_TYPES),
    default: 'yolox',
    meaning: 'The kind of that model.',
  }),
  objectDetectionClasses: variable({
    env: 'IMGPROXY_OBJECT_DETECTION_CLASSES',
    type: text,
    default: '',
    meaning: 'The path of a text file of class names, one a line, each with or without `=weight`.',
  }),
  objectDetectionNetSize: variable({
    env: 'IMGPROXY_OBJECT_DETECTION_NET_SIZE',
    type: int({ min: 1, max: 4096 }),
    default: 416,
    meaning: 'Width and height of the model’s input.',
  }),
  objectDetectionConfidenceThreshold: variable({
    env: 'IMGPROXY_OBJECT_DETECTION_CONFIDENCE_THRESHOLD',
    type: float({ min: 0, max: 1 }),
    default: 0.2,
    meaning: 'The confidence under which an object is dropped.',
  }),
  objectDetectionNmsThreshold: variable({
    env: 'IMGPROXY_OBJECT_DETECTION_NMS_THRESHOLD',
    type: float({ min: 0, max: 1 }),
    default: 0.4,
    meaning: 'The overlap over which two boxes are one object.',
  }),
  objectDetectionSwapRb: variable({
    env: 'IMGPROXY_OBJECT_DETECTION_SWAP_RB',
    type: bool,
    default: false,
    meaning: 'Swaps red and blue in the input, for models of BGR images, as YOLOX’s own are.',
  }),
  objectDetectionFallbackToSmartCrop: variable({
    env: 'IMGPROXY_OBJECT_DETECTION_FALLBACK_TO_SMART_CROP',
    type: bool,
    default: true,
    meaning: 'Crops by attention where no object is found, and else about the centre.',
  }),
  objectDetectionGravityMode: variable({
    env: 'IMGPROXY_OBJECT_DETECTION_GRAVITY_MODE',
    type: oneOf('max_score_area', 'one_best', 'one_best_centermost'),
    default: 'max_score_area',
    meaning: 'How a crop is laid about objects.',
  }),
  classificationNet: variable({
    env: 'IMGPROXY_CLASSIFICATION_NET',
    type: text,
    default: '',
    meaning: 'The path of the ONNX model that tells classes.',
  }),
  classificationClasses: variable({
    env: 'IMGPROXY_CLASSIFICATION_CLASSES',
    type: text,
    default: '',
    meaning: 'The path of a text file of class names, one a line.',
  }),
  classificationNetSize: variable({
    env: 'IMGPROXY_CLASSIFICATION_NET_SIZE',
    type: int({ min: 1, max: 4096 }),
    default: 224,
    meaning: 'Width and height of the model’s input.',
  }),
  classificationThreshold: variable({
    env: 'IMGPROXY_CLASSIFICATION_THRESHOLD',
    type: float({ min: 0, max: 1 }),
    default: 0.5,
    meaning: 'The confidence under which a class is dropped.',
  }),
  classificationNormalization: variable({
    env: 'IMGPROXY_CLASSIFICATION_NORMALIZATION',
    type: oneOf('none', 'half', 'full', 'imagenet'),
    default: 'none',
    meaning: 'How the input is normalised.',
  }),
  classificationLayout: variable({
    env: 'IMGPROXY_CLASSIFICATION_LAYOUT',
    type: oneOf('nhwc', 'nchw'),
    default: 'nhwc',
    meaning: 'How the input lies in memory.',
  }),
};
