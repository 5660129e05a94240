import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { AggregatorRegistry, Registry } from 'prom-client';
import type { Snapshot } from './metrics.ts';

/** Sums what processes counted, in Prometheus' text format. */
export function render(snapshots: readonly Snapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate([...snapshots]).metrics();
}

/**
 * Serves the metrics on every path, as imgproxy does.
 *
 * @param collect Gives what each process counted.
 * @throws Error where the address is taken or not ours.
 */
export async function serveMetrics(
  where: { host: string; port: number },
  collect: () => Promise<Snapshot[]>,
): Promise<Server> {
  const server = createServer((_, response) => {
    collect()
      .then(render)
      .then(
        (text) => response.setHeader('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE).end(text),
        () => response.writeHead(500).end(),
      );
  });
  // `once` rejects where an error comes first.
  server.listen(where);
  await once(server, 'listening');
  return server;
}
