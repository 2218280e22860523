import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * `vite build` makes the renderer that every host serves. `--mode fake` builds the same application on the in-memory
 * service of test/support, for component work and screenshots; it never ships.
 */
export default defineConfig(({ mode }) => {
  const isFake = mode === 'fake'
  return {
    root: at(isFake ? './test/support/fake-renderer' : './src-renderer'),
    publicDir: at('./src-renderer/public'),
    // Relative, so that app://, http:// and any sub-folder serve one build.
    base: './',
    plugins: [vue()],
    define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false },
    server: { fs: { allow: [at('.')] } },
    build: {
      outDir: at(isFake ? './out/fake-renderer' : './out/renderer'),
      emptyOutDir: true,
      target: 'chrome120',
      sourcemap: true,
      // Inlined assets would need data: in the content security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 900,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              // zod's switch must be set before any chunk makes a schema, so it lives in zod's own chunk.
              { name: 'zod', test: /node_modules\/zod\/|src-renderer\/jitless\.ts/, priority: 3 },
              // What every start needs is one file: sixty small ones take longer to ask for than to read.
              { name: 'start', tags: ['$initial'], priority: 2 },
              // So are the parts that several views have, except for charts and the editor of text, which are large.
              { name: 'shared', minShareCount: 3, test: /^(?!.*(chart|codemirror|lezer))/i, priority: 1 },
            ],
          },
        },
      },
    },
  }
})
