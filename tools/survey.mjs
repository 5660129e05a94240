// Holds imgpeek's answers against those of exiftool, vipsheader, ffprobe and exif, over files that
// nobody chose for it. It needs these programs, a built addon, and folders of files:
//
//   node tools/survey.mjs [--out differences.json] [--each 100] [--jobs 2] [--oracles readings.json]
//       FOLDER…
//
// --each   at most so many files of one extension below each FOLDER (all, where it is left out)
// --oracles keeps what the other programs said in a file, and takes it from there the next time
//
// The table goes to standard output, each difference with its file to --out.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compare } from './survey/compare.mjs';
import { gather } from './survey/files.mjs';
import { readByOracles } from './survey/oracles.mjs';
import { probeAll } from './survey/probes.mjs';
import { print } from './survey/table.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    each: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    oracles: { type: 'string' },
  },
});
if (positionals.length === 0) throw new Error('name at least one folder of files');

const jobs = Number(values.jobs);
const files = gather(positionals, values.each === undefined ? Infinity : Number(values.each));
console.error(`${files.length} files`);
const probed = await probeAll(files, jobs);
const known = values.oracles !== undefined && existsSync(values.oracles);
const readings = known ? Object.entries(JSON.parse(readFileSync(values.oracles, 'utf8'))) : [];
const read = await readByOracles(files, new Map(readings), probed, jobs);
if (values.oracles !== undefined) {
  writeFileSync(values.oracles, JSON.stringify(Object.fromEntries(read)));
}
const rows = files.map((file) => {
  const ours = probed.get(file);
  const oracles = read.get(file) ?? {};
  return { file, ours, oracles, ...compare(ours, oracles) };
});
print(rows);
if (values.out !== undefined) {
  writeFileSync(values.out, JSON.stringify(rows, null, 1));
}
