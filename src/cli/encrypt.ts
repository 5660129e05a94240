import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load.ts';
import { createEncrypt } from '../url/encryption.ts';
import { type Command, UsageError } from './command.ts';
import { finishUrl } from './finish.ts';
import { joinOptions } from './options.ts';

export const encryptCommand: Command = {
  summary: 'make a URL whose source URL is encrypted',
  usage: `Usage: imgpeek encrypt URL [OPTION...] [--deterministic] [--value]

Prints the path to ask the server for: the source URL encrypted with
IMGPROXY_SOURCE_URL_ENCRYPTION_KEY, and the whole signed where IMGPROXY_KEY is set.

  --deterministic   derive the IV from the URL, so that one URL is always encrypted to the same: for
                    caches in front. Without it the IV is random.
  --value           print the encrypted source URL alone
`,
  async run(args, env) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { deterministic: { type: 'boolean' }, value: { type: 'boolean' } },
    });
    const [url, ...options] = positionals;
    if (url === undefined) throw new UsageError('encrypt wants a URL');
    const { config } = loadConfig(env);
    if (config.sourceUrlEncryptionKey === undefined) {
      throw new UsageError(
        'there is nothing to encrypt with: set IMGPROXY_SOURCE_URL_ENCRYPTION_KEY',
      );
    }
    const encrypt = createEncrypt(config.sourceUrlEncryptionKey);
    const source = encrypt(url, values.deterministic === true).toString('base64url');
    if (values.value) {
      process.stdout.write(`${source}\n`);
      return 0;
    }
    if (config.keys.length === 0) {
      process.stderr.write('No IMGPROXY_KEY is set: the URL is not signed\n');
    }
    const path = `${joinOptions(options, config.argumentsSeparator)}/enc/${source}`;
    process.stdout.write(`${finishUrl(config, path)}\n`);
    return 0;
  },
};
