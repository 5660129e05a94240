// What files cost by the size of the first range: the loop of needs over files in memory.
//
//   node bench/rounds/rounds.mjs [--first=4,16,64] [--fixed] [--headers] [--min=BYTES] [--worst=N] FOLDER...
//
// --first    sizes of the first range in KiB
// --fixed    takes that for every file, whatever its path's extension
// --headers  asks for the dimensions alone, not for the options that are on by default
// --min      passes over files that are shorter
// --worst    names the files that take the most rounds, at the last size
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseFirstRange } from '../../dist/info/first-range.js';
import { peek } from '../../dist/info/peek.js';
import { probe } from '../../dist/native.js';
import { MemorySource } from './memory-source.mjs';

const LIMITS = { maxRounds: 16, maxBytes: 128 * 1024 * 1024 };

/** The options that are on by default. */
const DEFAULTS = {
  dimensions: true,
  exif: true,
  exifCanonical: false,
  iptc: true,
  xmp: true,
  videoMeta: true,
  colorspace: false,
  bands: false,
  sampleFormat: false,
  pagesNumber: false,
};

/** The same, without metadata. */
const HEADERS = { ...DEFAULTS, exif: false, iptc: false, xmp: false, videoMeta: false };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    first: { type: 'string', default: '4,8,16,32,64,128,256' },
    min: { type: 'string', default: '0' },
    fixed: { type: 'boolean', default: false },
    headers: { type: 'boolean', default: false },
    worst: { type: 'string', default: '0' },
  },
});
const wanted = values.headers ? HEADERS : DEFAULTS;
const sizes = values.first.split(',').map((size) => Number(size) * 1024);

/** Files below a folder, links left alone. */
function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}

/** What one file costs at one first range; undefined where it is nothing that can be read. */
async function measure(file, firstRange) {
  const source = new MemorySource(file, firstRange);
  try {
    const { info, rounds, cut } = await peek(
      { source, first: source.first },
      wanted,
      LIMITS,
      probe,
    );
    return { format: info.format, rounds, cut, size: file.length, ...source.cost };
  } catch {
    return undefined;
  }
}

async function measureAll() {
  const measured = sizes.map(() => []);
  for (const folder of positionals) {
    for (const path of filesIn(folder)) {
      const file = readFileSync(path);
      if (file.length < Number(values.min)) continue;
      for (const [index, size] of sizes.entries()) {
        const first = values.fixed ? size : chooseFirstRange(path, size);
        const cost = await measure(file, first);
        if (cost === undefined) break;
        measured[index].push({ path, ...cost });
      }
    }
  }
  return measured;
}

const sum = (costs, field) => costs.reduce((total, cost) => total + cost[field], 0);
const percent = (share) => `${(100 * share).toFixed(1)}%`;

function rowOf(name, costs) {
  const single = costs.filter(({ requests }) => requests === 1).length;
  const large = costs.filter(({ size }) => size > 256 * 1024);
  return [
    name,
    costs.length,
    percent(single / costs.length),
    (sum(costs, 'rounds') / costs.length).toFixed(2),
    Math.max(...costs.map(({ rounds }) => rounds)),
    Math.max(...costs.map(({ requests }) => requests)),
    costs.filter(({ cut }) => cut).length,
    percent(sum(costs, 'bytes') / sum(costs, 'size')),
    large.length === 0 ? '-' : percent(sum(large, 'bytes') / sum(large, 'size')),
  ].join(' | ');
}

const measured = await measureAll();
for (const [index, size] of sizes.entries()) {
  const costs = measured[index];
  console.log(`\nfirst range ${size / 1024} KiB\n`);
  console.log(
    '| format | files | one request | rounds, mean | rounds, most | requests, most | cut | bytes | bytes over 256 KiB |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const [format, group] of [...grouped(costs)].sort()) {
    console.log(`| ${rowOf(format, group)} |`);
  }
  if (costs.length > 0) console.log(`| ${rowOf('all', costs)} |`);
}
const worst = measured
  .at(-1)
  .sort((a, b) => b.rounds - a.rounds)
  .slice(0, Number(values.worst));
for (const { path, rounds, requests, bytes, size } of worst) {
  console.log(`${rounds} rounds, ${requests} requests, ${bytes} of ${size} bytes: ${path}`);
}

function grouped(costs) {
  const groups = new Map();
  for (const cost of costs) groups.set(cost.format, [...(groups.get(cost.format) ?? []), cost]);
  return groups;
}
