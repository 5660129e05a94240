import type { Config } from '../config/table.ts';
import { RequestError } from '../errors.ts';
import { createUrlParser } from '../url/request.ts';
import { createSigner } from '../url/signature.ts';
import { UsageError } from './command.ts';

/**
 * Signs a path, and puts all before it that the server wants.
 *
 * @param path Options and source, with the leading slash.
 * @throws UsageError where the server would refuse the URL
 */
export function finishUrl(config: Config, path: string): string {
  const signature = config.keys.length === 0 ? '_' : createSigner(config)(path);
  const url = `${config.pathPrefix}/info/${signature}${path}`;
  try {
    createUrlParser(config)(url);
  } catch (error) {
    if (error instanceof RequestError) {
      throw new UsageError(`the server would answer ${error.status}: ${error.message}`);
    }
    throw error;
  }
  return url;
}
