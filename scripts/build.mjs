// Builds out/main (Node programs, preload) and out/renderer. `--main` and `--renderer` build one of the two.
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const only = process.argv.slice(2)
const wants = (part) => only.length === 0 || only.includes(`--${part}`)
const host = (name) => join(root, 'src-main', 'host', name)

async function buildMain() {
  const outdir = join(root, 'out', 'main')
  rmSync(outdir, { recursive: true, force: true })
  const common = { bundle: true, platform: 'node', target: 'node20', sourcemap: true, logLevel: 'warning', outdir }
  // Packages stay outside: native ones must, and two copies of TensorFlow.js in one process would not know each other.
  await build({
    ...common,
    entryPoints: [host('cli.ts'), host('worker.ts'), host('electron.ts')],
    format: 'esm',
    packages: 'external',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  })
  // A sandboxed preload script cannot load packages: everything but electron is inside.
  await build({ ...common, entryPoints: [host('preload.ts')], format: 'cjs', external: ['electron'], outExtension: { '.js': '.cjs' } })
  console.log('built out/main')
}

async function buildRenderer() {
  const { build: viteBuild } = await import('vite')
  await viteBuild({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
  console.log('built out/renderer')
}

if (wants('main')) await buildMain()
if (wants('renderer')) await buildRenderer()
