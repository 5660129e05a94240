/**
 * Where our answer is not the reference's, and why. A file that stands here must differ in just the
 * fields that are named; one that does not stand here must not differ at all.
 */
export interface Difference {
  /** Fields of the answer that differ. */
  fields: string[];
  /** Which tool is wrong, or what the two mean by the field. */
  reason: string;
}

export const DIFFERENCES: Record<string, Difference> = {
  'broken/synth__mp4-moov-cut.mp4': {
    fields: ['format'],
    reason: 'ffprobe gives up where moov ends early; the track that is whole is answered',
  },
  'jpeg/exif-samples__tests-32-lens_data.jpeg': {
    fields: ['xmp'],
    reason: 'exiftool takes the number out of MaxApertureValue "4,90 EV (f/5,5)"',
  },
  'jpeg/sharp__concert.jpg': {
    fields: ['iptc'],
    reason: 'exiftool names dataset 2:230, which is none of IIM 4.2',
  },
  'jpeg/synth__exif-big-endian-unicode-comment.jpg': {
    fields: ['exif'],
    reason: 'libexif decodes no user comment in UTF-16; we do',
  },
  'mkv/synth__h264-two-audio-languages-subrip.mkv': {
    fields: ['video_streams'],
    reason: 'ffprobe decodes a packet for the bit rate of AC-3; the header holds none',
  },
  'mp4/synth__h264-aac-fragmented.mp4': {
    fields: ['video_streams'],
    reason: 'ffprobe reads every fragment to sum up bit rates; the header holds none',
  },
  'mpegts/synth__h264-aac.ts': {
    fields: ['video_streams'],
    reason: 'the bit rate of its AAC is an estimate, of as many packets as were read',
  },
  'pdf/libvips__cmyktest.pdf': {
    fields: ['xmp'],
    reason: 'exiftool decodes the thumbnail, which XMP holds as Base64',
  },
  'svg/image-size__units-inches.svg': {
    fields: ['dimensions'],
    reason: 'libvips renders at 72 dots per inch; a CSS inch is 96 pixels',
  },
  'tiff/synth__pyramid-tiled-jpeg.tif': {
    fields: ['pages_number'],
    reason: 'libvips counts the levels of a pyramid; they are one page',
  },
};
