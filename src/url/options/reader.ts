import type { Config } from '../../config/table.ts';
import { invalidUrl, quote } from '../errors.ts';
import { findPreset, type Presets } from '../presets.ts';
import type { Values } from './option.ts';
import type { ParseOptions } from './parse.ts';
import { type DefaultsConfig, defaultOptions, type InfoOptions } from './table.ts';

/** Configuration that the options of a request depend on. */
export type ReaderConfig = DefaultsConfig & Pick<Config, 'argumentsSeparator' | 'infoOnlyPresets'>;

/** The preset that each request begins with. */
const DEFAULT_PRESET = 'default';
/** Most clients use a few sets of options: these are read once. */
const MAX_REMEMBERED = 1000;
const MAX_REMEMBERED_LENGTH = 200;

/**
 * Makes the reading of a URL's options part to the options of a request, defaults included. It
 * throws INVALID_URL.
 */
export function createOptionsReader(
  config: ReaderConfig,
  parseOptions: ParseOptions,
  presets: Presets,
): (text: string) => InfoOptions {
  const defaults = { ...defaultOptions(config), ...presets.get(DEFAULT_PRESET) };
  const context = { preset: (name: string) => findPreset(presets, name) };
  const parse = config.infoOnlyPresets
    ? (text: string) => readPresetNames(text.split(config.argumentsSeparator), presets)
    : (text: string) => parseOptions(text, 'url', context);

  const remembered = new Map<string, InfoOptions>();
  return (text) => {
    const known = remembered.get(text);
    if (known) return known;
    const options: InfoOptions = Object.freeze({ ...defaults, ...parse(text) });
    if (text.length <= MAX_REMEMBERED_LENGTH) {
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(text, options);
    }
    return options;
  };
}

function readPresetNames(names: readonly string[], presets: Presets): Values {
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const preset = presets.get(name);
    if (preset === undefined) throw invalidUrl(`there is no preset ${quote(name)}`);
    Object.assign(values, preset);
  }
  return values;
}
