// exiftool is processes of its own already, which read files: so one Node process stands before them.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ExifTool } from 'exiftool-vendored';
import { serve } from './cluster.mjs';

const exiftool = new ExifTool({ maxProcs: Number(process.argv[3]) });
const folder = await mkdtemp(join(tmpdir(), 'imgpeek-bench-'));
let files = 0;

serve(async (source) => {
  const response = await fetch(source);
  if (!response.ok) throw new Error(`the origin says ${response.status}`);
  const path = join(folder, String(files++));
  try {
    await pipeline(Readable.fromWeb(response.body), createWriteStream(path));
    return await exiftool.read(path);
  } finally {
    await rm(path, { force: true });
  }
}, 1);

process.once('SIGTERM', async () => {
  await exiftool.end();
  await rm(folder, { recursive: true });
  process.exit();
});
