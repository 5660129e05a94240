// Ranged GETs over HTTP/2 against HTTP/1.1, by the client that imgpeek uses, from an origin on
// node:http2 in a process of its own. Prints the ratios of requests/s. Usage: node http2.mjs
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent } from 'undici';

const FILE = Buffer.alloc(300_000, 7);
const LENGTHS = [4 * 1024, 64 * 1024];
const CONNECTIONS = [1, 32, 256];
const ROUNDS = 5;
const ROUND_MS = 1_000;

function serve() {
  const folder = mkdtempSync(join(tmpdir(), 'imgpeek-http2-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
  const subject = ['-subj', '/CN=localhost', '-days', '1'];
  const made = ['-nodes', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', ...made, ...subject], { stdio: 'ignore' });
  const options = { key: readFileSync(key), cert: readFileSync(cert), allowHTTP1: true };
  const server = createSecureServer(options, (request, response) => {
    const [first, last] = request.headers.range.match(/\d+/g).map(Number);
    response.writeHead(206, {
      'content-range': `bytes ${first}-${last}/${FILE.length}`,
      'content-length': last - first + 1,
    });
    response.end(FILE.subarray(first, last + 1));
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

const createAgent = (allowH2) =>
  new Agent({
    connections: 128,
    allowH2,
    connect: { rejectUnauthorized: false },
    headersTimeout: 0,
    bodyTimeout: 0,
  });

function get(agent, origin, length) {
  const headers = ['range', `bytes=0-${length - 1}`];
  return new Promise((resolve, reject) => {
    let bytes = 0;
    agent.dispatch(
      { origin, path: '/', method: 'GET', headers },
      {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData: (_, data) => {
          bytes += data.length;
        },
        onResponseEnd: () =>
          bytes === length ? resolve() : reject(new Error(`${bytes} bytes came`)),
        onResponseError: (_, error) => reject(error),
      },
    );
  });
}

/** Requests/s, and CPU time of this process for one in µs. */
async function load(agent, origin, length, connections) {
  let requests = 0;
  const before = process.cpuUsage();
  const end = performance.now() + ROUND_MS;
  const work = async () => {
    for (; performance.now() < end; requests++) await get(agent, origin, length);
  };
  await Promise.all(Array.from({ length: connections }, work));
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (requests / ROUND_MS) * 1_000, cpu: (user + system) / requests };
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

async function compare() {
  const child = fork(fileURLToPath(import.meta.url), ['serve']);
  const [port] = await once(child, 'message');
  const origin = `https://127.0.0.1:${port}`;
  const agents = { h1: createAgent(false), h2: createAgent(true) };
  for (const agent of Object.values(agents)) await load(agent, origin, 4096, 32);
  for (const length of LENGTHS) {
    for (const connections of CONNECTIONS) {
      const runs = { h1: [], h2: [] };
      for (let round = 0; round < ROUNDS; round++) {
        for (const [name, agent] of Object.entries(agents)) {
          runs[name].push(await load(agent, origin, length, connections));
        }
      }
      const of = (name, what) => median(runs[name].map((run) => run[what]));
      const ratio = (what) => (of('h2', what) / of('h1', what)).toFixed(2);
      console.log(
        `${length} bytes, ${connections} at once: HTTP/2 over HTTP/1.1 ` +
          `${ratio('perSecond')} in requests/s, ${ratio('cpu')} in CPU time`,
      );
    }
  }
  child.kill();
  process.exit();
}

if (process.argv[2] === 'serve') serve();
else await compare();
