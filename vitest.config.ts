import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const shared = {
  pool: 'forks',
  testTimeout: 600_000,
  hookTimeout: 600_000,
} as const

/** Tests of what only computes: no files, processes, engine or page. */
const PURE = ['test/unit/src-shared/**/*.test.ts', 'test/unit/src-renderer/**/*.test.ts']

export default defineConfig({
  test: {
    // Two at a time: the reference machine has two cores, and TensorFlow uses both.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: PURE,
          globalSetup: ['test/support/issued-operations.ts', 'test/support/built-entries.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'pure',
          include: PURE,
          // Nothing in these folders keeps a state outside of what a test makes: one process can run them all.
          isolate: false,
        },
      },
      {
        plugins: [vue()],
        publicDir: 'src-renderer/public',
        define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false },
        test: {
          ...shared,
          name: 'views',
          include: ['test/views/**/*.test.ts'],
          environment: 'happy-dom',
          // One process shows them all: what a view leaves behind is taken away by `show` itself.
          isolate: false,
        },
      },
    ],
  },
})
