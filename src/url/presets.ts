import { ConfigError } from '../config/errors.ts';
import type { Config } from '../config/table.ts';
import { RequestError } from '../errors.ts';
import { quote } from './errors.ts';
import { InvalidArgument, type Values } from './options/option.ts';
import type { ParseOptions } from './options/parse.ts';

/** Configuration that presets are made of. */
export type PresetsConfig = Pick<Config, 'infoPresets' | 'infoPresetsFile'>;

/** Options of each preset by its name, those of presets that it uses included. */
export type Presets = ReadonlyMap<string, Values>;

/**
 * Reads `name=options` definitions. Of two with one name the later counts.
 *
 * @throws ConfigError with all that is wrong with them
 */
export function compilePresets(config: PresetsConfig, parseOptions: ParseOptions): Presets {
  const mistakes: string[] = [];
  const definitions = new Map<string, string>();
  for (const definition of [...config.infoPresets, ...config.infoPresetsFile]) {
    const [name, options] = splitDefinition(definition);
    if (name === '' || options === '') {
      mistakes.push(`IMGPROXY_INFO_PRESETS must be name=options, not ${quote(definition)}`);
    } else {
      definitions.set(name, options);
    }
  }

  const presets = new Map<string, Values>();
  for (const name of definitions.keys()) {
    try {
      compile(name, definitions, presets, new Set(), parseOptions);
    } catch (error) {
      if (!(error instanceof RequestError || error instanceof InvalidArgument)) throw error;
      mistakes.push(`IMGPROXY_INFO_PRESETS: the preset ${quote(name)}: ${error.message}`);
    }
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return presets;
}

/** `using` holds the presets whose reading led here. */
function compile(
  name: string,
  definitions: ReadonlyMap<string, string>,
  presets: Map<string, Values>,
  using: ReadonlySet<string>,
  parseOptions: ParseOptions,
): Values {
  const ready = presets.get(name);
  if (ready) return ready;
  const definition = definitions.get(name);
  if (definition === undefined) throw unknownPreset(name);
  if (using.has(name)) throw new InvalidArgument(`uses itself by way of ${[...using].join(', ')}`);

  const values = parseOptions(definition, 'preset', {
    preset: (used) => compile(used, definitions, presets, new Set([...using, name]), parseOptions),
  });
  presets.set(name, values);
  return values;
}

/** Looks a preset up for a URL. */
export function findPreset(presets: Presets, name: string): Values {
  const found = presets.get(name);
  if (found === undefined) throw unknownPreset(name);
  return found;
}

function unknownPreset(name: string): InvalidArgument {
  return new InvalidArgument(`names ${quote(name)}, a preset that does not exist`);
}

function splitDefinition(definition: string): [name: string, options: string] {
  const at = definition.indexOf('=');
  if (at < 0) return ['', ''];
  return [definition.slice(0, at).trim(), definition.slice(at + 1).trim()];
}
