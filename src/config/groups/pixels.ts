import { bool, float, int } from '../scalars.ts';
import { variable } from '../variable.ts';

/** Which frame of a video stands for it, and whether camera RAW is decoded. */
export const pixels = {
  enableVideoThumbnails: variable({
    env: 'IMGPROXY_ENABLE_VIDEO_THUMBNAILS',
    type: bool,
    default: false,
    meaning: 'Decodes a frame of a video for the options that need pixels.',
  }),
  videoThumbnailSecond: variable({
    env: 'IMGPROXY_VIDEO_THUMBNAIL_SECOND',
    type: float({ min: 0 }),
    default: 1,
    meaning: 'The second of that frame; of a shorter video it is the last.',
  }),
  videoThumbnailKeyframes: variable({
    env: 'IMGPROXY_VIDEO_THUMBNAIL_KEYFRAMES',
    type: bool,
    default: false,
    meaning: 'Takes the last keyframe before that second.',
  }),
  videoThumbnailProbeSize: variable({
    env: 'IMGPROXY_VIDEO_THUMBNAIL_PROBE_SIZE',
    type: int({ min: 0 }),
    default: 5_000_000,
    meaning: 'Bytes that may be read to find the streams out, where no header tells them.',
  }),
  videoThumbnailMaxAnalyzeDuration: variable({
    env: 'IMGPROXY_VIDEO_THUMBNAIL_MAX_ANALYZE_DURATION',
    type: int({ min: 0 }),
    default: 0,
    meaning:
      'Milliseconds of the streams that may be read to find them out; 0 leaves it to libavformat.',
  }),
  enableRawFormats: variable({
    env: 'IMGPROXY_ENABLE_RAW_FORMATS',
    type: bool,
    default: false,
    meaning: 'Decodes the pixels of camera RAW; its headers and metadata are answered always.',
  }),
};
