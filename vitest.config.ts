import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const shared = {
  pool: 'forks',
  testTimeout: 600_000,
  hookTimeout: 600_000,
} as const

/** Tests of what only computes: no files, processes, engine or page. */
const PURE = ['test/unit/src-shared/**/*.test.ts', 'test/unit/src-renderer/**/*.test.ts']

/**
 * Tests of the rooms that keep data and runs: what they make is in folders of their own, and they leave no state in the process.
 * Those of `io` measure memory, set variables and fill that of the HDF5 library.
 */
const SERVICES = ['data', 'disk', 'runs', 'service', 'store'].map(
  (room) => `test/unit/src-main/${room}/**/*.test.ts`,
)
const around = ['test/support/issued-operations.ts', 'test/support/built-entries.ts']

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
          exclude: [...PURE, ...SERVICES],
          globalSetup: around,
        },
      },
      {
        test: {
          ...shared,
          name: 'services',
          include: SERVICES,
          globalSetup: around,
          // Loading the sources anew for every file took a third of their time.
          isolate: false,
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
      { test: { ...shared, name: 'security', include: ['test/security/**/*.test.ts'], globalSetup: around } },
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
