import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { lastLine, runChild } from '../../../process/child.ts'
import { entryBeside, nodeArguments, unpacked } from '../../../process/entries.ts'
import { nodeProgram } from '../../../process/node-program.ts'
import { lastWords } from './last-words.ts'
import type { TriedEngine } from './try-engine.ts'
import { tryEngine } from './try-engine.ts'

const require = createRequire(import.meta.url)

/** Side of the square matrices of the timed product: two billion operations. */
const SIZE = 1024
const PROBE_TIMEOUT_MS = 120_000

const WASM = `
const [core, backend, folder] = process.argv.slice(1)
const tf = require(core)
tf.env().set('PROD', true)
require(backend).setWasmPaths(folder)
tf.setBackend('wasm').then(() => {
  const a = tf.ones([${SIZE}, ${SIZE}])
  tf.matMul(a, a).dataSync()
  const began = performance.now()
  const ok = tf.matMul(a, a).dataSync()[0] === ${SIZE}
  console.log(JSON.stringify({ ok, ms: performance.now() - began }))
})
`

/** What a matrix product in a child process showed. */
export interface Probe {
  readonly matmulMs: number
  readonly gpu: boolean
  readonly version: string
}

/** Times a matrix product with the native engine, in a child process. */
export async function probeNative(engine: TriedEngine): Promise<Probe> {
  const { ms, gpu, version } = await tryEngine(engine, SIZE)
  return { matmulMs: rounded(ms ?? 0), gpu, version }
}

/** The same with the embedded backend. */
export async function probeWasm(): Promise<Probe> {
  const backend = unpacked(require.resolve('@tensorflow/tfjs-backend-wasm'))
  const core = createRequire(backend).resolve('@tensorflow/tfjs-core')
  const result = await runChild(nodeProgram(), ['-e', WASM, core, backend, join(dirname(backend), '/')], {
    timeoutMs: PROBE_TIMEOUT_MS,
  })
  const line = lastLine(result.stdout)
  if (result.code !== 0 || !line.startsWith('{'))
    throw new Error(lastLine(result.stderr) || `exit code ${result.code}`)
  const { ok, ms } = JSON.parse(line) as { ok: boolean; ms: number }
  if (!ok) throw new Error('the matrix product is wrong')
  return { matmulMs: rounded(ms), gpu: false, version: '' }
}

const onAdapter = z.object({
  isRight: z.boolean(),
  ms: z.number(),
  name: z.string(),
  isSoftware: z.boolean(),
})

/** The same on the adapter that WebGPU opens, with its name; `gpu` is false for a driver that computes on the processor. */
export async function probeWebgpu(): Promise<Probe & { readonly adapter: string }> {
  const child = nodeArguments(entryBeside(import.meta.url, '../webgpu/webgpu-child.ts'))
  const result = await runChild(nodeProgram(), [...child, String(SIZE)], { timeoutMs: PROBE_TIMEOUT_MS })
  const line = lastLine(result.stdout)
  if (result.code !== 0 || !line.startsWith('{'))
    throw new Error(lastWords(result.stderr) || `exit code ${result.code}`)
  const { isRight, ms, name, isSoftware } = onAdapter.parse(JSON.parse(line))
  if (!isRight) throw new Error(`the matrix product is wrong on ${name}`)
  return { matmulMs: rounded(ms), gpu: !isSoftware, version: '', adapter: name }
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10
