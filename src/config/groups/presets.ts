import { linesOfFile, listBy } from '../lists.ts';
import { bool, text } from '../scalars.ts';
import { variable } from '../variable.ts';

/** Named sets of options. */
export const presets = {
  infoPresets: variable<readonly string[]>({
    env: 'IMGPROXY_INFO_PRESETS',
    type: listBy('IMGPROXY_PRESETS_SEPARATOR', ','),
    default: [],
    meaning: 'Presets, `name=options`; the one named `default` is applied to each request first.',
  }),
  infoPresetsFile: variable<readonly string[]>({
    env: 'IMGPROXY_INFO_PRESETS_PATH',
    type: linesOfFile,
    default: [],
    meaning: 'A file of presets, one a line; lines that begin with `#` are comments.',
  }),
  presetsSeparator: variable({
    env: 'IMGPROXY_PRESETS_SEPARATOR',
    type: text,
    default: ',',
    meaning: 'What divides `IMGPROXY_INFO_PRESETS`.',
  }),
  onlyPresets: variable({
    env: 'IMGPROXY_ONLY_PRESETS',
    type: bool,
    default: false,
    meaning: 'The default of `IMGPROXY_INFO_ONLY_PRESETS`.',
  }),
  infoOnlyPresets: variable<boolean>({
    env: 'IMGPROXY_INFO_ONLY_PRESETS',
    type: bool,
    default: {
      text: '`IMGPROXY_ONLY_PRESETS`',
      derive: ({ onlyPresets }) => onlyPresets as boolean,
    },
    meaning: 'Makes the options part of a URL a list of preset names.',
  }),
};
