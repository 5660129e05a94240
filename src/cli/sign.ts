import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load.ts';
import { createSigner } from '../url/signature.ts';
import { type Command, UsageError } from './command.ts';
import { finishUrl } from './finish.ts';
import { joinOptions } from './options.ts';

export const signCommand: Command = {
  summary: 'make a signed URL of a source URL',
  usage: `Usage: imgpeek sign URL [OPTION...] [--plain]
       imgpeek sign --path PATH

Prints the path to ask the server for, signed with the first of IMGPROXY_KEY and IMGPROXY_SALT and
cut to IMGPROXY_SIGNATURE_SIZE. OPTION is an info option, such as exif:1:1.

  --plain       write the source URL as it is, percent-encoded, in place of Base64
  --path PATH   print the signature of PATH alone, whatever it holds
`,
  async run(args, env) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { plain: { type: 'boolean' }, path: { type: 'string' } },
    });
    const { config } = loadConfig(env);
    if (config.keys.length === 0) {
      throw new UsageError('there is nothing to sign with: set IMGPROXY_KEY and IMGPROXY_SALT');
    }
    if (values.path !== undefined) {
      if (!values.path.startsWith('/')) throw new UsageError('--path must begin with a slash');
      process.stdout.write(`${createSigner(config)(values.path)}\n`);
      return 0;
    }
    const [url, ...options] = positionals;
    if (url === undefined) throw new UsageError('sign wants a URL');
    const source = values.plain
      ? `plain/${encodeURIComponent(url)}`
      : Buffer.from(url).toString('base64url');
    const path = `${joinOptions(options, config.argumentsSeparator)}/${source}`;
    process.stdout.write(`${finishUrl(config, path)}\n`);
    return 0;
  },
};
