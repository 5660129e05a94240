import { availableParallelism } from 'node:os';
import type { Config } from './table.ts';

/** Mistakes that no variable shows by itself. */
export function consistencyMistakes(config: Config): string[] {
  const mistakes: string[] = [];
  const { keys, salts } = config;
  if (keys.length !== salts.length) {
    mistakes.push(
      `IMGPROXY_KEY and IMGPROXY_SALT must hold as many keys as salts, not ${keys.length} and ${salts.length}`,
    );
  }
  if (config.prometheusBind !== '' && config.prometheusBind === config.bind) {
    mistakes.push('IMGPROXY_PROMETHEUS_BIND must not be the same as IMGPROXY_BIND');
  }
  if (config.network === 'unix' && /^:\d+$/.test(config.bind)) {
    mistakes.push('IMGPROXY_BIND must be the path of a socket where IMGPROXY_NETWORK is unix');
  }
  return mistakes;
}

/** What is allowed, and seldom meant. */
export function consistencyWarnings(config: Config): string[] {
  const warnings: string[] = [];
  if (config.keys.length === 0) {
    warnings.push(
      'No IMGPROXY_KEY is set: signatures are not checked, and anybody may ask for any URL',
    );
    if (config.sourceUrlEncryptionKey !== undefined) {
      warnings.push(
        'IMGPROXY_SOURCE_URL_ENCRYPTION_KEY is set without IMGPROXY_KEY: unsigned URLs let an attacker try ciphertexts',
      );
    }
  }
  if (config.requestsQueueSize > 0 && config.workers === 2 * availableParallelism()) {
    warnings.push(
      `IMGPROXY_REQUESTS_QUEUE_SIZE is set, so that ${config.workers} requests are worked on at a time: most wait for origins, and IMGPROXY_WORKERS may be much more`,
    );
  }
  if (config.ignoreSslVerification) {
    warnings.push('IMGPROXY_IGNORE_SSL_VERIFICATION is on: origins are not authenticated');
  }
  if (config.developmentErrorsMode) {
    warnings.push('IMGPROXY_DEVELOPMENT_ERRORS_MODE is on: clients see the details of errors');
  }
  return warnings;
}
