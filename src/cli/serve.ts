import { parseArgs } from 'node:util';
import { serve } from '../serve.ts';
import { type Command, UsageError } from './command.ts';

export const serveCommand: Command = {
  summary: 'answer GET /info/... as the environment says',
  usage: `Usage: imgpeek serve [--samples DIR]

Serves until SIGTERM or SIGINT. Everything is set by environment variables: see imgpeek config.

  --samples DIR   where no source is configured, serve the files of DIR as local:///NAME
`,
  async run(args, env) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { samples: { type: 'string' } },
    });
    if (positionals.length > 0) throw new UsageError('serve takes no arguments');
    await serve(env, values.samples);
    return 0;
  },
};
