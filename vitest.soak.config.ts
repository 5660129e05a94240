import { defineConfig } from 'vitest/config';

/** What takes as long as it is told to: load, chaos, balancers that pause. `npm run test:soak`. */
export default defineConfig({
  test: {
    include: ['test/soak/**/*.soak.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
    maxConcurrency: 8,
    pool: 'forks',
    maxWorkers: 1,
  },
});
