import { bool, float, int, oneOf, text } from '../scalars.ts';
import { planned } from '../variable.ts';

/** What finds objects and tells classes. */
export const models = {
  mlNumStreams: planned({
    env: 'IMGPROXY_ML_NUM_STREAMS',
    type: int({ min: 0 }),
    default: 0,
    meaning: 'How many images a model works on at a time; 0 is one for each CPU core.',
  }),
  mlInferenceNumThreads: planned({
    env: 'IMGPROXY_ML_INFERENCE_NUM_THREADS',
    type: int({ min: 0 }),
    default: 0,
    meaning: 'Threads of a model; 0 is one for each CPU core.',
  }),
  objectDetectionNet: planned({
    env: 'IMGPROXY_OBJECT_DETECTION_NET',
    type: text,
    default: '',
    meaning: 'The path of the ONNX model that finds objects.',
  }),
  objectDetectionNetType: planned({
    env: 'IMGPROXY_OBJECT_DETECTION_NET_TYPE',
    type: oneOf(
      'yolox',
      'yolov4',
      'yolov5',
      'yolov6',
      'yolov7',
      'yolov8',
      'yolov9',
      'yolov10',
      'yolov11',
      'yolo-nas',
    ),
    default: 'yolox',
    meaning: 'The kind of that model.',
  }),
  objectDetectionClasses: planned({
    env: 'IMGPROXY_OBJECT_DETECTION_CLASSES',
    type: text,
    default: '',
    meaning: 'The path of a text file of class names, one a line.',
  }),
  objectDetectionNetSize: planned({
    env: 'IMGPROXY_OBJECT_DETECTION_NET_SIZE',
    type: int({ min: 1, max: 4096 }),
    default: 416,
    meaning: 'Width and height of the model’s input.',
  }),
  objectDetectionConfidenceThreshold: planned({
    env: 'IMGPROXY_OBJECT_DETECTION_CONFIDENCE_THRESHOLD',
    type: float({ min: 0, max: 1 }),
    default: 0.2,
    meaning: 'The confidence under which an object is dropped.',
  }),
  objectDetectionNmsThreshold: planned({
    env: 'IMGPROXY_OBJECT_DETECTION_NMS_THRESHOLD',
    type: float({ min: 0, max: 1 }),
    default: 0.4,
    meaning: 'The overlap over which two boxes are one object.',
  }),
  objectDetectionSwapRb: planned({
    env: 'IMGPROXY_OBJECT_DETECTION_SWAP_RB',
    type: bool,
    default: false,
    meaning: 'Swaps red and blue in the input, for models of BGR images.',
  }),
  objectDetectionFallbackToSmartCrop: planned({
    env: 'IMGPROXY_OBJECT_DETECTION_FALLBACK_TO_SMART_CROP',
    type: bool,
    default: true,
    meaning: 'Crops by attention where no object is found, and else about the centre.',
  }),
  objectDetectionGravityMode: planned({
    env: 'IMGPROXY_OBJECT_DETECTION_GRAVITY_MODE',
    type: oneOf('max_score_area', 'one_best', 'one_best_centermost'),
    default: 'max_score_area',
    meaning: 'How a crop is laid about objects.',
  }),
  classificationNet: planned({
    env: 'IMGPROXY_CLASSIFICATION_NET',
    type: text,
    default: '',
    meaning: 'The path of the ONNX model that tells classes.',
  }),
  classificationClasses: planned({
    env: 'IMGPROXY_CLASSIFICATION_CLASSES',
    type: text,
    default: '',
    meaning: 'The path of a text file of class names, one a line.',
  }),
  classificationNetSize: planned({
    env: 'IMGPROXY_CLASSIFICATION_NET_SIZE',
    type: int({ min: 1, max: 4096 }),
    default: 224,
    meaning: 'Width and height of the model’s input.',
  }),
  classificationThreshold: planned({
    env: 'IMGPROXY_CLASSIFICATION_THRESHOLD',
    type: float({ min: 0, max: 1 }),
    default: 0.5,
    meaning: 'The confidence under which a class is dropped.',
  }),
  classificationNormalization: planned({
    env: 'IMGPROXY_CLASSIFICATION_NORMALIZATION',
    type: oneOf('none', 'half', 'full', 'imagenet'),
    default: 'none',
    meaning: 'How the input is normalised.',
  }),
  classificationLayout: planned({
    env: 'IMGPROXY_CLASSIFICATION_LAYOUT',
    type: oneOf('nhwc', 'nchw'),
    default: 'nhwc',
    meaning: 'How the input lies in memory.',
  }),
};
