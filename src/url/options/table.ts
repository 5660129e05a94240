import type { Config } from '../../config/table.ts';
import { byteOptions } from './bytes.ts';
import { headerOptions } from './headers.ts';
import type { Option } from './option.ts';
import { pixelOptions } from './pixels.ts';
import { steeringOptions } from './steering.ts';

/** All options by their long names. */
export const OPTIONS = {
  ...headerOptions,
  ...pixelOptions,
  ...byteOptions,
  ...steeringOptions,
};

type SetBy<O> = O extends Option<infer P> ? P : never;
type Intersection<U> = (U extends unknown ? (value: U) => void : never) extends (
  value: infer I,
) => void
  ? I
  : never;

/** The options of a request, each with its value or its default. */
export type InfoOptions = Readonly<Intersection<SetBy<(typeof OPTIONS)[keyof typeof OPTIONS]>>>;

// biome-ignore lint/suspicious/noExplicitAny: the table holds options of every type
type AnyOption = Option<any>;

/** An option and its long name. */
export interface NamedOption {
  readonly name: string;
  readonly option: AnyOption;
}

const NAMED: readonly NamedOption[] = Object.entries<AnyOption>(OPTIONS).map(([name, option]) => ({
  name,
  option,
}));

/** All options by each of their names. */
export const BY_NAME: ReadonlyMap<string, NamedOption> = new Map(
  NAMED.flatMap((named) =>
    [named.name, ...named.option.aliases].map((name) => [name, named] as const),
  ),
);

/** Configuration that some defaults come from. */
export type DefaultsConfig = Pick<
  Config,
  'maxSrcFileSize' | 'maxSrcResolution' | 'videoThumbnailSecond' | 'videoThumbnailKeyframes'
>;

/** The options of a request that gives none. */
export function defaultOptions(config: DefaultsConfig): InfoOptions {
  const { maxSrcFileSize, maxSrcResolution, videoThumbnailSecond, videoThumbnailKeyframes } =
    config;
  return Object.assign({}, ...NAMED.map(({ option }) => option.defaults), {
    maxSrcFileSize,
    maxSrcResolution,
    videoThumbnailSecond,
    videoThumbnailKeyframes,
  });
}
