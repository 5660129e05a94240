// What the Node rivals have in common: an HTTP server in several processes on one port, which
// answers GET /?url=SOURCE with JSON. Usage of each: node NAME.mjs PORT PROCESSES
import cluster from 'node:cluster';
import { createServer } from 'node:http';

/**
 * @param answer Takes a source's URL and gives a promise of the answer.
 * @param processes How many there are to be.
 */
export function serve(answer, processes = Number(process.argv[3])) {
  if (cluster.isPrimary && processes > 1) {
    for (let i = 0; i < processes; i++) cluster.fork();
    return;
  }
  createServer(async (request, response) => {
    const source = new URL(request.url, 'http://rival').searchParams.get('url');
    try {
      const body = JSON.stringify(await answer(source));
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
    } catch (error) {
      response.writeHead(422).end(error.message);
    }
  }).listen(Number(process.argv[2]), '127.0.0.1', 4096);
}

/** Fetches a file, or what the headers ask for, as whole bytes. */
export async function download(source, headers = {}) {
  const response = await fetch(source, { headers });
  if (!response.ok) throw new Error(`the origin says ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
