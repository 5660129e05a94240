import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Registry } from 'prom-client';

/**
 * Serves the metrics on every path, as imgproxy does.
 *
 * @param render Gives the metrics as they are now, in Prometheus' text format.
 * @throws Error where the address is taken or not ours.
 */
export async function listenForScrapes(
  where: { host: string; port: number },
  render: () => Promise<string>,
): Promise<Server> {
  const server = createServer((_, response) => {
    render().then(
      (text) => response.setHeader('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE).end(text),
      () => response.writeHead(500).end(),
    );
  });
  // `once` rejects where an error comes first.
  server.listen(where);
  await once(server, 'listening');
  return server;
}
