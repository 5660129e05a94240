import { createHmac } from 'node:crypto';

import type { Environment } from '../../src/config/env-file.ts';
import { loadConfig } from '../../src/config/load.ts';
import { RequestError } from '../../src/errors.ts';
import { createUrlParser, type InfoRequest, type UrlParserHooks } from '../../src/url/request.ts';

/** A parser as the environment makes it. */
export function parserOf(
  env: Environment = {},
  hooks: UrlParserHooks = {},
): (rawTarget: string) => InfoRequest {
  return createUrlParser(loadConfig(env).config, hooks);
}

/** The error that something throws, as `CODE: detail`. */
export function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof RequestError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

/** The signature of a path by the documented recipe. */
export function sign(path: string, keyHex: string, saltHex: string, size = 32): string {
  return createHmac('sha256', Buffer.from(keyHex, 'hex'))
    .update(Buffer.from(saltHex, 'hex'))
    .update(path)
    .digest()
    .subarray(0, size)
    .toString('base64url');
}
