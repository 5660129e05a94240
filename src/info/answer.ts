import type { Info, PixelAnswer } from '../native.ts';
import { hasAlpha } from './alpha.ts';
import type { Asked } from './asked.ts';
import {
  type AskedCrop,
  isAboutObjects,
  isCropAsked,
  type Part,
  placeCrop,
  toCropShare,
  toFractions,
} from './crop.ts';
import { typeByExtension } from './extension.ts';
import type { ModelAnswer } from './model-answers.ts';

/** What the answer is made from. */
export interface AnswerFacts {
  info: Info;
  /** Bytes of the whole file, or undefined where nobody knows. */
  size: number | undefined;
  /** The origin's Content-Type. */
  contentType: string | undefined;
  /** The source URL, for the extension in its path. */
  sourceUrl: string;
  /** Sums of the whole file, as JSON text. */
  hashsums?: string | undefined;
  /** What its pixels say, where they were decoded. */
  pixels?: PixelAnswer | undefined;
  /** What models say of them. */
  models?: ModelAnswer | undefined;
}

/** A field of the answer: gives its value as JSON text, or undefined where it is absent. */
type Field = [
  name: string,
  option: keyof Asked,
  json: (facts: AnswerFacts, asked: Asked) => string | undefined,
];

const text = JSON.stringify as (value: unknown) => string | undefined;

/** The fields in the order of the answer, each with the option that asks for it. */
const FIELDS: readonly Field[] = [
  ['format', 'format', ({ info }) => text(info.format)],
  ['mime_type', 'format', (facts) => text(mimeType(facts))],
  ['width', 'dimensions', ({ info }) => `${info.width}`],
  ['height', 'dimensions', ({ info }) => `${info.height}`],
  ['orientation', 'dimensions', ({ info }) => `${info.orientation}`],
  ['size', 'size', ({ size }) => `${size ?? 0}`],
  ['exif', 'exif', ({ info }) => info.exif],
  ['iptc', 'iptc', ({ info }) => info.iptc],
  ['photoshop', 'iptc', ({ info }) => info.photoshop],
  ['xmp', 'xmp', ({ info }) => info.xmp],
  ['video_meta', 'videoMeta', ({ info }) => info.videoMeta],
  ['video_streams', 'videoMeta', ({ info }) => info.videoStreams],
  ['colorspace', 'colorspace', ({ info }) => text(info.colorspace)],
  ['bands', 'bands', ({ info }) => text(info.bands)],
  ['sample_format', 'sampleFormat', ({ info }) => text(info.sampleFormat)],
  ['pages_number', 'pagesNumber', ({ info }) => `${info.pagesNumber}`],
  ['alpha', 'alpha', ({ info }) => text(hasAlpha(info))],
  ['transparency', 'alpha', transparencyOf],
  ['crop', 'crop', cropOf],
  ['palette', 'palette', ({ pixels }) => pixels?.palette],
  ['average', 'average', ({ pixels }) => pixels?.average],
  ['dominant_colors', 'dominantColors', ({ pixels }) => pixels?.dominantColors],
  ['blurhash', 'blurhashX', ({ pixels }) => pixels?.blurhash],
  ['thumb_hash', 'thumbHash', ({ pixels }) => pixels?.thumbHash],
  ['perceptual_hash', 'perceptualHash', ({ pixels }) => pixels?.perceptualHash],
  ['objects', 'detectObjects', ({ models }) => models?.objects],
  ['classes', 'classify', ({ models }) => models?.classes],
  ['hashsums', 'calcHashsums', ({ hashsums }) => hashsums],
];

/**
 * The response's body: one JSON object. Metadata comes from the core as JSON text and is written
 * as it is.
 */
export function toJson(asked: Asked, facts: AnswerFacts): string {
  let members = '';
  for (const [name, option, json] of FIELDS) {
    const value = asked[option] ? json(facts, asked) : undefined;
    if (value !== undefined) members += `${members === '' ? '' : ','}"${name}":${value}`;
  }
  return `{${members}}`;
}

/** Where there is no alpha channel, nothing is transparent; else the pixels tell. */
function transparencyOf({ info, pixels }: AnswerFacts, { checkTransparency }: Asked) {
  if (!checkTransparency) return undefined;
  return hasAlpha(info) === false ? 'false' : pixels?.transparency;
}

/** The part that is cut out, in fractions; where it was looked for it is where it was found. */
function cropOf({ info, pixels, models }: AnswerFacts, { crop }: Asked): string | undefined {
  if (!isCropAsked(crop)) return undefined;
  const placed = isAboutObjects(crop) ? models?.crop : placeUnlessSmart(crop, info);
  if (placed !== 'attention') return placed && text(toFractions(placed, info));
  const share = toCropShare(crop, info);
  return pixels?.smartCrop && text({ ...JSON.parse(pixels.smartCrop), ...share });
}

function placeUnlessSmart(crop: AskedCrop, info: Info): Part | 'attention' {
  return crop.gravity.type === 'sm' ? 'attention' : placeCrop(crop, info);
}

/** Video goes by the origin's word, then by the extension; an image by its content alone. */
function mimeType({ info, contentType, sourceUrl }: AnswerFacts): string {
  if (!info.video) return info.mimeType;
  if (contentType?.startsWith('video/')) return contentType;
  const byExtension = typeByExtension(sourceUrl);
  return byExtension?.startsWith('video/') ? byExtension : info.mimeType;
}
