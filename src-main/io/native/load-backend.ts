import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type * as WasmPackage from '@tensorflow/tfjs-backend-wasm'
import { env, getBackend, getGradient, setBackend } from '@tensorflow/tfjs-core'
import { registerWasmKernels } from '../../engine/tensor/index.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { physicalCores } from './cpu.ts'
import { loadTfjsNode } from './load-tfjs-node.ts'
import type { NativeInfo, RouteAttempt } from './native-info.ts'
import { engineFolder, readNativeInfo, staleReason } from './native-info.ts'

export type BackendName = 'native' | 'wasm' | 'cpu'

/** Which backend computes in this process, and why that one. */
export interface Backend {
  readonly name: BackendName
  /** One sentence for the log, the run record and the doctor. */
  readonly reason: string
  /** Version of libtensorflow; '' for the other backends. */
  readonly tfVersion: string
  readonly gpu: boolean
  readonly threads: number
  readonly routes: readonly RouteAttempt[]
}

export interface LoadOptions {
  /** Default: COTRAIN_ENGINE, else native where it is provisioned and wasm elsewhere. */
  readonly engine?: BackendName
  readonly home?: string
  /** Threads within one operation; default: physical cores available. Fixed once the backend is loaded. */
  readonly threads?: number
}

const require = createRequire(import.meta.url)
let native: { readonly version: string; readonly gpu: boolean; readonly threads: number } | null = null

/**
 * Loads the compute backend into this process and makes it current; may be called again to switch.
 * An engine that was asked for and is not there is an error (`engine-unavailable`), never a quiet replacement.
 */
export async function loadBackend(options: LoadOptions = {}): Promise<Backend> {
  const asked = options.engine ?? engineFromEnvironment()
  const threads = options.threads ?? physicalCores()
  const info = await readNativeInfo(engineFolder(options.home))
  const routes = info?.routes ?? []
  if (asked === 'cpu') return loadCpu(routes)
  if (asked === 'wasm') return loadWasm('wasm was asked for', routes)
  const missing = info === null ? 'it has not been set up' : await staleReason(info)
  if (info !== null && missing === null) return loadNative(info, threads)
  if (asked === 'native') throw unavailable(missing ?? '', routes)
  return loadWasm(`no native TensorFlow: ${explain(missing ?? '', routes)}`, routes)
}

function engineFromEnvironment(): BackendName | undefined {
  const value = process.env['COTRAIN_ENGINE']
  if (value === undefined || value === '' || value === 'auto') return undefined
  if (value === 'native' || value === 'wasm' || value === 'cpu') return value
  const message = `expected native, wasm, cpu or auto, got ${JSON.stringify(value)}.`
  throw new CotrainError({
    code: 'config-invalid',
    path: 'COTRAIN_ENGINE',
    message,
    hint: 'Change or unset the variable.',
  })
}

async function loadNative(info: NativeInfo, wanted: number): Promise<Backend> {
  if (native === null) {
    process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
    process.env['TF_NUM_INTRAOP_THREADS'] ??= String(wanted)
    process.env['TF_NUM_INTEROP_THREADS'] ??= '1' // ops are issued one by one, so a second inter-op thread only waits
    try {
      native = { ...loadTfjsNode(info.addon), threads: Number(process.env['TF_NUM_INTRAOP_THREADS']) }
    } catch (error) {
      throw unavailable(error instanceof Error ? error.message : String(error), info.routes, error)
    }
  }
  await select('tensorflow')
  const { version, gpu, threads } = native
  const reason = `TensorFlow ${version} found by the ${info.kind} route`
  return { name: 'native', reason, tfVersion: version, gpu, threads, routes: info.routes }
}

async function loadWasm(reason: string, routes: readonly RouteAttempt[]): Promise<Backend> {
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof WasmPackage
  const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))
  if (getBackend() !== 'wasm') {
    wasm.setWasmPaths(join(folder, '/'))
    registerWasmKernels()
  }
  await select('wasm')
  // One thread: tfjs-backend-wasm starts its thread pool in browsers only.
  return { name: 'wasm', reason, tfVersion: '', gpu: false, threads: 1, routes }
}

async function loadCpu(routes: readonly RouteAttempt[]): Promise<Backend> {
  createRequire(require.resolve('@tensorflow/tfjs-backend-wasm'))('@tensorflow/tfjs-backend-cpu')
  await select('cpu')
  return {
    name: 'cpu',
    reason: 'the plain JavaScript backend was asked for',
    tfVersion: '',
    gpu: false,
    threads: 1,
    routes,
  }
}

/** TensorFlow.js keeps the gradients of its operations out of its core; the layers package brings them in. */
function registerGradients(): void {
  if (getGradient('Sum') !== undefined) return
  const fromTfjs = createRequire(
    createRequire(require.resolve('@tensorflow/tfjs-node-gpu')).resolve('@tensorflow/tfjs'),
  )
  fromTfjs('@tensorflow/tfjs-layers')
}

async function select(name: string): Promise<void> {
  env().set('PROD', true) // only silences the advertisement for tfjs-node that the other backends print
  registerGradients()
  if (await setBackend(name)) return
  throw unavailable(`TensorFlow.js could not start its ${name} backend`, [])
}

function explain(missing: string, routes: readonly RouteAttempt[]): string {
  const failed = routes.filter((r) => r.outcome === 'failed').map((r) => `${r.route}: ${r.reason}`)
  return [missing, ...failed].join('; ')
}

function unavailable(missing: string, routes: readonly RouteAttempt[], cause?: unknown): CotrainError {
  const message = `The native TensorFlow engine is not available: ${explain(missing, routes)}.`
  const hint = 'Run `npm run setup`, or use COTRAIN_ENGINE=wasm, which is slower.'
  return new CotrainError({ code: 'engine-unavailable', message, hint }, { cause })
}
