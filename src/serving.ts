import type { Config } from './config/table.ts';
import { createCore } from './core.ts';
import { toFileKey } from './info/file-key.ts';
import { gatherProbes } from './info/gathered-probes.ts';
import { WatchedProbe } from './info/watched-probe.ts';
import { createConfiguredLog } from './log/create.ts';
import {
  analyze,
  analyzeFrame,
  giveUp,
  noteCrashes,
  probe,
  releaseMemory,
  running,
} from './native.ts';
import { Channel } from './processes/channel.ts';
import { CRASH_NOTE_FD } from './processes/messages.ts';
import { RefusedFiles } from './processes/refused-files.ts';
import { Admission } from './server/admission.ts';
import { guardClients } from './server/clients.ts';
import { createInfoRoute } from './server/info-route.ts';
import { Server } from './server/server.ts';
import { createUrlParser } from './url/request.ts';

/** How often what a load left free is given back, in ms. */
const RELEASE_INTERVAL = 2_000;

/**
 * The composition root of a serving process: makes every part from what the supervisor sends, joins
 * them, serves until it is told to stop or the supervisor is gone, and then stops in good order.
 */
async function serve(): Promise<void> {
  // A service manager and a terminal send their signals to all processes: the supervisor's word counts.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});
  const channel = new Channel();
  const { settings, stopped } = await channel.open();
  const { config, limits } = settings;
  const log = createConfiguredLog(config);

  const admission = new Admission(limits);
  const metrics = config.prometheusBind === '' ? undefined : await createMetrics(config, admission);

  noteCrashes(CRASH_NOTE_FD);
  const refused = new RefusedFiles(config.refuseTime * 1000);
  for (const [key, left] of settings.refused) refused.add(key, left);
  const watched = new WatchedProbe(
    { probe, analyze, analyzeFrame, running, giveUp },
    {
      timeout: config.probeTimeout * 1000,
      onStuck: (key) => {
        metrics?.giveUpProbe();
        channel.send({ type: 'stuck', key });
      },
    },
  );
  const core = createCore(
    config,
    {
      probe: gatherProbes(watched.probe),
      analyze: watched.analyze,
      analyzeFrame: watched.analyzeFrame,
    },
    limits.streams,
  );
  core.models.detector?.warm();
  core.models.classifier?.warm();
  const parseUrl = createUrlParser(config);
  const route = createInfoRoute(parseUrl, core.answerInfo, {
    timeout: config.timeout * 1000,
    secret: config.secret,
    admission,
    isRefused: (sourceUrl) => refused.size > 0 && refused.has(toFileKey(sourceUrl)),
  });
  const server = new Server(
    { ...config, developmentErrors: config.developmentErrorsMode, maxClients: limits.clients },
    route,
    log,
    metrics,
  );
  channel.obey({
    refuse: (key) => refused.add(key),
    metrics: async () => metrics?.snapshot(),
  });

  if (!guardClients({ ...config, keptFields: config.requestHeadersPassthrough })) {
    log.warn(
      'requests of HTTP/1.0, of absolute URLs, of very many headers and in pipelines are not served',
    );
  }
  try {
    await server.listen(settings.bind);
    channel.send({ type: 'ready' });
  } catch (error) {
    channel.fail((error as Error).message);
    return;
  }
  channel.beat();
  setInterval(releaseMemory, RELEASE_INTERVAL).unref();

  const delay = await stopped;
  const stopTimeout = config.gracefulStopTimeout * 1000;
  const deadline = performance.now() + stopTimeout;
  server.drain();
  await new Promise((resolve) => setTimeout(resolve, Math.min(delay, stopTimeout)));
  await server.stop(Math.max(0, deadline - performance.now()));
  await core.close();
  process.exit();
}

/** Loaded where it is wanted alone: what counts for Prometheus takes 4 MB of each process. */
async function createMetrics({ prometheusNamespace }: Config, admission: Admission) {
  const { Metrics } = await import('./metrics/metrics.ts');
  return new Metrics(prometheusNamespace, admission);
}

await serve();
