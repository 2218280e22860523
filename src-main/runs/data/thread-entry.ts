import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

const fromSource = import.meta.url.endsWith('.ts')

/** The file that a thread starts with: the source, or what the bundler made of it beside this file. */
export const threadEntry = (source: string): URL =>
  fromSource
    ? new URL(source, import.meta.url)
    : new URL(`./${(source.split('/').at(-1) ?? source).replace(/\.ts$/, '.js')}`, import.meta.url)

/** Starts a thread; from TypeScript source it loads the compiler first (development only). */
export function startThread(entry: URL, workerData: unknown = null): Worker {
  if (!entry.pathname.endsWith('.ts')) return new Worker(entry, { workerData })
  const compiler = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  const start = `import(${compiler}).then(({ register }) => { register(); return import(${JSON.stringify(entry.href)}) })`
  return new Worker(start, { eval: true, workerData })
}

/** Entry of the process that imports files of unknown origin; undefined: where the importer looks by itself. */
export const sandboxEntry = (): string | undefined =>
  fromSource ? undefined : fileURLToPath(threadEntry('sandbox-child.ts'))
