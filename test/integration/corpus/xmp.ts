import { readExiftool } from '../../corpus.ts';

/** Our prefix by exiftool's, where it has a name of its own for a namespace. */
const PREFIXES: Record<string, string> = {
  iptcCore: 'Iptc4xmpCore',
  iptcExt: 'Iptc4xmpExt',
  microsoft: 'MicrosoftPhoto',
};

/** XMP's names of properties by exiftool's, where it renames them. */
const NAMES: Record<string, string> = {
  'crs:ColorTemperature': 'Temperature',
  'MicrosoftPhoto:RatingPercent': 'Rating',
  'microsoft:RatingPercent': 'Rating',
  'exif:ExifImageWidth': 'PixelXDimension',
  'exif:ExifImageHeight': 'PixelYDimension',
  'exif:ISO': 'ISOSpeedRatings',
  'exif:ExposureCompensation': 'ExposureBiasValue',
  'exif:FocalLengthIn35mmFormat': 'FocalLengthIn35mmFilm',
  'exif:GPSDateTime': 'GPSTimeStamp',
  'exif:Opto-ElectricConvFactor': 'OECF',
  'tiff:ImageHeight': 'ImageLength',
  'exifEX:LensInfo': 'LensSpecification',
  'exifEX:ISO': 'PhotographicSensitivity',
  'exifEX:SerialNumber': 'BodySerialNumber',
  'photoshop:ICCProfileName': 'ICCProfile',
};

/** APEX values to what exiftool makes of them (EXIF 2.32, annex C). */
const APEX: Record<string, (value: number) => number> = {
  ShutterSpeedValue: (value) => 2 ** -value,
  ApertureValue: (value) => 2 ** (value / 2),
  MaxApertureValue: (value) => 2 ** (value / 2),
};

type Properties = Record<string, Record<string, unknown>>;

/** A value as exiftool and XMP both can write it: rationals, dates and booleans made alike. */
function leaf(value: unknown): string {
  const text = String(value).trim();
  if (/^(true|false)$/i.test(text)) return text.toLowerCase();
  const ratio = /^(-?\d+)\/(-?\d+)$/.exec(text);
  if (ratio && Number(ratio[2]) !== 0) return number(Number(ratio[1]) / Number(ratio[2]));
  if (/^(\d+\/\d+ )+\d+\/\d+$/.test(text)) {
    return text
      .split(' ')
      .map((part) => (/^\d+\/0$/.test(part) ? 'undef' : leaf(part)))
      .join(' ');
  }
  const gps = /^(\d+),(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?([NSEW])$/.exec(text);
  if (gps) {
    const degrees = Number(gps[1]) + Number(gps[2]) / 60 + Number(gps[3] ?? 0) / 3600;
    return number(/[SW]/.test(gps[4] ?? '') ? -degrees : degrees);
  }
  if (/^-?\d*\.?\d+(e[-+]?\d+)?$/i.test(text)) return number(Number(text));
  return text
    .replace(/^(\d{4}):(\d\d):(\d\d)(?: |$)/, (_, y, m, d) => `${y}-${m}-${d}T`)
    .replace(/T$/, '')
    .replace(/[\s\u00a0]+/g, ' ');
}

const number = (value: number) => String(Number(value.toPrecision(3)));

/** A rational of XMP, such as `7643856/1000000`. */
function quotient(value: unknown): number {
  const [above = 0, below = 1] = String(value).split('/').map(Number);
  return above / below;
}

/** All leaves of a value, sorted: structures and arrays are compared by what is in them. */
function leaves(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [leaf(value)];
  return Object.values(value).flatMap(leaves).sort();
}

/** The same in words: exiftool writes some arrays as one string. */
const words = (value: unknown) => leaves(value).join(' ').split(' ').sort().join(' ');

/** exiftool's XMP: our prefix to our property to what exiftool gives. */
function exiftoolProperties(path: string): Properties {
  const out: Properties = {};
  for (const [key, value] of Object.entries(readExiftool(path))) {
    const match = /^XMP-([\w-]+):(.+)$/.exec(key);
    const [, group = '', tag = ''] = match ?? [];
    if (!match || group === 'x' || group === 'xmpNote' || group === 'rdf') continue;
    const prefix = PREFIXES[group] ?? group;
    out[prefix] ??= {};
    out[prefix][NAMES[`${group}:${tag}`] ?? tag] = value;
  }
  return out;
}

/** A property by its name, whatever the case; a language's entry where exiftool made one of it. */
function find(properties: Record<string, unknown>, name: string): unknown {
  const exact = Object.keys(properties).find((key) => key.toLowerCase() === name.toLowerCase());
  if (exact) return properties[exact];
  const language = /^(.*?)-([a-z]{2,3}(?:-\w+)*)$/i.exec(name);
  const alternatives = language ? find(properties, language[1] ?? '') : undefined;
  if (!alternatives || typeof alternatives !== 'object') return undefined;
  const entries = Object.entries(alternatives);
  return entries.find(([key]) => key.toLowerCase() === language?.[2]?.toLowerCase())?.[1];
}

/** Where our answer's XMP and exiftool's differ, a line each. */
export function xmpDifferences(path: string, ours: Properties = {}): string[] {
  const differences: string[] = [];
  for (const [prefix, properties] of Object.entries(exiftoolProperties(path))) {
    for (const [name, theirs] of Object.entries(properties)) {
      let found = find(ours[prefix] ?? {}, name);
      if (
        found &&
        typeof found === 'object' &&
        'x-default' in found &&
        typeof theirs !== 'object'
      ) {
        found = found['x-default'];
      }
      const fromApex = APEX[name];
      if (fromApex && found !== undefined) found = fromApex(quotient(found));
      const expected = words(theirs);
      const actual = found === undefined ? '(none)' : words(found);
      if (expected !== actual) differences.push(`${prefix}:${name}: ${actual} for ${expected}`);
    }
  }
  return differences;
}
