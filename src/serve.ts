import { resolve } from 'node:path';
import { loadConfig } from './config/load.ts';
import type { Config } from './config/table.ts';
import { createConfiguredLog } from './log/create.ts';
import type { MetricsSum } from './metrics/sum.ts';
import { namesModel, shareThreads, warnOfMissing } from './models/configured.ts';
import { findBind } from './processes/free-port.ts';
import { shareLimits } from './processes/limits.ts';
import type { ServingProcess } from './processes/serving-process.ts';
import { Supervisor } from './processes/supervisor.ts';
import { parseBind } from './server/bind.ts';

/**
 * Serves: checks the configuration, starts the serving processes, supervises them until SIGTERM or
 * SIGINT, and then stops them in good order; a second signal ends all at once.
 *
 * @param env The environment, such as `process.env`.
 * @param samples A folder to serve as `local://` where nothing at all is configured.
 * @throws ConfigError with every mistake in the environment; Error where nothing can listen.
 */
export async function serve(env: NodeJS.ProcessEnv, samples?: string): Promise<void> {
  const { config: loaded, warnings } = loadConfig(env);
  const showSamples = samples !== undefined && isBare(loaded);
  const config = showSamples ? { ...loaded, localFilesystemRoot: resolve(samples) } : loaded;
  const log = createConfiguredLog(config);
  const missing = warnOfMissing(config);
  for (const warning of missing ? [...warnings, missing] : warnings) log.warn(warning);
  if (namesModel(config)) {
    const { checkModels } = await import('./models/check.ts');
    await checkModels(config);
  }

  if (config.infoPresets.length + config.infoPresetsFile.length > 0) {
    // It compiles the presets: what is wrong with them is told here, and not by each process.
    const { createUrlParser } = await import('./url/request.ts');
    createUrlParser(config);
  }

  const bind = await findBind(parseBind(config.bind, config.network), config.soReuseport);
  // A path belongs to the one socket that was bound to it last.
  const count = 'path' in bind ? 1 : config.processes;
  const watched = config.prometheusBind !== '';
  const metrics = watched ? await createMetrics(config.prometheusNamespace) : undefined;
  const { streams } = shareThreads(config);
  const supervisor = new Supervisor(
    {
      entry: new URL('./serving.js', import.meta.url),
      config,
      bind,
      limits: Array.from({ length: count }, (_, index) =>
        shareLimits({ ...config, streams }, index, count),
      ),
      hangTimeout: config.probeTimeout * 1000,
      refuseTime: config.refuseTime * 1000,
      stopTimeout: config.gracefulStopTimeout * 1000,
    },
    log,
    metrics,
  );

  const metricsServer = metrics && (await serveMetrics(config.prometheusBind, supervisor, metrics));
  const asked = stopSignal();
  try {
    const port = await Promise.race([supervisor.start(), asked.then(() => undefined)]);
    if (port !== undefined) {
      log.info({ bind: config.bind, port, processes: count }, 'listening');
      if (showSamples) process.stdout.write(trySamples(port, config.pathPrefix));
    }
  } catch (error) {
    supervisor.kill();
    metricsServer?.close();
    throw error;
  }

  const signal = await asked;
  log.info({ signal }, 'stopping');
  void stopSignal().then(() => supervisor.kill());
  // Whoever presses Ctrl-C has no balancer to wait for.
  await supervisor.stop(signal === 'SIGINT' ? 0 : config.drainDelay * 1000);
  metricsServer?.close();
  metricsServer?.closeAllConnections();
}

/** Milliseconds that a serving process has to say what it counted. */
const METRICS_TIMEOUT = 1_000;

type Metrics = MetricsSum<ServingProcess>;

/** Loaded where it is wanted alone: what counts for Prometheus takes 4 MB of each process. */
async function createMetrics(namespace: string): Promise<Metrics> {
  const { MetricsSum } = await import('./metrics/sum.ts');
  return new MetricsSum(namespace);
}

/** @throws Error where the address cannot be listened on: a server that nobody can watch is no start. */
async function serveMetrics(bind: string, supervisor: Supervisor, metrics: Metrics) {
  const where = parseBind(bind, 'tcp');
  if ('path' in where) throw new Error('IMGPROXY_PROMETHEUS_BIND must be HOST:PORT');
  const { listenForScrapes } = await import('./metrics/exposition.ts');
  return listenForScrapes(where, async () => {
    await supervisor.gatherMetrics(METRICS_TIMEOUT);
    return metrics.render();
  });
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
