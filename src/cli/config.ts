import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load.ts';
import { withoutPassword } from '../config/password.ts';
import { type Config, GROUPS } from '../config/table.ts';
import type { Variable, Variables } from '../config/variable.ts';
import { toQuoted } from '../log/escape.ts';
import { createUrlParser } from '../url/request.ts';
import { type Command, UsageError } from './command.ts';

export const configCommand: Command = {
  summary: 'show what is set, and the defaults of the rest',
  usage: `Usage: imgpeek config [--set]

Prints each variable and the value that counts, with # default after those that are unset. Secrets
are masked. Mistakes are reported as at the start of the server, and exit 1.

  --set   only those that are set
`,
  async run(args, env) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { set: { type: 'boolean' } },
    });
    if (positionals.length > 0) throw new UsageError('config takes no arguments');
    const { config, warnings, set } = loadConfig(env);
    createUrlParser(config); // which compiles the presets
    for (const [title, variables] of Object.entries<Variables>(GROUPS)) {
      const lines = Object.entries(variables)
        .filter(([, { env: name }]) => !values.set || set.has(name))
        .map(([key, entry]) => toLine(entry, config[key as keyof Config], set.has(entry.env)));
      if (lines.length > 0) process.stdout.write(`# ${title}\n${lines.join('\n')}\n\n`);
    }
    for (const warning of warnings) process.stderr.write(`${warning}\n`);
    return 0;
  },
};

function toLine(entry: Variable<unknown>, value: unknown, isSet: boolean): string {
  const shown = value === undefined ? '' : entry.type.show(value);
  const masked = shown !== '' && entry.secret ? '***' : withoutPassword(shown);
  const quoted = /^[\w./:,%+*-]*$/.test(masked) ? masked : toQuoted(masked);
  return `${entry.env}=${quoted}${isSet ? '' : '  # default'}`;
}
