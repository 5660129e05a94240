import { once } from 'node:events';
import { get, type IncomingMessage, type RequestOptions } from 'node:http';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/table.ts';
import { parseBind } from '../server/bind.ts';
import { type Command, UsageError } from './command.ts';

/** Addresses that are listened on, and the one of them to ask. */
const HERE: Readonly<Record<string, string>> = { '::': 'localhost', '0.0.0.0': '127.0.0.1' };

export const healthCommand: Command = {
  summary: 'ask the server that runs here whether it is well',
  usage: `Usage: imgpeek health

Asks the health check of the server that the same environment configures (IMGPROXY_BIND,
IMGPROXY_NETWORK, IMGPROXY_PATH_PREFIX). Exits 0 where it is well, else 1.
`,
  async run(args, env) {
    const { positionals } = parseArgs({ args, allowPositionals: true });
    if (positionals.length > 0) throw new UsageError('health takes no arguments');
    const { config } = loadConfig(env);
    try {
      const status = await ask(config);
      if (status === 200) return 0;
      process.stderr.write(`imgpeek at ${config.bind} answers ${status}\n`);
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      process.stderr.write(`imgpeek at ${config.bind} does not answer: ${message || code}\n`);
    }
    return 1;
  },
};

async function ask(config: Config): Promise<number> {
  const request = get({
    ...toTarget(config),
    path: `${config.pathPrefix}/health`,
    signal: AbortSignal.timeout(config.timeout * 1000),
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode ?? 0;
}

function toTarget(config: Config): RequestOptions {
  const bind = parseBind(config.bind, config.network);
  if ('path' in bind) return { socketPath: bind.path };
  return { host: HERE[bind.host] ?? bind.host, port: bind.port };
}
