#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { ConfigError } from './config/errors.ts';
import { VERSION } from './config/version.ts';
import { serve } from './serve.ts';

const USAGE = `Usage: imgpeek serve [--samples DIR]

  serve          answers GET /info/... as IMGPROXY_* variables say (see docs/configuration.md)
    --samples    where no source is configured, serves the files of DIR as local:///NAME
  --help         this text
  --version      the version
`;

/** Runs the command line; the exit status. */
async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      samples: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  });
  if (values.version) {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (positionals.length !== 1 || positionals[0] !== 'serve') {
    process.stderr.write(USAGE);
    return 2;
  }
  await serve(process.env, values.samples);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // A mistake in the configuration or on the command line speaks for itself; a stack would hide it.
  const expected = error instanceof ConfigError || error instanceof TypeError;
  process.stderr.write(`${expected ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
