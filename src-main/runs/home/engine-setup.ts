import { resolve } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { DoctorReport, SetupPlan } from '../../../src-shared/contract/doctor.ts'
import type { EngineWish } from '../../../src-shared/contract/engine-wish.ts'
import { engineThreads } from '../../io/native/library/cpu.ts'
import { doctorReport } from '../../io/native/doctor.ts'
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
import type { SetupProgress, SetupWish } from './workspace.ts'

/** The home folder and what the settings say about the engine. */
export interface EnginePlace {
  readonly home: string
  /** Folder with a TensorFlow, '' for none. */
  readonly configured: string
  /** Threads within an operation, 0 for as many as there are cores. */
  readonly threads: number
  /** The card for a trial, by its UUID; null where there is none to choose. @throws CotrainError where all are busy */
  readonly device?: () => Promise<string | null>
}

type OnProgress = (progress: SetupProgress) => void

/** What runs on this machine and why; the timed product runs in a process of its own. `prove` proves the engine anew first. */
export async function doctor(
  { home, threads, device = anyDevice }: EnginePlace,
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
  return doctorReport({ home, appVersion, deep, threads: threadsOf(threads), device })
}

/** Sets the native engine up and proves it, or finds that both are done; what came of it is in the doctor's report. */
export async function setUpEngine(
  { home, configured, threads, device = anyDevice }: EnginePlace,
  { force, from, engine }: SetupWish,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<void> {
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
    if (signal?.aborted !== true) throw error
    const message = 'setting up the engine was stopped; the next attempt goes on there.'
    throw new CotrainError({ code: 'cancelled', message })
  })
  if (info.kind === 'none') {
    if (engine === 'gpu') throw noCard(info)
    return
  }
  const folder = engineFolder(home)
  // One that is kept needs no card; all may be busy.
  if (!force && (await keptProof(home, threadsOf(threads))) !== null) return
  await proveEngine({
    folder,
    info,
    threads: threadsOf(threads),
    device: await device(),
    again: force,
    onProgress: progress,
  })
}

const anyDevice = (): Promise<null> => Promise.resolve(null)

/** A card was asked for and nothing else will do; the engine that is there stays. */
const noCard = ({ why = '', routes }: NativeInfo): CotrainError =>
  new CotrainError({
    code: 'engine-unavailable',
    path: 'engine',
    message: `no engine for a card could be set up. ${why}. ${routes.map(({ route, reason }) => `${route}: ${reason}`).join('; ')}.`,
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
