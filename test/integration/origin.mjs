// An origin in a process of its own: serves the files below a folder, with Range, whole or damaged.
// Plain JavaScript, as it is started without a compiler. Usage: node origin.mjs ROOT [no-range]
//
//   /path                the file
//   /path?cut=N          its first N bytes
//   /path?flip=N&seed=S  with N bytes, chosen by the seed S, replaced
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const root = realpathSync(process.argv[2]);
const knowsRanges = process.argv[3] !== 'no-range';

/** Numbers in [0, 2^32) that a seed determines (xorshift32). */
function* randomNumbers(seed) {
  let state = seed * 2654435761 + 1;
  for (;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state >>> 0;
  }
}

function damaged(bytes, query) {
  if (query.has('cut')) return bytes.subarray(0, Number(query.get('cut')));
  const numbers = randomNumbers(Number(query.get('seed') ?? 1));
  for (let i = 0; bytes.length > 0 && i < Number(query.get('flip') ?? 0); i++) {
    bytes[numbers.next().value % bytes.length] = numbers.next().value & 0xff;
  }
  return bytes;
}

function rangeOf(header, size) {
  const match = knowsRanges && /^bytes=(\d+)-(\d*)$/.exec(header ?? '');
  if (!match) return undefined;
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return { start, end };
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://origin');
  const path = join(root, decodeURIComponent(url.pathname));
  const stat = path.startsWith(root) ? statSync(path, { throwIfNoEntry: false }) : undefined;
  if (!stat?.isFile()) {
    response.writeHead(404).end('no such file');
    return;
  }
  const bytes = damaged(readFileSync(path), url.searchParams);
  const size = bytes.length;
  const etag = `"${stat.mtimeMs}${url.search.replace(/\W/g, '-')}"`;
  const headers = { ETag: etag, 'Last-Modified': stat.mtime.toUTCString() };
  const range = rangeOf(request.headers.range, size);
  if (!range) {
    response.writeHead(200, { ...headers, 'Content-Length': size }).end(bytes);
  } else if (range.start >= size) {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
  } else {
    const part = bytes.subarray(range.start, range.end + 1);
    const contentRange = `bytes ${range.start}-${range.end}/${size}`;
    response
      .writeHead(206, { ...headers, 'Content-Length': part.length, 'Content-Range': contentRange })
      .end(part);
  }
});

server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('disconnect', () => process.exit());
