import type { Info } from '../native.ts';
import type { Asked } from './asked.ts';
import { typeByExtension } from './extension.ts';

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
}

/** A field of the answer: gives its value as JSON text, or undefined where it is absent. */
type Field = [name: string, option: keyof Asked, json: (facts: AnswerFacts) => string | undefined];

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
  ['hashsums', 'calcHashsums', ({ hashsums }) => hashsums],
];

/**
 * The response's body: one JSON object. Metadata comes from the core as JSON text and is written
 * as it is.
 */
export function toJson(asked: Asked, facts: AnswerFacts): string {
  let members = '';
  for (const [name, option, json] of FIELDS) {
    const value = asked[option] ? json(facts) : undefined;
    if (value !== undefined) members += `${members === '' ? '' : ','}"${name}":${value}`;
  }
  return `{${members}}`;
}

/** As libvips has it: a channel beyond those of the colours. */
function hasAlpha({ bands, colorspace }: Info): boolean | undefined {
  if (bands === undefined) return undefined;
  return bands === 2 || bands > 4 || (bands === 4 && colorspace !== 'cmyk');
}

/** Video goes by the origin's word, then by the extension; an image by its content alone. */
function mimeType({ info, contentType, sourceUrl }: AnswerFacts): string {
  if (!info.video) return info.mimeType;
  if (contentType?.startsWith('video/')) return contentType;
  const byExtension = typeByExtension(sourceUrl);
  return byExtension?.startsWith('video/') ? byExtension : info.mimeType;
}
