// Runs in a network of its own, which nothing leaves: tries every way to a forbidden address, directly
// and by a redirect from a public one, where nothing is allowed and where all is. Prints the results
// as JSON. Usage: node inside.mjs MAIN, the server's main.js.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { startNameServer } from '../../source/dns/name-server.mjs';
import { CANARY_PORT, NAMES, PUBLIC, WAYS } from './ways.mjs';

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const FRONT = `http://public.test`;

let touched = 0;

function listen(port, host, handler) {
  const server = createServer(handler);
  return new Promise((resolve) => server.listen(port, host, () => resolve(server)));
}

function sendGif(response) {
  response.writeHead(200, { 'Content-Type': 'image/gif', 'Content-Length': GIF.length }).end(GIF);
}

/** Starts the server and gives its process once it listens. */
function startServer(port, allowed) {
  const env = {
    PATH: process.env.PATH,
    IMGPROXY_BIND: `127.0.0.1:${port}`,
    IMGPROXY_LOG_LEVEL: 'error',
    IMGPROXY_DOWNLOAD_TIMEOUT: '2',
    IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES: allowed,
    IMGPROXY_ALLOW_LINK_LOCAL_SOURCE_ADDRESSES: allowed,
    IMGPROXY_ALLOW_PRIVATE_SOURCE_ADDRESSES: allowed,
  };
  return spawn(process.execPath, [process.argv[2], 'serve'], { env, stdio: ['ignore', 2, 2] });
}

async function untilHealthy(port) {
  for (;;) {
    const up = await fetch(`http://127.0.0.1:${port}/health`).then(
      () => true,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Asks for a source URL; what came, and whether the canary was touched by it. */
async function ask(port, source) {
  const before = touched;
  const encoded = Buffer.from(source, 'utf8').toString('base64url');
  const response = await fetch(`http://127.0.0.1:${port}/info/_/${encoded}`);
  const body = await response.text();
  return { status: response.status, body, touched: touched > before };
}

const throughRedirect = (url) => `${FRONT}/?to=${Buffer.from(url, 'utf8').toString('base64url')}`;

await startNameServer(NAMES);
// The canary answers on every address, and may be touched on the public one alone.
const notePrivate = ({ localAddress }) => {
  if (!localAddress.endsWith(PUBLIC)) touched += 1;
};
const canary = await listen(CANARY_PORT, '::', (request, response) => {
  notePrivate(request.socket);
  sendGif(response);
});
canary.on('connection', notePrivate);
await listen(80, PUBLIC, (request, response) => {
  const to = new URL(request.url, FRONT).searchParams.get('to');
  if (to === null) return sendGif(response);
  const location = Buffer.from(to, 'base64url').toString('latin1');
  // Node refuses to write what is no header; an origin need not.
  response.socket.end(
    `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`,
    'latin1',
  );
});

const [NOTHING, ALL] = [8081, 8082];
const servers = [startServer(NOTHING, 'false'), startServer(ALL, 'true')];
await Promise.all([NOTHING, ALL].map(untilHealthy));

const ways = [];
for (const { name, url, reaches } of WAYS) {
  ways.push({
    name,
    reaches,
    direct: await ask(NOTHING, url),
    redirected: await ask(NOTHING, throughRedirect(url)),
    allowed: reaches ? await ask(ALL, url) : undefined,
    allowedRedirected: reaches ? await ask(ALL, throughRedirect(url)) : undefined,
  });
}
const changing = [];
for (let i = 0; i < 6; i++) {
  changing.push(await ask(NOTHING, 'http://changing.test/'));
  changing.push(await ask(NOTHING, `http://changing.test:${CANARY_PORT}/`));
}
const control = await ask(NOTHING, `${FRONT}/`);
for (const server of servers) server.kill();
process.stdout.write(JSON.stringify({ control, ways, changing }), () => process.exit());
