import type { Config } from '../../config/table.ts';
import { invalidUrl, quote } from '../errors.ts';
import { InvalidArgument, type ParseContext, type Values } from './option.ts';
import { BY_NAME, type NamedOption } from './table.ts';

/** Configuration that the reading of options depends on. */
export type OptionsConfig = Pick<
  Config,
  'argumentsSeparator' | 'allowedInfoOptions' | 'allowSecurityOptions' | 'allowBypassCache'
>;

/** What stood before the source URL. */
export interface Parsed {
  /** Only what was given. */
  readonly values: Values;
  /** How many of the parts were options. */
  readonly count: number;
}

/** Where options come from: in a URL only those that are allowed count. */
export type Origin = 'url' | 'preset';

/** Reads the options that a path begins with, one a part. It throws INVALID_URL. */
export type ParseOptions = (
  parts: readonly string[],
  origin: Origin,
  context: ParseContext,
) => Parsed;

/** Makes the reading of options: they end with the first part that has no separator. */
export function createOptionsParser(config: OptionsConfig): ParseOptions {
  const { argumentsSeparator: separator } = config;
  const allowed =
    config.allowedInfoOptions.length > 0 ? new Set(config.allowedInfoOptions) : undefined;

  return (parts, origin, context) => {
    const values: Record<string, unknown> = {};
    let count = 0;
    for (const part of parts) {
      const at = part.indexOf(separator);
      if (at < 0) break;
      const name = part.slice(0, at);
      if (origin === 'url' && allowed && !allowed.has(name)) {
        throw invalidUrl(`option ${quote(name)} is not in IMGPROXY_ALLOWED_INFO_OPTIONS`);
      }
      const known = BY_NAME.get(name);
      if (known === undefined) throw invalidUrl(`option ${quote(name)} is not known`);
      const args = part.slice(at + separator.length).split(separator);
      Object.assign(values, readArguments(known, args, config, context));
      count++;
    }
    return { values, count };
  };
}

function readArguments(
  { name, option }: NamedOption,
  args: readonly string[],
  config: OptionsConfig,
  context: ParseContext,
): Values {
  if (option.permission && !config[option.permission]) {
    throw invalidUrl(`option ${name} is not allowed by this server's configuration`);
  }
  if (args.length > option.maxArguments) {
    throw invalidUrl(
      `option ${name} takes ${option.maxArguments} arguments at most, not ${args.length}`,
    );
  }
  try {
    return option.parse(args, context);
  } catch (error) {
    if (error instanceof InvalidArgument) throw invalidUrl(`option ${name} ${error.message}`);
    throw error;
  }
}
