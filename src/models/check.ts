import { ConfigError } from '../config/errors.ts';
import type { Config } from '../config/table.ts';
import { type ConfiguredNets, readNets, shareThreads } from './configured.ts';
import { NetMistake } from './net.ts';
import { NetProcess } from './net-process.ts';

/**
 * Loads the nets that are named, tries each and lets it go again.
 *
 * @throws ConfigError with all that is wrong with them
 */
export async function checkModels(config: Config): Promise<void> {
  const mistakes: string[] = [];
  const nets = readNets(config, mistakes);
  if (mistakes.length === 0) mistakes.push(...(await tryNets(nets, shareThreads(config).threads)));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}

async function tryNets(nets: ConfiguredNets, threads: number): Promise<string[]> {
  const tries = [nets.detection, nets.classification].map(async (named) => {
    if (!named) return [];
    const process = new NetProcess();
    try {
      await process.load(named.net, threads);
      return [];
    } catch (error) {
      return [toSentence(named.net.path, error)];
    } finally {
      process.kill();
    }
  });
  return (await Promise.all(tries)).flat();
}

function toSentence(path: string, error: unknown): string {
  const { message } = error as Error;
  return error instanceof NetMistake ? message : `${path} cannot be tried: ${message}`;
}
