import { defineConfig } from 'vitest/config';

/** What takes minutes: hostile bytes in full. `npm run test:hostile`. */
export default defineConfig({
  test: {
    include: ['test/hostile/**/*.hostile.ts'],
    testTimeout: 900_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 1,
  },
});
