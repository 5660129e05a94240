// An origin in a process of its own: serves the files below a folder, with Range, whole or damaged.
// Plain JavaScript, as it is started without a compiler. Usage: node origin.mjs ROOT [no-range]
//
//   /path                the file
//   /path?cut=N          its first N bytes
//   /path?flip=N&seed=S  with N bytes, chosen by the seed S, replaced; of its first M with &within=M
//   /path?delay=MS       so many milliseconds later
//   /path?stall=N        N bytes of the body, and then nothing more
//   /path?break=N        N bytes of the body, and then a reset
//   /path?status=N       that status, and no file
import { closeSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
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
  const within = Math.min(Number(query.get('within') ?? bytes.length), bytes.length);
  for (let i = 0; within > 0 && i < Number(query.get('flip') ?? 0); i++) {
    bytes[numbers.next().value % within] = numbers.next().value & 0xff;
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

/** Bytes from `start` to `end`, the last one included. */
function readPart(path, { start, end }) {
  const bytes = Buffer.alloc(end - start + 1);
  const file = openSync(path);
  readSync(file, bytes, 0, bytes.length, start);
  closeSync(file);
  return bytes;
}

/** Sends a body in the way that the query asks for. */
function send(response, body, query) {
  const count = Number(query.get('stall') ?? query.get('break') ?? body.length);
  if (count >= body.length) return response.end(body);
  response.write(body.subarray(0, count));
  if (query.has('break')) setImmediate(() => response.socket?.resetAndDestroy());
}

function answer(request, response) {
  const url = new URL(request.url, 'http://origin');
  const path = join(root, decodeURIComponent(url.pathname));
  const stat = path.startsWith(root) ? statSync(path, { throwIfNoEntry: false }) : undefined;
  if (!stat?.isFile()) {
    response.writeHead(404).end('no such file');
    return;
  }
  const query = url.searchParams;
  if (query.has('status')) return void response.writeHead(Number(query.get('status'))).end();
  const isDamaged = query.has('cut') || query.has('flip');
  const bytes = isDamaged ? damaged(readFileSync(path), query) : undefined;
  const size = bytes?.length ?? stat.size;
  const etag = `"${stat.mtimeMs}${url.search.replace(/\W/g, '-')}"`;
  const headers = { ETag: etag, 'Last-Modified': stat.mtime.toUTCString() };
  const range = rangeOf(request.headers.range, size);
  if (!range) {
    response.writeHead(200, { ...headers, 'Content-Length': size });
    send(response, bytes ?? readFileSync(path), query);
  } else if (range.start >= size) {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
  } else {
    const part = bytes?.subarray(range.start, range.end + 1) ?? readPart(path, range);
    const contentRange = `bytes ${range.start}-${range.end}/${size}`;
    response.writeHead(206, {
      ...headers,
      'Content-Length': part.length,
      'Content-Range': contentRange,
    });
    send(response, part, query);
  }
}

const server = createServer((request, response) => {
  const delay = Number(new URL(request.url, 'http://origin').searchParams.get('delay'));
  setTimeout(answer, delay, request, response);
});

server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
process.on('disconnect', () => process.exit());
