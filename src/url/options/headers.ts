import { toBoolean } from './arguments.ts';
import { type Option, option } from './option.ts';

/** An option with one switch, whose name in the options is `key`. */
function toggle<K extends string>(
  key: K,
  aliases: readonly string[],
  fallback: boolean,
): Option<Record<K, boolean>> {
  const values = (on: boolean) => ({ [key]: on }) as Record<K, boolean>;
  return option({
    aliases,
    defaults: values(fallback),
    maxArguments: 1,
    parse: ([on]) => values(toBoolean(on, fallback)),
  });
}

/** Options that a file's headers and metadata answer. */
export const headerOptions = {
  size: toggle('size', ['s'], true),
  format: toggle('format', ['f'], true),
  dimensions: toggle('dimensions', ['d'], true),
  exif: option({
    aliases: [],
    defaults: { exif: true, exifCanonical: false },
    maxArguments: 2,
    parse: ([on, canonical]) => ({
      exif: toBoolean(on, true),
      exifCanonical: toBoolean(canonical, false),
    }),
  }),
  iptc: toggle('iptc', [], true),
  xmp: toggle('xmp', [], true),
  video_meta: toggle('videoMeta', ['vm'], true),
  colorspace: toggle('colorspace', ['cs'], false),
  bands: toggle('bands', ['b'], false),
  sample_format: toggle('sampleFormat', ['sf'], false),
  pages_number: toggle('pagesNumber', ['pn'], false),
};
