import { toBoolean, toInteger, toNumber } from './arguments.ts';
import { option } from './option.ts';

const PIXELS_IN_MEGAPIXEL = 1_000_000;

/** Options that are no question, but say how to answer. */
export const steeringOptions = {
  page: option({
    aliases: ['pg'],
    defaults: { page: 0 },
    maxArguments: 1,
    parse: ([page]) => ({ page: toInteger(page!, 0) }),
  }),
  video_thumbnail_second: option({
    aliases: ['vts'],
    defaults: { videoThumbnailSecond: 1 },
    maxArguments: 1,
    parse: ([second]) => ({ videoThumbnailSecond: toNumber(second!, 0) }),
  }),
  video_thumbnail_keyframes: option({
    aliases: ['vtk'],
    defaults: { videoThumbnailKeyframes: false },
    maxArguments: 1,
    parse: ([on]) => ({ videoThumbnailKeyframes: toBoolean(on, false) }),
  }),
  cachebuster: option({
    aliases: ['cb'],
    defaults: { cachebuster: '' },
    maxArguments: 1,
    parse: ([cachebuster]) => ({ cachebuster: cachebuster! }),
  }),
  bypass_cache: option({
    aliases: ['bc'],
    defaults: { bypassCache: false },
    maxArguments: 1,
    parse: ([on]) => ({ bypassCache: toBoolean(on, false) }),
    permission: 'allowBypassCache',
  }),
  cache_tags: option<{ cacheTags: readonly string[] }>({
    aliases: ['ct'],
    defaults: { cacheTags: [] },
    maxArguments: Infinity,
    parse: (args) => ({ cacheTags: args.filter((tag) => tag !== '') }),
  }),
  /** Seconds of the Unix epoch; 0 is never. */
  expires: option({
    aliases: ['exp'],
    defaults: { expires: 0 },
    maxArguments: 1,
    parse: ([time]) => ({ expires: Math.max(0, toInteger(time!)) }),
  }),
  preset: option<object>({
    aliases: ['pr'],
    defaults: {},
    maxArguments: Infinity,
    parse: (names, { preset }) => {
      const values = {};
      for (const name of names) Object.assign(values, preset(name));
      return values;
    },
  }),
  /** Pixels. */
  max_src_resolution: option({
    aliases: ['msr'],
    defaults: { maxSrcResolution: 0 },
    maxArguments: 1,
    parse: ([megapixels]) => ({
      maxSrcResolution: Math.trunc(toNumber(megapixels!, 0) * PIXELS_IN_MEGAPIXEL),
    }),
    permission: 'allowSecurityOptions',
  }),
  /** Bytes; 0 is no limit. */
  max_src_file_size: option({
    aliases: ['msfs'],
    defaults: { maxSrcFileSize: 0 },
    maxArguments: 1,
    parse: ([bytes]) => ({ maxSrcFileSize: toInteger(bytes!, 0) }),
    permission: 'allowSecurityOptions',
  }),
};
