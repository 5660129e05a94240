import { aesKey } from '../keys.ts';
import { list } from '../lists.ts';
import { bool, int, megapixels, text } from '../scalars.ts';
import { variable } from '../variable.ts';

/** What requests may ask for. */
export const security = {
  secret: variable({
    env: 'IMGPROXY_SECRET',
    type: text,
    default: '',
    secret: true,
    meaning: 'The token that `Authorization: Bearer` must hold, where set.',
  }),
  sourceUrlEncryptionKey: variable<Buffer | undefined>({
    env: 'IMGPROXY_SOURCE_URL_ENCRYPTION_KEY',
    type: aesKey,
    default: undefined,
    secret: true,
    meaning: 'The AES-CBC key of encrypted source URLs.',
  }),
  allowedInfoOptions: variable<readonly string[]>({
    env: 'IMGPROXY_ALLOWED_INFO_OPTIONS',
    type: list,
    default: [],
    meaning:
      'The options that a URL may use, long and short names apart; all where unset. Presets are not bound by it.',
  }),
  allowSecurityOptions: variable({
    env: 'IMGPROXY_ALLOW_SECURITY_OPTIONS',
    type: bool,
    default: false,
    meaning: 'Lets URLs use `max_src_resolution` and `max_src_file_size`.',
  }),
  allowBypassCache: variable({
    env: 'IMGPROXY_ALLOW_BYPASS_CACHE',
    type: bool,
    default: false,
    meaning: 'Lets URLs use `bypass_cache`.',
  }),
  maxSrcFileSize: variable({
    env: 'IMGPROXY_MAX_SRC_FILE_SIZE',
    type: int({ min: 0 }),
    default: 0,
    meaning: 'Bytes that a source file may have; 0 is no limit.',
  }),
  maxSrcResolution: variable({
    env: 'IMGPROXY_MAX_SRC_RESOLUTION',
    type: megapixels({ min: 0.000001 }),
    default: 50_000_000,
    meaning: 'Size of an image whose pixels may be decoded; headers are read from any.',
  }),
  maxAnimationFrames: variable({
    env: 'IMGPROXY_MAX_ANIMATION_FRAMES',
    type: int({ min: 1 }),
    default: 1,
    meaning:
      'Frames of an animation that count as decoded, and that are looked at for transparent pixels.',
  }),
  maxAnimationFrameResolution: variable({
    env: 'IMGPROXY_MAX_ANIMATION_FRAME_RESOLUTION',
    type: megapixels(),
    default: 0,
    meaning:
      'Size of a frame that may be decoded where several count, each by itself; 0 holds all of them together to `IMGPROXY_MAX_SRC_RESOLUTION`.',
  }),
  pngUnlimited: variable({
    env: 'IMGPROXY_PNG_UNLIMITED',
    type: bool,
    default: false,
    meaning: 'Lifts the limits on the chunks of a PNG that is decoded.',
  }),
  svgUnlimited: variable({
    env: 'IMGPROXY_SVG_UNLIMITED',
    type: bool,
    default: false,
    meaning: 'Lifts the limits on the size and the depth of an SVG that is decoded.',
  }),
};
