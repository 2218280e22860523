import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  EngineProof,
  EngineProofKey,
  EngineSetting,
} from '../../../../src-shared/contract/engine-proof.ts'
import { proofLine } from '../../../../src-shared/contract/engine-proof.ts'
import { LIBRARY, OWN_ROUTES } from '../../../engine/tensor/base/routes.ts'
import type { FoundSetting } from './find-setting.ts'
import { findSetting, isBlocking } from './find-setting.ts'
import type { ProvisionProgress } from '../library/library.ts'
import { engineThreads } from '../library/cpu.ts'
import type { Numbers } from '../library/engine-environment.ts'
import { PLAIN_NUMBERS } from '../library/engine-environment.ts'
import type { NativeInfo } from '../library/native-info.ts'
import { engineFolder, readNativeInfo, staleReason } from '../library/native-info.ts'
import { proofKey, readProof, writeProof } from './proof-store.ts'
import type { ProveNumbers } from './prove-numbers.ts'
import { faultOfTf32, findDeterministic } from './prove-numbers.ts'
import type { FoundFault } from './run-proof.ts'
import { runProof } from './run-proof.ts'
import { environmentsToTry } from './settings-to-try.ts'
import { errorCode } from '../../../disk/error-code.ts'
import { waitForLock } from '../../../disk/file-lock.ts'

export interface ProveOptions {
  readonly folder: string
  readonly info: NativeInfo
  readonly threads: number
  /** The card to prove on; absent: those that this process sees. */
  readonly device?: string | null
  /** Cases to prove, by their place in the list; all when absent. */
  readonly cases?: readonly number[]
  /** Make it anew although one is kept. */
  readonly again?: boolean
  readonly onProgress?: (progress: ProvisionProgress) => void
  readonly signal?: AbortSignal
  /** Longest silence of a child before it counts as hung; see {@link runProof}. */
  readonly patienceMs?: number
}

/** Faults that are kept by name; the counts tell how many there were. */
const KEPT_FAULTS = 40

/**
 * What the native engine can do on this machine: the proof that is kept for library, processor, driver and threads, or a
 * new one, made in child processes under one setting after another until all numbers are right. Two processes that ask
 * at the same time make one proof. `usable` is false where no setting helps; never throws for that.
 */
export async function proveEngine(options: ProveOptions): Promise<EngineProof> {
  const key = await proofKey(options.info, options.threads)
  return keptOrMade(options, key, () => makeProof(options, key))
}

/** The proof that is kept for a key, or the one that `make` makes, which is then kept. */
export async function keptOrMade(
  options: Pick<ProveOptions, 'folder' | 'again' | 'onProgress' | 'signal'>,
  key: EngineProofKey,
  make: () => Promise<EngineProof>,
): Promise<EngineProof> {
  const { folder, again = false } = options
  const kept = again ? null : await readProof(folder, key)
  if (kept !== null) return kept
  const release = await takeLock(options)
  try {
    const meanwhile = again ? null : await readProof(folder, key)
    if (meanwhile !== null) return meanwhile
    const proof = await make()
    options.onProgress?.({ route: '', phase: 'proving', message: proofLine(proof) })
    if (!isDoubtful(proof)) await writeProof(folder, proof).catch(unlessReadOnly)
    return proof
  } finally {
    release()
  }
}

/** What is at fault where nothing could be tried. */
const START = 'start'

/**
 * A machine under load can keep a child silent too, and one without memory keep it from starting: a library is not given up for good
 * because of that.
 */
const isDoubtful = ({ usable, faults }: EngineProof): boolean =>
  !usable && faults.some(({ kind, operation }) => kind === 'hung' || operation === START)

/** The proof that is kept for this machine, library and number of threads; null where none was made. Starts nothing. */
export async function keptProof(home: string, threads?: number): Promise<EngineProof | null> {
  const folder = engineFolder(home)
  const info = await readNativeInfo(folder)
  if (info === null || (await staleReason(info)) !== null) return null
  return readProof(folder, await proofKey(info, engineThreads(threads)))
}

async function makeProof(options: ProveOptions, key: EngineProofKey): Promise<EngineProof> {
  const began = performance.now()
  const prove = proverOf(options)
  try {
    const found = await findSetting({
      environments: environmentsToTry(key.asked),
      ownRoutes: OWN_ROUTES,
      prove: (setting, only) => prove(setting, PLAIN_NUMBERS, only),
    })
    const proof = proofOf(found, key)
    const apart = await provedApart(prove, found, options.info.gpu)
    const off = [...proof.off, ...apart.off]
    return { ...proof, ...apart, off, ms: performance.now() - began, at: Date.now() }
  } catch (error) {
    if (options.signal?.aborted) throw error
    const detail = error instanceof Error ? error.message : String(error)
    const fault = { operation: START, dtype: '', shape: '', kind: 'died', error: null, detail } as const
    return { ...nothing(key), faults: [fault], ms: performance.now() - began, at: Date.now() }
  }
}

function proverOf(options: ProveOptions): ProveNumbers {
  const { info, threads, device = null, cases, signal, patienceMs, onProgress } = options
  return (setting, numbers, only = cases) =>
    runProof({
      info,
      setting,
      numbers,
      threads,
      device,
      ...(only === undefined ? {} : { only }),
      ...(signal === undefined ? {} : { signal }),
      ...(patienceMs === undefined ? {} : { patienceMs }),
      onProgress: (done, total) =>
        onProgress?.({
          route: '',
          phase: 'proving',
          message: `operations on this ${info.gpu ? 'card' : 'processor'}${inWords(numbers)}: ${done} of ${total}`,
        }),
    })
}

const inWords = ({ tf32, deterministic }: Numbers): string =>
  tf32 ? ' in tf32' : deterministic ? ' with repeats that must be equal' : ''

/** What runs may ask for beside float32 as it comes: TensorFloat-32 of a card, and repeats that are equal bit for bit. */
async function provedApart(
  prove: ProveNumbers,
  { setting, outcome }: FoundSetting,
  gpu: boolean,
): Promise<Pick<EngineProof, 'off' | 'deterministic'>> {
  if (setting === null) return { off: [] }
  const isReduced = ({ dtype }: FoundFault): boolean => dtype === 'bfloat16'
  const varying = outcome.faults.filter((fault) => !isReduced(fault) && fault.kind === 'varies')
  const tf32 = gpu ? await faultOfTf32(prove, setting) : null
  const off: EngineProof['off'] = tf32 === null ? [] : [{ what: 'tf32', reason: reasonOf(tf32, 'tf32') }]
  if (!gpu && varying.length === 0) return { off }
  const bfloat16 = !outcome.faults.some(isReduced)
  const { proof, fault } = await findDeterministic({
    ...{ prove, setting, gpu, varying, bfloat16 },
    ownRoutes: OWN_ROUTES,
  })
  if (fault !== null) off.push({ what: 'deterministic', reason: reasonOf(fault) })
  return { off, deterministic: proof }
}

export const AS_IT_COMES: EngineSetting = { env: {}, ...LIBRARY, ownRoutes: [] }

type Result = Omit<EngineProof, 'ms' | 'at'>

function nothing(key: EngineProofKey): Result {
  return {
    key,
    checked: 0,
    right: 0,
    repeatable: false,
    usable: false,
    setting: AS_IT_COMES,
    off: [],
    faults: [],
    tried: [],
  }
}

export function proofOf({ setting, outcome, first, tried }: FoundSetting, key: EngineProofKey): Result {
  const reduced = outcome.faults.filter(({ dtype }) => dtype === 'bfloat16')
  const varying = outcome.faults.filter(({ dtype, kind }) => dtype !== 'bfloat16' && kind === 'varies')
  const checked = outcome.checked - reduced.length
  const faults = [...first, ...outcome.faults.filter((fault) => !first.includes(fault))]
  return {
    key,
    checked,
    right: checked - outcome.faults.filter(isBlocking).length,
    repeatable: varying.length === 0,
    varying: [...new Set(varying.map(({ operation }) => operation))],
    usable: setting !== null,
    setting: setting ?? AS_IT_COMES,
    off: [
      ...(reduced[0] === undefined ? [] : [{ what: 'bfloat16' as const, reason: reasonOf(reduced[0]) }]),
      ...(varying[0] === undefined ? [] : [{ what: 'repeatability' as const, reason: reasonOf(varying[0]) }]),
    ],
    faults: faults.slice(0, KEPT_FAULTS).map(({ index: _, ...fault }) => fault),
    tried: [...tried],
  }
}

const VERBS = { wrong: 'is wrong', varies: 'differs between repeats', died: 'ends the process', hung: 'hangs', refused: 'is refused' } // prettier-ignore

/** `Conv2DBackpropFilter in bfloat16 is wrong at x [15,9,9,1], ... (value 6 of 9 is -18.9, right is -19.8)`. */
function reasonOf(
  { operation, dtype, shape, kind, detail }: Omit<FoundFault, 'index'>,
  format = dtype,
): string {
  return `${operation} in ${format} ${VERBS[kind]} at ${shape}${detail === '' ? '' : ` (${detail})`}`
}

async function takeLock({
  folder,
  onProgress,
  signal,
}: Pick<ProveOptions, 'folder' | 'onProgress' | 'signal'>): Promise<() => void> {
  const onWait = (): void =>
    onProgress?.({ route: '', phase: 'waiting', message: 'Another process is proving the engine' })
  try {
    await mkdir(folder, { recursive: true })
    const lock = await waitForLock(join(folder, 'proving.lock'), { onWait, ...(signal && { signal }) })
    return lock.release
  } catch (error) {
    unlessReadOnly(error)
    return () => undefined
  }
}

/** On a folder that cannot be written the proof holds for this process alone. */
function unlessReadOnly(error: unknown): void {
  const code = errorCode(error) ?? ''
  if (!['EROFS', 'EACCES', 'EPERM', 'ENOSPC', 'disk-full'].includes(code)) throw error
}
