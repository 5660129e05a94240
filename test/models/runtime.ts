import { isRuntimeInstalled } from '../../src/models/runtime.ts';

/**
 * Whether models can be asked. `npm test` installs what it takes (tools/setup-models.sh); where CI runs,
 * it must be there.
 */
export const HAS_RUNTIME = isRuntimeInstalled() || process.env.CI !== undefined;
