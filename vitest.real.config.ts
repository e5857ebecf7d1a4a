import { defineConfig } from 'vitest/config';

/** Tests against real servers and other people's clients: each says which one it misses and skips, unless HUSKYCAT_TEST_REQUIRE is set. */
export default defineConfig({
  test: {
    include: ['test/real/**/*.test.{ts,tsx}'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 1,
    fileParallelism: false,
  },
});
