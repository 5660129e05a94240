import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Behaviour, parseBehaviour } from './behaviour.ts';
import type { Counts } from './counts.ts';
import { Files, type OpenFile } from './files.ts';
import { sendPart } from './pace.ts';
import { parseRange } from './range.ts';

/**
 * An origin that counts what it is asked for and sends, and that is as far and as slow as the path
 * says. A connection's first request waits for one delay more: the handshake of a real one takes it.
 */
export function createCountingOrigin(root: string, counts: Counts): Server {
  const files = new Files(root);
  const known = new WeakSet<Socket>();
  return createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const isNew = !known.has(request.socket);
    known.add(request.socket);
    answer(request, response, isNew).catch((error: Error) => response.destroy(error));
  });

  async function answer(request: IncomingMessage, response: ServerResponse, isNew: boolean) {
    const path = decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/');
    const { behaviour, file } = parseBehaviour(path);
    const count = counts.begin(file);
    response.once('close', () => count.end());
    if (behaviour.delay > 0) await sleep(behaviour.delay * (isNew ? 2 : 1));
    const opened = await files.open(file).catch(() => undefined);
    if (!opened) response.writeHead(404).end();
    else await sendFile(request, response, opened, behaviour, (bytes) => count.sent(bytes));
  }
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { size, etag, read }: OpenFile,
  behaviour: Behaviour,
  sent: (bytes: number) => void,
): Promise<void> {
  const range = behaviour.ranges ? parseRange(request.headers, size, etag) : undefined;
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
    return;
  }
  const part = range ?? { start: 0, end: size };
  response.writeHead(range ? 206 : 200, {
    ETag: etag,
    'Content-Length': part.end - part.start,
    ...(behaviour.ranges && { 'Accept-Ranges': 'bytes' }),
    ...(range && { 'Content-Range': `bytes ${part.start}-${part.end - 1}/${size}` }),
  });
  await sendPart(response, part, read, behaviour, sent);
  response.end();
}
