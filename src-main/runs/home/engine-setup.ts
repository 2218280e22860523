import { resolve } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { DoctorReport, SetupPlan } from '../../../src-shared/contract/doctor.ts'
import type { EngineWish } from '../../../src-shared/contract/engine-wish.ts'
import { engineInUse } from '../../io/native/engine-in-use.ts'
import { engineThreads } from '../../io/native/library/cpu.ts'
import { doctorReport } from '../../io/native/doctor.ts'
import { trustedPlugins } from './plugins.ts'
import type { ProvisionProgress } from '../../io/native/library/library.ts'
import { nvidiaDevices } from '../../io/native/devices/nvidia.ts'
import type { NativeInfo } from '../../io/native/library/native-info.ts'
import {
  engineFolder,
  platformName,
  readNativeInfo,
  staleReason,
} from '../../io/native/library/native-info.ts'
import { chooseEngine } from '../../io/native/setup/engine-choice.ts'
import { provisionNative } from '../../io/native/setup/provision.ts'
import { setupPlan } from '../../io/native/setup/setup-plan.ts'
import type { GivenWheel } from '../../io/native/setup/given-wheel.ts'
import { acceptGiven } from '../../io/native/setup/given-wheel.ts'
import { keptProof, proveEngine } from '../../io/native/proof/prove-engine.ts'
import type { WebgpuTrying } from '../../io/native/webgpu/try-webgpu.ts'
import { tryWebgpu } from '../../io/native/webgpu/try-webgpu.ts'
import type { WebgpuRecord } from '../../io/native/webgpu/webgpu-record.ts'
import { readWebgpu } from '../../io/native/webgpu/webgpu-record.ts'
import type { SetupProgress, SetupWish } from './workspace.ts'

/** Milliseconds of a training step with an engine, see {@link WebgpuTrying}; null where none is done in time. */
export type TimeStep = (engine: 'webgpu' | 'native' | 'wasm', signal?: AbortSignal) => Promise<number | null>

/** The home folder and what the settings say about the engine. */
export interface EnginePlace {
  readonly home: string
  /** The engine that the settings ask for. */
  readonly engine?: string
  /** Folder with a TensorFlow, '' for none. */
  readonly configured: string
  /** Threads within an operation, 0 for as many as there are cores. */
  readonly threads: number
  /** The card for a trial, by its UUID; null where there is none to choose. @throws CotrainError where all are busy */
  readonly device?: () => Promise<string | null>
  /** Without it WebGPU is not tried. */
  readonly timeStep?: TimeStep
}

type OnProgress = (progress: SetupProgress) => void

/** What runs on this machine and why; the timed product runs in a process of its own. `prove` proves the engine anew first. */
export async function doctor(
  { home, engine, threads, device = anyDevice }: EnginePlace,
  appVersion: string,
  { deep, prove }: { readonly deep: boolean; readonly prove: boolean },
  onProgress: OnProgress,
): Promise<DoctorReport> {
  const folder = engineFolder(home)
  const info = prove ? await readNativeInfo(folder) : null
  if (info !== null && (await staleReason(info)) === null)
    await proveEngine({
      folder,
      info,
      threads: threadsOf(threads),
      device: await device(),
      again: true,
      onProgress: told(onProgress),
    })
  const report = await doctorReport({
    home,
    appVersion,
    deep,
    threads: threadsOf(threads),
    device,
    ...(engine && { engine }),
  })
  const plugins = trustedPlugins(home).map(
    (p) => `Plug-in, trusted: ${p.name} ${p.version} (${p.hash.slice(0, 10)})`,
  )
  return { ...report, text: [report.text, ...plugins].join('\n') }
}

/**
 * Sets the native engine up and proves it, or finds that both are done; where it computes on no card, or a person asks, WebGPU is
 * tried. What came of it is in the doctor's report. With the wish `webgpu` no library is looked for.
 * @throws CotrainError `engine-unavailable` where the engine that was asked for cannot be had
 */
export async function setUpEngine(
  place: EnginePlace,
  wish: SetupWish,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<void> {
  const { engine, webgpu: isTrial = false } = wish
  const progress = told(onProgress)
  const isAsked = isTrial || engine === 'webgpu'
  const info = engine === 'webgpu' || isTrial ? null : await setUpLibrary(place, wish, onProgress, signal)
  // Where a library computes on its card, or another engine is asked for anyway, only a change of mind is recorded.
  const isLibraryEnough =
    info?.gpu === true || OTHERS.has(process.env['COTRAIN_ENGINE'] ?? place.engine ?? '')
  if (
    !isAsked &&
    isLibraryEnough &&
    (engine === null || (await readWebgpu(engineFolder(place.home))) === null)
  )
    return
  const record = await tried(place, { wish: engine, usual: info?.wish ?? 'auto', isAsked }, progress, signal)
  if (record?.decision.isDefault === true) return
  if (engine === 'webgpu') throw noWebgpu(record)
  if (engine === 'gpu' && info?.kind === 'none') throw noCard(info, record)
}

/** Engines beside which a trial of WebGPU would decide nothing. */
const OTHERS: ReadonlySet<string> = new Set(['native', 'wasm', 'cpu', 'webgpu'])

/** The library as it is after looking for one; `none` where no way led to one. */
async function setUpLibrary(
  { home, configured, threads, device = anyDevice }: EnginePlace,
  { force, from, engine }: SetupWish,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<NativeInfo> {
  // Before any other way is tried: what a person gave is used or refused, never passed over.
  const given = from === null ? null : await accepted(home, resolve(from), engine)
  const progress = told(onProgress)
  if (given?.note) progress({ route: 'wheel', phase: 'looking', message: given.note })
  const info = await provisionNative({
    home,
    retry: force,
    ...(engine === null ? {} : { wish: engine }),
    ...(configured === '' ? {} : { configured }),
    ...(given === null ? {} : given.provision),
    ...(signal === undefined ? {} : { signal }),
    onProgress: progress,
  }).catch((error: unknown) => {
    throw signal?.aborted === true ? stopped() : error
  })
  if (info.kind === 'none') return info
  const folder = engineFolder(home)
  // One that is kept needs no card; all may be busy.
  if (!force && (await keptProof(home, threadsOf(threads))) !== null) return info
  await proveEngine({
    folder,
    info,
    threads: threadsOf(threads),
    device: await device(),
    again: force,
    onProgress: progress,
  })
  return info
}

/** What came of WebGPU; null where nothing times a step, or while a run takes the time that would be measured. */
async function tried(
  { home, threads, timeStep }: EnginePlace,
  how: Pick<WebgpuTrying, 'wish' | 'usual' | 'isAsked'>,
  onProgress: (progress: ProvisionProgress) => void,
  signal?: AbortSignal,
): Promise<WebgpuRecord | null> {
  if (timeStep === undefined) return null
  const { name } = await engineInUse({ home, asked: 'native', threads: threadsOf(threads) })
  const processor = name === 'native' ? 'native' : 'wasm'
  try {
    return await tryWebgpu({
      folder: engineFolder(home),
      ...how,
      timeStep: (engine, stop) => timeStep(engine === 'webgpu' ? engine : processor, stop),
      onProgress,
      ...(signal && { signal }),
    })
  } catch (error) {
    if (signal?.aborted === true) throw stopped()
    if (how.isAsked || !(error instanceof CotrainError && error.code === 'run-state')) throw error
    onProgress({
      route: 'webgpu',
      phase: 'waiting',
      message: `WebGPU is tried another time: ${error.message}`,
    })
    return null
  }
}

const stopped = (): CotrainError =>
  new CotrainError({
    code: 'cancelled',
    message: 'setting up the engine was stopped; the next attempt goes on there.',
  })

const noWebgpu = (record: WebgpuRecord | null): CotrainError =>
  new CotrainError({
    code: 'engine-unavailable',
    path: 'engine',
    message: `${record?.decision.why ?? 'WebGPU was not tried'}.`,
    hint: 'The engine that was there is kept. WebGPU needs the driver of a graphics card (on Linux also libvulkan1).',
  })

const anyDevice = (): Promise<null> => Promise.resolve(null)

/** A card was asked for and nothing else will do; the engine that is there stays. */
const noCard = ({ why = '', routes }: NativeInfo, webgpu: WebgpuRecord | null): CotrainError =>
  new CotrainError({
    code: 'engine-unavailable',
    path: 'engine',
    message: `no engine for a card could be set up. ${why}. ${[...routes.map(({ route, reason }) => `${route}: ${reason}`), ...(webgpu === null ? [] : [webgpu.decision.why])].join('; ')}.`,
    hint: 'The engine that was there is kept; "cotrain setup --engine auto" takes the processor where no card computes.',
  })

/** What a person gave, against what would be fetched for a wish; without one for that of the last set-up. */
async function accepted(home: string, from: string, asked: EngineWish | null): Promise<GivenWheel> {
  const wish = asked ?? (await readNativeInfo(engineFolder(home)))?.wish ?? 'auto'
  const choice = chooseEngine({ platform: platformName(), gpus: await nvidiaDevices() }, wish)
  return acceptGiven(from, choice, wish)
}

/** What {@link setUpEngine} will fetch; null where a library was chosen in the settings or the engine is there. */
export const planSetup = async ({ home, configured }: EnginePlace): Promise<SetupPlan | null> =>
  configured === '' ? setupPlan(home) : null

const threadsOf = (threads: number): number => engineThreads(threads === 0 ? undefined : threads)

const told =
  (onProgress: OnProgress) =>
  ({ route, phase, message, doneBytes, totalBytes }: ProvisionProgress): void =>
    onProgress({ route, phase, bytes: doneBytes ?? 0, totalBytes: totalBytes ?? null, text: message })
