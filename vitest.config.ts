import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    globalSetup: 'test/support/issued-operations.ts',
    pool: 'forks',
    // Two at a time: the reference machine has two cores, and TensorFlow uses both.
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
})
