import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/table.ts';
import { RequestError } from '../errors.ts';
import { analyze, analyzeFrame, probe } from '../native.ts';
import { createUrlParser } from '../url/request.ts';
import { type Command, UsageError } from './command.ts';
import { layOutJson } from './json.ts';
import { joinOptions } from './options.ts';

const URL_START = /^[a-z][a-z0-9+.-]*:\/\//i;

export const infoCommand: Command = {
  summary: 'say what an image or a video is',
  usage: `Usage: imgpeek info FILE|URL [OPTION...] [--json]

Prints what the server would answer, with no server. FILE is a path, URL is http://, https:// or
local:// (below IMGPROXY_LOCAL_FILESYSTEM_ROOT). OPTION is an info option as in URLs, such as
exif:1:1 or pages_number:1; presets of IMGPROXY_INFO_PRESETS count.

  --json   print one line of JSON

Exits 0 with an answer, 1 where there is none, 2 for a mistake in the call.
`,
  async run(args, env) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean' } },
    });
    const [place, ...options] = positionals;
    if (place === undefined) throw new UsageError('info wants a FILE or a URL');
    const isUrl = URL_START.test(place);
    const config = forOperator(loadConfig(env).config, isUrl);
    const url = isUrl ? place : `local://${resolve(place)}`;

    // Here alone: no other command needs a client of HTTP, and a supervisor lives long.
    const { createCore } = await import('../core.ts');
    const core = createCore(config, { probe, analyze, analyzeFrame });
    try {
      const request = readRequest(config, url, options);
      const { body } = await core.answerInfo(request.sourceUrl, request.options, {
        signal: AbortSignal.timeout(config.timeout * 1000),
        maxFileSize: request.options.maxSrcFileSize,
      });
      const shown = values.json ? body : layOutJson(body, process.stdout.isTTY === true);
      process.stdout.write(`${shown}\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      process.stderr.write(`${error.publicMessage}: ${error.message}\n`);
      return 1;
    } finally {
      await core.close();
    }
  },
};

/**
 * The limits on strangers' URLs are off: whoever runs the command may read the file or the URL anyway.
 */
function forOperator(config: Config, isUrl: boolean): Config {
  return {
    ...config,
    keys: [],
    salts: [],
    trustedSignatures: [],
    pathPrefix: '',
    baseUrl: '',
    urlReplacements: [],
    allowedSources: [],
    allowedInfoOptions: [],
    infoOnlyPresets: false,
    base64UrlIncludesFilename: false,
    allowSecurityOptions: true,
    allowLoopbackSourceAddresses: true,
    allowLinkLocalSourceAddresses: true,
    allowPrivateSourceAddresses: true,
    ...(!isUrl && { localFilesystemRoot: '/', sourceUrlQuerySeparator: '' }),
  };
}

function readRequest(config: Config, url: string, options: readonly string[]) {
  const joined = joinOptions(options, config.argumentsSeparator);
  const target = `/info/_${joined}/${Buffer.from(url).toString('base64url')}`;
  try {
    return createUrlParser(config)(target);
  } catch (error) {
    if (error instanceof RequestError && error.code !== 'INVALID_SOURCE_URL') {
      throw new UsageError(error.message);
    }
    throw error;
  }
}
