import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FILES, ROOT } from '../paths.ts';
import { makeLargeMp4 } from './mp4.ts';

/** A file that is asked for. */
export interface Case {
  name: string;
  /** Its name at the origins. */
  file: string;
  bytes: number;
  /** As shown; an answer may have them as stored, with the two swapped. */
  dimensions: [number, number];
}

const PHOTO = join(ROOT, 'docs/samples/photo.jpg');
const VIDEO = join(ROOT, 'docs/samples/video.mp4');
/** An iPhone's picture; the benchmark brings none of its own, as nothing free encodes HEVC here. */
const HEIC = 'heic/exif-samples__IMG_5195.HEIC';

/** What a file of the table below is before it is found to be there. */
type Row = Omit<Case, 'bytes'>;

const NEAR: Row[] = [
  { name: 'JPEG', file: 'photo.jpg', dimensions: [800, 1200] },
  { name: 'PNG', file: 'photo.png', dimensions: [800, 1200] },
  { name: 'HEIC', file: 'photo.heic', dimensions: [2566, 3313] },
  { name: 'MP4', file: 'video.mp4', dimensions: [640, 360] },
];

const FAR: Row[] = [
  { name: '100 KB JPEG', file: '100kb.jpg', dimensions: [348, 348] },
  { name: '5 MB JPEG', file: '5mb.jpg', dimensions: [2462, 2462] },
  { name: '20 MB JPEG', file: '20mb.jpg', dimensions: [4924, 4924] },
  { name: '1 GB MP4', file: '1gb.mp4', dimensions: [640, 360] },
];

/** The files of figures b, d, e and f, on an origin that is near. */
export const listNear = () => NEAR.filter(exists).map(measure);

/** The files of figure c, on an origin that is far away. */
export const listFar = () => FAR.filter(exists).map(measure);

/**
 * Puts the files where the origins serve them, and makes those that are not there yet.
 *
 * @param corpus A folder that may hold the HEIC.
 * @returns What is left out, and why.
 */
export function makeFiles(corpus: string): { name: string; why: string }[] {
  mkdirSync(FILES, { recursive: true });
  copyFileSync(PHOTO, join(FILES, 'photo.jpg'));
  copyFileSync(VIDEO, join(FILES, 'video.mp4'));
  if (!existsSync(join(FILES, 'photo.png'))) {
    execFileSync(process.execPath, [join(ROOT, 'bench/cases/make-pictures.mjs'), PHOTO, FILES]);
  }
  makeLargeMp4(VIDEO, join(FILES, '1gb.mp4'), 1024 ** 3);
  const heic = join(corpus, HEIC);
  if (existsSync(heic)) copyFileSync(heic, join(FILES, 'photo.heic'));
  return existsSync(join(FILES, 'photo.heic'))
    ? []
    : [{ name: 'HEIC', why: `${corpus} has no ${HEIC}` }];
}

const exists = ({ file }: Row) => existsSync(join(FILES, file));
const measure = (row: Row) => ({ ...row, bytes: statSync(join(FILES, row.file)).size });
