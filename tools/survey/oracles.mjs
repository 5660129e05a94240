// What the other programs say of the files.
import { execFile } from 'node:child_process';

const EXIFTOOL_BATCH = 100;
const PATIENCE_MS = 60_000;
const MOST_OUTPUT = 1 << 28;

/**
 * A map from file to `{exiftool, vips, ffprobe, exif}`, each absent where it reads nothing. Files in
 * `known` are not read again.
 */
export async function readByOracles(all, known, probed, jobs) {
  const files = all.filter((file) => !known.has(file));
  const read = new Map(known);
  for (const file of files) read.set(file, {});
  const batches = [];
  for (let i = 0; i < files.length; i += EXIFTOOL_BATCH) {
    batches.push(files.slice(i, i + EXIFTOOL_BATCH));
  }
  await inParallel(batches, jobs, async (batch) => {
    for (const [file, tags] of await exiftool(batch)) read.get(file).exiftool = tags;
  });
  await inParallel(files, jobs, async (file) => {
    const oracles = read.get(file);
    const type = oracles.exiftool?.mime ?? '';
    const info = probed.get(file).info;
    if (info && !info.video ? true : type.startsWith('image/') || type === 'application/pdf') {
      oracles.vips = await vipsheader(file);
    }
    if (info?.video || /^(video|audio)/.test(type)) oracles.ffprobe = await ffprobe(file);
    if (info?.format === 'jpeg') oracles.exif = await exif(file);
  });
  return read;
}

async function inParallel(items, jobs, act) {
  const queue = [...items].reverse();
  const work = async () => {
    while (queue.length > 0) await act(queue.pop());
  };
  await Promise.all(Array.from({ length: jobs }, work));
}

/** What a program writes to standard output, whatever it exits with. */
function output(program, args, input) {
  return new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const limits = { timeout: PATIENCE_MS, maxBuffer: MOST_OUTPUT, env };
    const child = execFile(program, args, limits, (_error, stdout) => resolve(stdout));
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}

function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

async function exiftool(batch) {
  const args = ['-j', '-n', '-G1', '-struct', '-charset', 'filename=utf8', '-@', '-'];
  const list = parsed(await output('exiftool', args, batch.join('\n')));
  if (!list && batch.length > 1) {
    // What it writes for NaN is no JSON: the file with it is left out, not those beside it.
    const half = Math.ceil(batch.length / 2);
    return [...(await exiftool(batch.slice(0, half))), ...(await exiftool(batch.slice(half)))];
  }
  return (list ?? []).map((tags) => {
    const [width, height] = String(tags['Composite:ImageSize'] ?? '')
      .split(' ')
      .map(Number);
    return [
      tags.SourceFile,
      { type: tags['File:FileType'], mime: tags['File:MIMEType'], width, height, tags },
    ];
  });
}

async function vipsheader(file) {
  const text = await output('vipsheader', ['-a', file]);
  const field = (name) => text.match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1];
  const width = Number(field('width'));
  if (!width) return undefined;
  return {
    loader: field('vips-loader'),
    width,
    height: Number(field('height')),
    bands: Number(field('bands')),
    format: field('format'),
    interpretation: field('interpretation'),
    orientation: Number(field('orientation') ?? 1),
    pages: Number(field('n-pages') ?? 1),
    exif: vipsExif(text),
  };
}

// The thumbnail's.
const IFD1 = '1';

/** libexif's values by the names of tags, as `raw (value, type, components, bytes)`. */
function vipsExif(text) {
  const values = {};
  let name;
  for (const line of text.split('\n')) {
    const field = line.match(/^exif-ifd(\d)-([^:]+): (.*)$/);
    if (field) {
      name = field[1] === IFD1 || field[2] in values ? undefined : field[2];
      if (name !== undefined) values[name] = field[3];
    } else if (/^[\w-]+: /.test(line)) {
      name = undefined;
    } else if (name !== undefined) {
      values[name] += ` ${line}`;
    }
  }
  return Object.keys(values).length > 0 ? values : undefined;
}

async function ffprobe(file) {
  const args = ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', file];
  const found = parsed(await output('ffprobe', args));
  return found?.format === undefined ? undefined : found;
}

/** libexif's titles and values, and which titles stand in other directories than the thumbnail's. */
async function exif(file) {
  const table = await output('exif', ['-m', '--no-fixup', file]);
  if (table === '') return undefined;
  const values = {};
  let last = [];
  for (const line of table.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0) {
      // A value of several lines.
      last.push(`${last.pop() ?? ''} ${line}`);
      continue;
    }
    last = values[line.slice(0, tab)] ??= [];
    last.push(line.slice(tab + 1));
  }
  const places = new Set();
  for (const line of (await output('exif', ['--list-tags', '--no-fixup', file])).split('\n')) {
    const row = line.match(/^0x[0-9a-f]{4} (.*?)((?:\s+[*-]){5})\s*$/);
    if (!row) continue;
    const [ifd0, , ...others] = row[2].trim().split(/\s+/);
    if ([ifd0, ...others].includes('*')) places.add(row[1].trim());
  }
  // It stops in the middle of a line at a value that it finds invalid.
  return { values, places: [...places], whole: table.endsWith('\n') };
}
