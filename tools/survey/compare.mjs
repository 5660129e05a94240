// Which fields of our answer differ from what the other programs say.
import { compareIptc, comparePhotoshop, compareXmp } from './compare-exiftool.mjs';
import { compareVideo } from './compare-video.mjs';

// exiftool's types where ours has another name.
const TYPES = {
  'extended webp': 'webp',
  apng: 'png',
  dib: 'bmp',
  eps: 'eps',
  j2c: 'j2k',
  jpx: 'jp2',
  jpm: 'jp2',
  pdf: 'pdf',
  mpo: 'jpeg',
  'jxl codestream': 'jxl',
  heics: 'heic',
  heifs: 'heif',
  svgz: 'svg',
};

/** `{verdict, differences: [{field, ours, theirs}]}`. */
export function compare(ours, oracles) {
  if (ours.death) return { verdict: 'dead', differences: [] };
  const theirs = pictured(oracles);
  if (!ours.info) {
    return { verdict: theirs ? 'refused by us alone' : 'refused by all', differences: [] };
  }
  const differences = [];
  const tell = (field, our, their) => differences.push({ field, ours: our, theirs: their });
  compareFormat(ours.info, oracles, tell);
  if (ours.info.video) {
    compareVideo(ours.info, oracles.ffprobe, tell);
  } else {
    compareSize(ours.info, oracles, tell);
    comparePixels(ours.info, oracles, tell);
    compareExif(ours.info, oracles.exif, tell);
    compareCanonicalExif(ours.canonicalExif, oracles.vips, tell);
    compareIptc(ours.info, oracles.exiftool?.tags, tell);
    comparePhotoshop(ours.info, oracles.exiftool?.tags, tell);
  }
  compareXmp(ours.info, oracles.exiftool?.tags, tell);
  return { verdict: 'answered', differences };
}

// Whether another program finds a picture in the file.
function pictured({ exiftool, vips, ffprobe }) {
  if (vips || exiftool?.width > 0) return true;
  return (ffprobe?.streams ?? []).some((stream) => stream.codec_type === 'video');
}

function compareFormat(info, { exiftool }, tell) {
  const type = (exiftool?.type ?? '').toLowerCase();
  if (type === '' || info.video) return;
  const name = TYPES[type] ?? type;
  if (name !== info.format) tell('format', info.format, type);
}

function compareSize(info, { exiftool, vips }, tell) {
  const turned = info.orientation >= 5 && !/heic|heif|avif|jxl/.test(info.format);
  const shown = (width, height) => (turned ? `${height}x${width}` : `${width}x${height}`);
  const ours = `${info.width}x${info.height}`;
  const theirs = [];
  if (vips) theirs.push(shown(vips.width, vips.height));
  if (exiftool?.width > 0) theirs.push(shown(exiftool.width, exiftool.height));
  if (theirs.length > 0 && !theirs.includes(ours)) tell('size', ours, theirs.join(' '));
  const stored =
    exiftool?.tags['IFD0:Orientation'] ??
    (vips && !exiftool?.tags ? vips.orientation : undefined) ??
    1;
  const orientation = stored >= 1 && stored <= 8 ? stored : 1;
  if (orientation !== info.orientation) tell('orientation', info.orientation, stored);
}

function comparePixels(info, { vips }, tell) {
  if (!vips || /magick|openslide/.test(vips.loader ?? '')) return;
  const field = (name, ours, theirs) => {
    if (ours !== theirs) tell(name, ours ?? null, theirs);
  };
  field('pages', info.pagesNumber, vips.pages);
  field('bands', info.bands, vips.bands);
  field('colorspace', info.colorspace, vips.interpretation);
  field('sample_format', info.sampleFormat, vips.format);
}

// Longer values are cut by the others.
const WHOLE_VALUE = 1000;

const squeezed = (value) => value.replaceAll(/[\uFFFD\p{Cc}\s?]+/gu, '');

// Titles and values against exif's table, which is for JPEG.
function compareExif(info, exif, tell) {
  if (!exif) return;
  const ours = JSON.parse(info.exif ?? '{}');
  for (const [title, value] of Object.entries(ours)) {
    const theirs = exif.values[title];
    if (!theirs) {
      if (exif.whole) tell('exif more', `${title}: ${value}`, null);
    } else if (
      value.length < WHOLE_VALUE &&
      !theirs.some((their) => squeezed(their) === squeezed(value))
    ) {
      tell('exif value', `${title}: ${value}`, theirs.join(' | '));
    }
  }
  // A tag that stands where it does not belong has no title; its place cannot be told then.
  if ('(NULL)' in exif.values) return;
  for (const [title, values] of Object.entries(exif.values)) {
    // The table of places cuts titles.
    const listed = exif.places.some((place) => title.startsWith(place));
    if (listed && !(title in ours)) tell('exif less', null, `${title}: ${values.join(' | ')}`);
  }
}

// What libexif adds where it is missing, unless it is told not to.
const ADDED = new Set([
  'ColorSpace',
  'ComponentsConfiguration',
  'ExifVersion',
  'FlashpixVersion',
  'FlashPixVersion',
  'ResolutionUnit',
  'XResolution',
  'YCbCrPositioning',
  'YResolution',
]);

// Names and values against those that libvips takes from libexif, for all formats that it reads.
function compareCanonicalExif(canonical, vips, tell) {
  if (!vips?.exif) return;
  const ours = JSON.parse(canonical ?? '{}');
  for (const [name, value] of Object.entries(ours)) {
    const theirs = vips.exif[name];
    // libvips takes the orientation out where the format itself turns the picture.
    if (name === 'Orientation' && theirs === undefined) continue;
    if (theirs === undefined) tell('exif more than vips', `${name}: ${value}`, null);
    else if (value.length < WHOLE_VALUE && !squeezed(theirs).includes(`(${squeezed(value)},`)) {
      tell('exif value by vips', `${name}: ${value}`, theirs);
    }
  }
  for (const [name, value] of Object.entries(vips.exif)) {
    if (!(name in ours) && !ADDED.has(name)) tell('exif less than vips', null, `${name}: ${value}`);
  }
}
