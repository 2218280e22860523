// Builds out/main (Node programs, preload) and out/renderer. `--main` and `--renderer` build one of the two, `--if-stale` only
// where a source is newer. `--bench` builds the product's contender of the benchmark, as a worker is built, into out/bench.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { mainIsFresh, rendererIsFresh } from './freshness.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const ifStale = process.argv.includes('--if-stale')
const only = process.argv.slice(2).filter((word) => word !== '--if-stale')
const wants = (part) => (only.length === 0 && part !== 'bench') || only.includes(`--${part}`)
const host = (name) => join(root, 'src-main', 'host', name)

/** Threads and helper processes start with a file of their own, which lies beside the code that starts them. */
function threadEntries() {
  return ['io', 'data', 'runs'].flatMap((layer) =>
    readdirSync(join(root, 'src-main', layer), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /-(worker|child)\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  )
}

/** A proof of the engine that was made from source holds for what is built of the same source, and the other way round. */
async function casesDigest() {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src-main/io/native/proof/cases-digest.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  })
  const code = Buffer.from(outputFiles[0].contents).toString('base64')
  const { digestOfSources } = await import(`data:text/javascript;base64,${code}`)
  return digestOfSources(join(root, 'src-main/engine'))
}

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  // Traces need places alone; a program reads its whole map at its start.
  sourcesContent: false,
  logLevel: 'warning',
}

/** Packages of very many small files, all of them plain modules: to load those one by one took a third of each start. */
const INSIDE = /^(zod|@bufbuild\/protobuf)(\/|$)/
/** The same package as modules, which the others need; its own entry for Node is CommonJS. */
const YAML = join(root, 'node_modules/yaml/browser/index.js')

/** All other packages stay outside: native ones must, and two copies of TensorFlow.js in one process would not know each other. */
const packages = {
  name: 'packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || INSIDE.test(path)) return undefined
      return path === 'yaml' ? { path: YAML } : { path, external: true }
    })
  },
}

/** Programs with the threads that they start. */
const buildPrograms = async (outdir, programs) =>
  build({
    ...common,
    outdir,
    entryPoints: [...programs, ...threadEntries()].map((file) => ({ in: file, out: basename(file, '.ts') })),
    format: 'esm',
    plugins: [packages],
    define: { COTRAIN_CASES_DIGEST: JSON.stringify(await casesDigest()) },
    splitting: true,
    chunkNames: '[name]-[hash]',
  })

async function buildMain() {
  const place = join(root, 'out', 'main')
  // Built beside and put in place at once: a program that starts meanwhile finds one build or the other.
  const outdir = `${place}-${process.pid}`
  await buildPrograms(outdir, [host('cli/cli.ts'), host('worker/worker.ts'), host('electron/electron.ts')])
  // A sandboxed preload script cannot load packages: everything but electron is inside.
  await build({
    ...common,
    outdir,
    entryPoints: [host('electron/preload.ts')],
    format: 'cjs',
    external: ['electron'],
    outExtension: { '.js': '.cjs' },
  })
  putInPlace(outdir, place)
  console.log('built out/main')
}

/**
 * The last build is moved aside and not removed first: a program that works meanwhile would find parts of it gone. Another build may put its
 * own there at the same moment.
 */
function putInPlace(made, place) {
  const before = `${place}-before-${process.pid}`
  for (let attempt = 0; ; attempt++) {
    rmSync(before, { recursive: true, force: true })
    try {
      if (existsSync(place)) renameSync(place, before)
      renameSync(made, place)
      return rmSync(before, { recursive: true, force: true })
    } catch (error) {
      if (attempt === 4) throw error
    }
  }
}

async function buildRenderer() {
  const { build: viteBuild } = await import('vite')
  const place = join(root, 'out', 'renderer')
  const outDir = `${place}-${process.pid}`
  // A build that fails leaves the last good one where it is.
  try {
    await viteBuild({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir } })
    putInPlace(outDir, place)
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
  console.log('built out/renderer')
}

if (wants('main') && !(ifStale && mainIsFresh(root))) await buildMain()
if (wants('renderer') && !(ifStale && rendererIsFresh(root))) await buildRenderer()
if (wants('bench')) await buildPrograms(join(root, 'out', 'bench'), [join(root, 'bench/product/ours.ts')])
