// What this machine allows with the parts that imgpeek is made of: a request comes in, one ranged
// GET goes out, its bytes are counted and dropped.

import uWS from 'uWebSockets.js';
import cluster from 'node:cluster';
import { Agent } from 'undici';

const RANGE = ['range', 'bytes=0-65535'];
const [port, processes] = process.argv.slice(2).map(Number);

if (cluster.isPrimary && processes > 1) {
  // µWS listens with SO_REUSEPORT, so that the kernel divides the connections.
  for (let i = 0; i < processes; i++) cluster.fork();
} else {
  const agent = new Agent({ connections: 128, pipelining: 1 });
  uWS
    .App()
    .get('/*', (res, req) => {
      const source = new URL(decodeURIComponent(req.getQuery('url')));
      let gone = false;
      res.onAborted(() => {
        gone = true;
      });
      const reply = (status, body) => {
        if (gone) return;
        res.cork(() => {
          res.writeStatus(status).writeHeader('Content-Type', 'application/json').end(body);
        });
      };
      let bytes = 0;
      agent.dispatch(
        {
          origin: source.origin,
          path: source.pathname + source.search,
          method: 'GET',
          headers: RANGE,
        },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData(_controller, chunk) {
            bytes += chunk.length;
          },
          onResponseEnd: () => reply('200 OK', `{"bytes":${bytes}}`),
          onResponseError: (_controller, error) => reply('502 Bad Gateway', error.message),
        },
      );
    })
    .listen('127.0.0.1', port, (socket) => {
      if (!socket) process.exit(1);
    });
}
