import { resolve } from 'node:path';
import { pino } from 'pino';
import { loadConfig } from './config/load.ts';
import type { Config } from './config/table.ts';
import { createInfo } from './info/info.ts';
import { parseBind } from './server/bind.ts';
import { createInfoRoute } from './server/info-route.ts';
import { createLog } from './server/log.ts';
import { Server } from './server/server.ts';
import { FileOpener } from './source/file.ts';
import { HttpOpener } from './source/http.ts';
import { SchemeOpener } from './source/scheme.ts';
import { createAllowedSources } from './url/allowed-sources.ts';
import { createUrlParser } from './url/request.ts';

/** Bytes held of one file at the most: metadata of real files is a small part of it. */
const MAX_HELD = 128 * 1024 * 1024;

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
  const stdout = pino.destination(1);
  const log = createLog({ level: config.logLevel }, stdout);
  for (const warning of warnings) log.warn(warning);

  const parseUrl = createUrlParser(config, { warn: (message) => log.warn(message) });
  const http = createHttpOpener(config);
  const sources = new SchemeOpener({ http, https: http, ...localOpener(config) });
  const answerInfo = createInfo(sources, {
    firstRange: config.firstRange,
    maxRounds: config.maxRounds,
    maxBytes: MAX_HELD,
  });
  const route = createInfoRoute(parseUrl, answerInfo, {
    timeout: config.timeout * 1000,
    secret: config.secret,
  });
  const server = new Server(
    { ...config, developmentErrors: config.developmentErrorsMode },
    route,
    log,
  );

  const port = await server.listen(parseBind(config.bind, config.network));
  log.info({ bind: config.bind, port }, 'listening');
  if (showSamples) stdout.write(trySamples(port, config.pathPrefix));

  const signal = await stopSignal();
  log.info({ signal }, 'stopping');
  await server.stop(config.gracefulStopTimeout * 1000);
  await http.close();
  stdout.flushSync();
}

function createHttpOpener(config: Config): HttpOpener {
  return new HttpOpener({
    downloadTimeout: config.downloadTimeout * 1000,
    keepAliveTimeout: config.clientKeepAliveTimeout * 1000,
    maxRedirects: config.maxRedirects,
    allowedSources: createAllowedSources(config.allowedSources),
    userAgent: config.userAgent,
    customRequestHeaders: Object.fromEntries(config.customRequestHeaders),
    allowLoopbackAddresses: config.allowLoopbackSourceAddresses,
    allowLinkLocalAddresses: config.allowLinkLocalSourceAddresses,
    allowPrivateAddresses: config.allowPrivateSourceAddresses,
    ignoreSslVerification: config.ignoreSslVerification,
    maxReadOn: config.maxReadOn,
    maxFileSize: config.maxSrcFileSize,
  });
}

/** Local files are a source only where a root is configured. */
function localOpener(config: Config): { local?: FileOpener } {
  if (config.localFilesystemRoot === '') return {};
  return {
    local: new FileOpener({
      root: config.localFilesystemRoot,
      querySeparator: config.sourceUrlQuerySeparator,
      maxFileSize: config.maxSrcFileSize,
    }),
  };
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
