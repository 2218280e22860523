import { lastLine, runChild } from '../../../process/child.ts'
import { lastWords } from './last-words.ts'
import { nodeProgram } from '../../../process/node-program.ts'

/** A child may crash where we must not; it needs the addon alone, no JavaScript of ours or TensorFlow.js. */
const SCRIPT = `
const b = require(process.argv[1])
const type = { name: 'T', type: b.TF_ATTR_TYPE, value: b.TF_FLOAT }
const flag = (name) => ({ name, type: b.TF_ATTR_BOOL, value: false })
const a = b.createTensor([2, 2], b.TF_FLOAT, new Float32Array([1, 2, 3, 4]))
const [product] = b.executeOp('MatMul', [flag('transpose_a'), flag('transpose_b'), type], [a, a], 1)
const values = Array.from(b.tensorDataSync(product.id))
if (values.join() !== '7,10,15,22') throw new Error('MatMul gave ' + values)
console.log(JSON.stringify({ version: b.TF_Version, gpu: b.isUsingGpuDevice() }))
`
const SMOKE_TIMEOUT_MS = 120_000

export interface SmokeResult {
  readonly version: string
  readonly gpu: boolean
}

/** Loads an addon in a child process, multiplies two matrices and reports version and device. */
export async function smokeTest(addon: string, libraryPath: readonly string[]): Promise<SmokeResult> {
  const result = await runChild(nodeProgram(), ['-e', SCRIPT, addon], {
    env: { ...searchPath(libraryPath), TF_CPP_MIN_LOG_LEVEL: '2' },
    timeoutMs: SMOKE_TIMEOUT_MS,
  })
  const line = lastLine(result.stdout)
  if (result.code === 0 && line.startsWith('{')) return JSON.parse(line) as SmokeResult
  const cause = result.stderr.split('\n').find((l) => /error/i.test(l)) ?? lastWords(result.stderr)
  throw new Error(`the library does not run: ${cause || `exit code ${result.code}`}`)
}

/** Environment a process needs before it starts so that the dynamic loader finds `folders`. */
export function searchPath(folders: readonly string[]): Readonly<Record<string, string>> {
  if (folders.length === 0) return {}
  const name = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
  return { [name]: [...folders, process.env[name] ?? ''].filter((p) => p !== '').join(':') }
}
