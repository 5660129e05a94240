import type { Config } from '../../config/table.ts';
import { invalidUrl, quote } from '../errors.ts';
import { InvalidArgument, type ParseContext, type Values } from './option.ts';
import { BY_NAME, type NamedOption } from './table.ts';

/** Configuration that the reading of options depends on. */
export type OptionsConfig = Pick<
  Config,
  'argumentsSeparator' | 'allowedInfoOptions' | 'allowSecurityOptions' | 'allowBypassCache'
>;

/** Where options come from: in a URL only those that are allowed count. */
export type Origin = 'url' | 'preset';

/** Reads options, one a part between slashes, to the values that they give. It throws INVALID_URL. */
export type ParseOptions = (text: string, origin: Origin, context: ParseContext) => Values;

/** Makes the reading of options. */
export function createOptionsParser(config: OptionsConfig): ParseOptions {
  const { argumentsSeparator: separator } = config;
  const allowed =
    config.allowedInfoOptions.length > 0 ? new Set(config.allowedInfoOptions) : undefined;

  return (text, origin, context) => {
    const values: Record<string, unknown> = {};
    for (const part of text === '' ? [] : text.split('/')) {
      const [name, ...args] = part.split(separator) as [string, ...string[]];
      if (args.length === 0) throw invalidUrl(`${quote(part)} is no option`);
      if (origin === 'url' && allowed && !allowed.has(name)) {
        throw invalidUrl(`option ${quote(name)} is not in IMGPROXY_ALLOWED_INFO_OPTIONS`);
      }
      const known = BY_NAME.get(name);
      if (known === undefined) throw invalidUrl(`option ${quote(name)} is not known`);
      Object.assign(values, readArguments(known, args, config, context));
    }
    return values;
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
