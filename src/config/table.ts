import { cache } from './groups/cache.ts';
import { clouds } from './groups/clouds.ts';
import { fetching } from './groups/fetching.ts';
import { loading } from './groups/loading.ts';
import { log } from './groups/log.ts';
import { models } from './groups/models.ts';
import { monitoring } from './groups/monitoring.ts';
import { pixels } from './groups/pixels.ts';
import { presets } from './groups/presets.ts';
import { processes } from './groups/processes.ts';
import { response } from './groups/response.ts';
import { security } from './groups/security.ts';
import { server } from './groups/server.ts';
import { signature } from './groups/signature.ts';
import { origins, sourceUrls } from './groups/sources.ts';
import type { Variable, Variables } from './variable.ts';

/** All variables, in the groups and the order of the docs. */
export const GROUPS = {
  Signature: signature,
  Server: server,
  Processes: processes,
  Responses: response,
  Security: security,
  'Source URLs': sourceUrls,
  Origins: origins,
  'How much is fetched': fetching,
  Presets: presets,
  Log: log,
  Monitoring: monitoring,
  'Object stores': clouds,
  Cache: cache,
  'Decoded pixels': pixels,
  Models: models,
  Loading: loading,
} as const satisfies Record<string, Variables>;

/** All variables by their names in {@link Config}. */
export const VARIABLES = {
  ...signature,
  ...server,
  ...processes,
  ...response,
  ...security,
  ...sourceUrls,
  ...origins,
  ...fetching,
  ...presets,
  ...log,
  ...monitoring,
  ...clouds,
  ...cache,
  ...pixels,
  ...models,
  ...loading,
} as const satisfies Variables;

type ValueOf<V> = V extends Variable<infer T> ? T : never;

/** The configuration: one value for each variable. Times are in seconds, sizes in bytes or pixels. */
export type Config = {
  readonly [K in keyof typeof VARIABLES]: ValueOf<(typeof VARIABLES)[K]>;
};
