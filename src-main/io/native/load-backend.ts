import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type * as WasmPackage from '@tensorflow/tfjs-backend-wasm'
import { getBackend } from '@tensorflow/tfjs-core'
import { registerWasmKernels } from '../../engine/tensor/index.ts'
import type { Routes } from '../../engine/tensor/base/routes.ts'
import { setRoutes } from '../../engine/tensor/base/routes.ts'
import type { EngineProof } from '../../../src-shared/contract/engine-proof.ts'
import { proofLine, settingText } from '../../../src-shared/contract/engine-proof.ts'
import type { EngineName } from '../../../src-shared/contract/engine-name.ts'
import { engineName } from '../../../src-shared/contract/engine-name.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { engineThreads } from './library/cpu.ts'
import { numbersHere, setVariables } from './library/engine-environment.ts'
import type { NativeInfo, RouteAttempt } from './library/native-info.ts'
import { engineFolder } from './library/native-info.ts'
import { proveEngine } from './proof/prove-engine.ts'
import { selectBackend, startNative } from './library/start-native.ts'
import type { Backend } from './library/backend.ts'
import { cotrainHome } from '../../disk/home.ts'
import { engineInUse } from './engine-in-use.ts'
import { loadWebgpu, whyChanged } from './webgpu/load-webgpu.ts'
import type { WebgpuRecord } from './webgpu/webgpu-record.ts'
import { forgetWebgpu } from './webgpu/webgpu-record.ts'

/** What can be asked for: `gpu` is a card, and nothing else. */
type AskedBackend = EngineName | 'gpu'

export interface LoadOptions {
  /** Default: COTRAIN_ENGINE, else what set-up has found to be the best here. */
  readonly engine?: AskedBackend
  readonly home?: string
  /** Threads within one operation; default: physical cores available. Fixed once the backend is loaded. */
  readonly threads?: number
}

const require = createRequire(import.meta.url)
let native: {
  readonly version: string
  readonly gpu: boolean
  readonly threads: number
  readonly proof: EngineProof
} | null = null

/**
 * Loads the compute backend into this process and makes it current; may be called again to switch. Which one it is, {@link engineInUse}
 * says. The native one is started with the setting under which it was proved right on this machine, and not at all where there
 * is none: then the embedded one computes and says why. An engine that was asked for and is not there is an error
 * (`engine-unavailable`), never a quiet replacement.
 */
export async function loadBackend(options: LoadOptions = {}): Promise<Backend> {
  const asked = options.engine ?? engineFromEnvironment()
  const home = options.home ?? cotrainHome()
  const { name, why, info, missing, proof, webgpu } = await engineInUse({
    home,
    asked: asked ?? '',
    threads: options.threads,
  })
  const routes = info?.routes ?? []
  if (name === 'cpu') return loadCpu(routes)
  if (name === 'webgpu' && asked === 'webgpu') return loadWebgpu(engineFolder(home), routes, why)
  if (name === 'webgpu' && webgpu !== null) return loadRecorded(options, webgpu, routes, why)
  if (asked === 'wasm') return loadWasm('wasm was asked for', routes)
  if (info === null || missing !== null) {
    if (asked !== undefined) throw unavailable(missing ?? why, routes)
    return loadWasm(`no native TensorFlow: ${explain(missing ?? why, routes)}`, routes)
  }
  if (asked === 'gpu' && !info.gpu) throw noGpu(info)
  if (native !== null) return again(native, info, options.threads)
  const threads = engineThreads(options.threads)
  const proved = proof ?? (await proveEngine({ folder: engineFolder(home), info, threads }))
  if (proved.usable) return loadNative(info, proved)
  const reason = unusable(proved)
  if (asked !== undefined) throw unavailable(reason, [])
  return { ...(await loadWasm(`no native TensorFlow: ${reason}`, routes)), proof: proved }
}

/** WebGPU as set-up has tried it; on another adapter or driver that trial says nothing, and the next engine computes. */
async function loadRecorded(
  options: LoadOptions,
  { adapter }: WebgpuRecord,
  routes: readonly RouteAttempt[],
  why: string,
): Promise<Backend> {
  const folder = engineFolder(options.home)
  const changed = await whyChanged(adapter?.name ?? '')
  if (changed === null) return loadWebgpu(folder, routes, why)
  await forgetWebgpu(folder)
  const next = await loadBackend(options)
  const advice = 'set the engine up again to try it'
  return { ...next, reason: `${next.reason}; WebGPU is not used any more: ${changed} (${advice})` }
}

/** Why no setting of the library is used, with the first fault. */
function unusable(proof: EngineProof): string {
  const [fault] = proof.faults
  const what = fault === undefined ? '' : `: ${fault.operation} ${fault.shape} ${fault.detail}`.trimEnd()
  return `TensorFlow does not compute right on this processor under any setting that was tried${what}`
}

function engineFromEnvironment(): AskedBackend | undefined {
  const value = process.env['COTRAIN_ENGINE']
  if (value === undefined || value === '' || value === 'auto') return undefined
  if (value === 'gpu') return value
  const known = engineName.safeParse(value)
  if (known.success) return known.data
  const message = `expected native, gpu, webgpu, wasm, cpu or auto, got ${JSON.stringify(value)}.`
  throw new CotrainError({
    code: 'config-invalid',
    path: 'COTRAIN_ENGINE',
    message,
    hint: 'Change or unset the variable.',
  })
}

async function loadNative(info: NativeInfo, proof: EngineProof): Promise<Backend> {
  const { threads } = proof.key
  setVariables(proof.setting)
  process.env['TF_NUM_INTRAOP_THREADS'] = String(threads)
  try {
    native = { ...(await startNative(info)), threads, proof }
  } catch (error) {
    throw unavailable(error instanceof Error ? error.message : String(error), info.routes, error)
  }
  setRoutes(routesOf(proof))
  return asBackend(native, info)
}

/** The routes of the setting; where operations must repeat, those with which they were shown to. */
function routesOf({ setting, deterministic }: EngineProof): Routes {
  const more = numbersHere().deterministic ? (deterministic?.ownRoutes ?? []) : []
  return { ...setting, ownRoutes: [...new Set([...setting.ownRoutes, ...more])] }
}

/** The library reads its settings once: another number of threads needs another process. */
async function again(
  loaded: NonNullable<typeof native>,
  info: NativeInfo,
  threads?: number,
): Promise<Backend> {
  if (threads !== undefined && engineThreads(threads) !== loaded.threads)
    throw new CotrainError({
      code: 'engine-failed',
      path: 'threads',
      message: `the native engine runs in this process with ${loaded.threads} threads, ${threads} were asked for.`,
      hint: 'Start another process for another number of threads.',
    })
  await select('tensorflow')
  return asBackend(loaded, info)
}

function asBackend({ version, gpu, threads, proof }: NonNullable<typeof native>, info: NativeInfo): Backend {
  const how = settingText(proof.setting) === 'as it comes' ? '' : `, ${settingText(proof.setting)}`
  const reason = `TensorFlow ${version} found by the ${info.kind} route${how}; ${proofLine(proof)}`
  return { name: 'native', reason, tfVersion: version, gpu, threads, routes: info.routes, proof }
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
  return { name: 'wasm', reason, tfVersion: '', gpu: false, threads: 1, routes, proof: null }
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
    proof: null,
  }
}

async function select(name: string): Promise<void> {
  if (await selectBackend(name)) return
  throw unavailable(`TensorFlow.js could not start its ${name} backend`, [])
}

function noGpu({ version, kind }: NativeInfo): CotrainError {
  const message = `a GPU was asked for, and TensorFlow ${version} of the ${kind} route computes on the processor.`
  const hint =
    '`cotrain doctor` says why; COTRAIN_ENGINE=native, or "TensorFlow only" in the settings, computes without one.'
  return new CotrainError({ code: 'engine-unavailable', path: 'COTRAIN_ENGINE', message, hint })
}

function explain(missing: string, routes: readonly RouteAttempt[]): string {
  const failed = routes.filter((r) => r.outcome === 'failed').map((r) => `${r.route}: ${r.reason}`)
  return [missing, ...failed].join('; ')
}

function unavailable(missing: string, routes: readonly RouteAttempt[], cause?: unknown): CotrainError {
  const message = `The native TensorFlow engine is not available: ${explain(missing, routes)}.`
  const hint = 'Run `cotrain setup`, or use COTRAIN_ENGINE=wasm, which is slower.'
  return new CotrainError({ code: 'engine-unavailable', message, hint }, { cause })
}
