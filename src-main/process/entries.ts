import { basename, join, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

const isSource = (url: string): boolean => url.endsWith('.ts')

/**
 * Folder `out/main` of this checkout, where the tests have built it: a process that starts from there needs no compiler, which
 * takes seconds each time. Sources of another folder, such as a copy, start as they are.
 */
function builtFolder(own: string): string | null {
  const built = process.env['COTRAIN_BUILT']
  if (built === undefined) return null
  return fileURLToPath(own).startsWith(join(resolve(built, '../..'), 'src-main') + sep) ? built : null
}

/**
 * The file beside the caller that a thread or a process starts with: the source, or what the bundler made of it.
 * `own`: `import.meta.url` of the caller. The names of such files end in `-worker.ts` or `-child.ts`.
 */
export function entryBeside(own: string, source: string): URL {
  const made = `${basename(source, '.ts')}.js`
  if (!isSource(own)) return new URL(`./${made}`, own)
  const built = builtFolder(own)
  return built === null ? new URL(source, own) : pathToFileURL(join(built, made))
}

/** A plain Node cannot look into the archive of a packed app; what it needs lies unpacked beside it. */
export const unpacked = (path: string): string => path.replace(/app\.asar(?!\.unpacked)/, 'app.asar.unpacked')

/** Node's arguments for such a file: sources run through tsx (development only), bundles as they are. */
export const nodeArguments = (entry: URL): string[] => [
  ...(isSource(entry.pathname) ? ['--import', import.meta.resolve('tsx')] : []),
  unpacked(fileURLToPath(entry)),
]

/** Starts a thread; from TypeScript source it loads the compiler first (development only). */
export function startThread(entry: URL, workerData: unknown = null): Worker {
  if (!isSource(entry.pathname)) return new Worker(entry, { workerData })
  const compiler = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  const start = `import(${compiler}).then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}) })`
  return new Worker(start, { eval: true, workerData })
}
