import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { lastLine, runChild } from '../../../process/child.ts'
import { lastWords } from './last-words.ts'
import { unpacked } from '../../../process/entries.ts'
import { nodeProgram } from '../../../process/node-program.ts'
import { searchPath } from './smoke-test.ts'

const require = createRequire(import.meta.url)

/** Side of the square matrices of the timed product: two billion operations. */
const SIZE = 1024
const PROBE_TIMEOUT_MS = 120_000

/** The binding names its device with every operation, so a product that succeeds has run there. */
const NATIVE = `
const b = require(process.argv[1])
const n = ${SIZE}
const attrs = [...['transpose_a', 'transpose_b'].map((name) => ({ name, type: b.TF_ATTR_BOOL, value: false })),
  { name: 'T', type: b.TF_ATTR_TYPE, value: b.TF_FLOAT }]
const a = b.createTensor([n, n], b.TF_FLOAT, new Float32Array(n * n).fill(1))
const product = () => b.tensorDataSync(b.executeOp('MatMul', attrs, [a, a], 1)[0].id)[0]
product()
const began = performance.now()
const ok = product() === n
console.log(JSON.stringify({ ok, ms: performance.now() - began, gpu: b.isUsingGpuDevice(), version: b.TF_Version }))
`
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
  console.log(JSON.stringify({ ok, ms: performance.now() - began, gpu: false, version: '' }))
})
`

/** What a matrix product in a child process showed. */
export interface Probe {
  readonly matmulMs: number
  readonly gpu: boolean
  readonly version: string
}

/** Times a matrix product with the native addon, in a child process: the asking process computes nothing. */
export const probeNative = (addon: string, libraryPath: readonly string[]): Promise<Probe> =>
  probe([NATIVE, addon], searchPath(libraryPath))

/** The same with the embedded backend. */
export function probeWasm(): Promise<Probe> {
  const backend = unpacked(require.resolve('@tensorflow/tfjs-backend-wasm'))
  const core = createRequire(backend).resolve('@tensorflow/tfjs-core')
  return probe([WASM, core, backend, join(dirname(backend), '/')], {})
}

async function probe(script: readonly string[], env: Readonly<Record<string, string>>): Promise<Probe> {
  const result = await runChild(nodeProgram(), ['-e', ...script], {
    env: { ...env, TF_CPP_MIN_LOG_LEVEL: '2' },
    timeoutMs: PROBE_TIMEOUT_MS,
  })
  const line = lastLine(result.stdout)
  if (result.code !== 0 || !line.startsWith('{'))
    throw new Error(lastWords(result.stderr) || `exit code ${result.code}`)
  const { ok, ms, gpu, version } = JSON.parse(line) as {
    ok: boolean
    ms: number
    gpu: boolean
    version: string
  }
  if (!ok) throw new Error('the matrix product is wrong')
  return { matmulMs: Math.round(ms * 10) / 10, gpu, version }
}
