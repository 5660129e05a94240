import { resolve } from 'node:path';
import { loadConfig } from './config/load.ts';
import type { Config } from './config/table.ts';
import { createCore } from './core.ts';
import { createConfiguredLog } from './log/create.ts';
import { serveMetrics } from './metrics/exposition.ts';
import { Metrics } from './metrics/metrics.ts';
import { mendReceivedHeads } from './native.ts';
import { parseBind } from './server/bind.ts';
import { READ_FIELDS } from './server/fields.ts';
import { createInfoRoute } from './server/info-route.ts';
import { Server } from './server/server.ts';
import { createUrlParser } from './url/request.ts';

/**
 * The composition root: makes every part from the configuration, joins them, serves until SIGTERM
 * or SIGINT, and then stops in good order.
 *
 * @param env The environment, such as `process.env`.
 * @param samples A folder to serve as `local://` where nothing at all is configured.
 * @throws ConfigError with every mistake in the environment.
 */
export async function serve(env: NodeJS.ProcessEnv, samples?: string): Promise<void> {
  const { config: loaded, warnings } = loadConfig(env);
  const showSamples = samples !== undefined && isBare(loaded);
  const config = showSamples ? { ...loaded, localFilesystemRoot: resolve(samples) } : loaded;
  const log = createConfiguredLog(config);
  for (const warning of warnings) log.warn(warning);

  const parseUrl = createUrlParser(config, { warn: (message) => log.warn(message) });
  const core = createCore(config);
  const route = createInfoRoute(parseUrl, core.answerInfo, {
    timeout: config.timeout * 1000,
    secret: config.secret,
  });
  const metrics =
    config.prometheusBind === '' ? undefined : new Metrics(config.prometheusNamespace);
  const metricsServer = metrics && (await startMetrics(config.prometheusBind, metrics));
  const server = new Server(
    { ...config, developmentErrors: config.developmentErrorsMode },
    route,
    log,
    metrics,
  );

  if (!mendReceivedHeads('/uws_', [...READ_FIELDS, ...config.requestHeadersPassthrough])) {
    log.warn('requests of HTTP/1.0, of absolute URLs and of very many headers are not served');
  }
  const port = await server.listen(parseBind(config.bind, config.network));
  log.info({ bind: config.bind, port }, 'listening');
  if (showSamples) process.stdout.write(trySamples(port, config.pathPrefix));

  const signal = await stopSignal();
  log.info({ signal }, 'stopping');
  await server.stop(config.gracefulStopTimeout * 1000);
  metricsServer?.close();
  metricsServer?.closeAllConnections();
  await core.close();
}

/** @throws Error where the address cannot be listened on: a server that nobody can watch is no start. */
function startMetrics(bind: string, metrics: Metrics) {
  const where = parseBind(bind, 'tcp');
  if ('path' in where) throw new Error('IMGPROXY_PROMETHEUS_BIND must be HOST:PORT');
  return serveMetrics(where, async () => [await metrics.snapshot()]);
}

/** True where neither keys nor a local root are configured, so that the samples may be shown. */
function isBare(config: Config): boolean {
  return config.keys.length === 0 && config.localFilesystemRoot === '' && config.secret === '';
}

function trySamples(port: number, prefix: string): string {
  const url = (name: string) =>
    `  curl http://localhost:${port}${prefix}/info/_/plain/local:///${name}\n`;
  return `\nTry it:\n${url('photo.jpg')}${url('video.mp4')}`;
}

function stopSignal(): Promise<string> {
  return new Promise((resolveSignal) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolveSignal);
  });
}
