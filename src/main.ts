#!/usr/bin/env node
import { type Command, UsageError } from './cli/command.ts';
import { configCommand } from './cli/config.ts';
import { encryptCommand } from './cli/encrypt.ts';
import { healthCommand } from './cli/health.ts';
import { infoCommand } from './cli/info.ts';
import { serveCommand } from './cli/serve.ts';
import { signCommand } from './cli/sign.ts';
import { ConfigError } from './config/errors.ts';
import { nearest } from './config/nearest.ts';
import { VERSION } from './config/version.ts';

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['serve', serveCommand],
  ['health', healthCommand],
  ['info', infoCommand],
  ['sign', signCommand],
  ['encrypt', encryptCommand],
  ['config', configCommand],
]);

const USAGE = `Usage: imgpeek COMMAND [ARGUMENT...]

${[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`).join('\n')}

  --help      this text; after a command: what the command takes
  --version   the version
`;

/** Runs the command line; the exit status. */
async function main([name, ...args]: string[]): Promise<number> {
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (name === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const command = COMMANDS.get(name);
  if (!command) {
    const meant = nearest(name, [...COMMANDS.keys()], name.length / 2);
    throw new UsageError(
      `there is no command "${name}"; ${meant ? `did you mean ${meant}?` : 'see imgpeek --help'}`,
    );
  }
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(command.usage);
    return 0;
  }
  return command.run(args, process.env);
}

/** Errors of node:util's parseArgs, whose messages are for whoever made the call. */
function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('ERR_PARSE_ARGS_');
}

// Whoever reads the output may have seen enough of it, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // A mistake in the configuration or on the command line speaks for itself; a stack would hide it.
  const isExpected = isUsageError(error) || error instanceof ConfigError;
  const text = isExpected ? (error as Error).message : (error as Error).stack;
  process.stderr.write(`${isUsageError(error) ? 'imgpeek: ' : ''}${text}\n`);
  process.exitCode = isUsageError(error) ? 2 : 1;
}
