import { mkdir } from 'node:fs/promises'
import type { Gpu } from '../../../../src-shared/contract/doctor.ts'
import type { EngineWish } from '../../../../src-shared/contract/engine-wish.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { byRoom, visibleDevices } from '../devices/compute-devices.ts'
import { nvidiaDevices } from '../devices/nvidia.ts'
import { join } from 'node:path'
import { ownAddon } from './own-addon.ts'
import { bindingDigest } from '../library/hold-signals.ts'
import type { FoundLibrary, ProvisionProgress, RouteContext } from '../library/library.ts'
import type { NativeInfo, NativeRoute, RouteAttempt } from '../library/native-info.ts'
import {
  engineFolder,
  platformName,
  readNativeInfo,
  recordFile,
  staleReason,
  tfjsVersion,
  writeNativeInfo,
} from '../library/native-info.ts'
import type { EngineChoice } from './engine-choice.ts'
import { chooseEngine } from './engine-choice.ts'
import { routeConfigured } from './route-configured.ts'
import { routeCuda } from './route-cuda.ts'
import { routeOfficial } from './route-official.ts'
import { pythonCandidates, routePython } from './route-python.ts'
import { routeWindowsCuda } from './route-windows-cuda.ts'
import { routeWheel } from './route-wheel.ts'
import { tryEngine } from '../library/try-engine.ts'
import { waitForLock } from '../../../disk/file-lock.ts'

export interface ProvisionOptions {
  readonly home?: string
  /** Folder with libtensorflow or an addon file, from the settings; COTRAIN_TENSORFLOW stands in for it. */
  readonly configured?: string
  /** A wheel of TensorFlow, or a folder with one, for machines without a network. */
  readonly from?: string
  readonly python?: string
  /** Which engine is wanted; what is there stays where nothing is said. */
  readonly wish?: EngineWish
  /** Routes to try, in order; those that fit the machine and the wish by default. */
  readonly routes?: readonly NativeRoute[]
  /** Which engine it is and why, where that is not what fits the machine. */
  readonly why?: string
  /** Try again although an earlier attempt found nothing. */
  readonly retry?: boolean
  readonly onProgress?: (progress: ProvisionProgress) => void
  readonly signal?: AbortSignal
}

const FIND: Readonly<Record<NativeRoute, (context: RouteContext) => Promise<FoundLibrary>>> = {
  configured: routeConfigured,
  python: routePython,
  cuda: routeCuda,
  cuda11: (context) => routeWindowsCuda(context),
  wheel: (context) => routeWheel(context),
  official: (context) => routeOfficial(context),
}
/** A machine that was offline yesterday may be online today. */
const RETRY_AFTER_MS = 24 * 3600_000

/**
 * Makes sure the native engine is there: returns the recorded library when it is still intact, else walks the routes
 * until one passes the smoke test. `kind: 'none'` with a reason per route when none does; never throws for that.
 */
export async function provisionNative(options: ProvisionOptions = {}): Promise<NativeInfo> {
  const folder = engineFolder(options.home)
  const known = await usable(folder, options)
  if (known) return known
  await mkdir(folder, { recursive: true })
  const lock = await waitForLock(join(folder, 'setup.lock'), {
    onWait: () =>
      options.onProgress?.({
        route: '',
        phase: 'waiting',
        message: 'Another process is setting up the engine',
      }),
    ...(options.signal && { signal: options.signal }),
  })
  try {
    const meanwhile = await usable(folder, options)
    if (meanwhile) return meanwhile
    const known = await readNativeInfo(folder)
    const info = await walkRoutes(folder, options, known)
    // A library that works is not given up for another that was asked for and was not to be had.
    const isKept = info.kind === 'none' && options.wish !== undefined && (await isIntact(known))
    if (!isKept) await writeNativeInfo(folder, info)
    return info
  } finally {
    lock.release()
  }
}

async function usable(folder: string, options: ProvisionOptions): Promise<NativeInfo | null> {
  const info = await readNativeInfo(folder)
  if (info === null) return null
  const wanted = options.configured ?? process.env['COTRAIN_TENSORFLOW']
  if (wanted && info.configured !== wanted) return null
  if (options.wish !== undefined && !fits(info, options.wish)) return null
  if ((await staleReason(info)) === null) return info
  const young = Date.now() - info.checkedAt < RETRY_AFTER_MS
  const same = info.tfjsVersion === tfjsVersion() && info.platform === platformName()
  const isAskedAgain = options.retry === true || options.from !== undefined || options.wish !== undefined
  return info.kind === 'none' && young && same && !isAskedAgain ? info : null
}

/** Whether the library that is there is what a person asks for now. */
const fits = ({ gpu, wish = 'auto' }: NativeInfo, asked: EngineWish): boolean =>
  asked === 'gpu' ? gpu : asked === wish

const isIntact = async (info: NativeInfo | null): Promise<boolean> =>
  info !== null && info.kind !== 'none' && (await staleReason(info)) === null

async function walkRoutes(
  folder: string,
  options: ProvisionOptions,
  known: NativeInfo | null,
): Promise<NativeInfo> {
  const configured = options.configured ?? process.env['COTRAIN_TENSORFLOW']
  const attempts: RouteAttempt[] = []
  // What was wished once holds when the library must be found anew; a card alone is asked for each time.
  const wish = options.wish ?? known?.wish ?? 'auto'
  const gpus = await nvidiaDevices()
  const choice = chooseEngine({ platform: platformName(), gpus }, wish)
  const base = {
    wish: wish === 'gpu' ? 'auto' : wish,
    why: options.why ?? choice.why,
    tfjsVersion: tfjsVersion(),
    binding: bindingDigest(),
    platform: platformName(),
    ...(configured ? { configured } : {}),
  }
  for (const route of options.routes ?? choice.routes) {
    options.signal?.throwIfAborted()
    if (route === 'configured' && !configured) {
      attempts.push({ route, outcome: 'skipped', reason: 'no folder is configured', seconds: 0 })
      continue
    }
    const started = performance.now()
    const seconds = (): number => Math.round((performance.now() - started) / 100) / 10
    const report: RouteContext['report'] = (progress) => options.onProgress?.({ ...progress, route })
    report({ phase: 'looking', message: `Looking for TensorFlow: ${route}` })
    try {
      const context: RouteContext = {
        folder,
        python: pythonCandidates(options.python),
        report,
        ...(configured ? { configured } : {}),
        ...(options.from ? { from: options.from } : {}),
        ...(options.signal ? { signal: options.signal } : {}),
      }
      const accepted = await accept(await FIND[route](context), context, gpus)
      mustCompute(accepted, { route, wish, choice })
      attempts.push({ route, outcome: 'used', reason: `TensorFlow ${accepted.version}`, seconds: seconds() })
      report({ phase: 'done', message: `TensorFlow ${accepted.version} is ready` })
      return { ...base, ...accepted, kind: route, routes: attempts, checkedAt: Date.now() }
    } catch (error) {
      if (options.signal?.aborted || isOfGiven(error, options.from)) throw error
      const reason = error instanceof Error ? error.message : String(error)
      attempts.push({ route, outcome: 'failed', reason, seconds: seconds() })
    }
  }
  const nothing = {
    version: '',
    libDir: '',
    addon: '',
    libraries: [],
    gpu: false,
    libraryPath: [],
    files: [],
    downloads: [],
  }
  return { ...base, ...nothing, kind: 'none', routes: attempts, checkedAt: Date.now() }
}

/** A file that a person has given and that is damaged is refused: another way would pass it over. */
const isOfGiven = (error: unknown, from: string | undefined): boolean =>
  from !== undefined &&
  error instanceof CotrainError &&
  error.problems.some(({ code, path = '' }) => code === 'file-invalid' && path.startsWith(from))

/**
 * On a machine whose card is to compute, a library for the processor is passed over: one that came along (Python), that was
 * fetched for the card, and any where a card was asked for. What a person has named is taken as it is, with a warning.
 */
function mustCompute(
  { gpu }: Accepted,
  { route, wish, choice }: { route: NativeRoute; wish: EngineWish; choice: EngineChoice },
): void {
  if (gpu || !choice.needsGpu) return
  if (wish !== 'gpu' && (route === 'configured' || route === 'wheel' || route === 'official')) return
  throw new Error('it runs, but opens no card: see the libraries that it looks for in "cotrain doctor"')
}

type Accepted = Pick<
  NativeInfo,
  'version' | 'libDir' | 'addon' | 'libraries' | 'gpu' | 'libraryPath' | 'files' | 'downloads'
>

/** Takes the app's own addon where the route brought none and lets a child process, on the card with the most room, prove that the pair works. */
async function accept(library: FoundLibrary, context: RouteContext, gpus: readonly Gpu[]): Promise<Accepted> {
  const addon = library.addon ?? (await ownAddon(library.includeDir, context))
  context.report({ phase: 'testing', message: 'Testing the library' })
  const { libDir, libraries, libraryPath, downloads } = library
  const [card] = visibleDevices(gpus, process.env['CUDA_VISIBLE_DEVICES']).devices.toSorted(byRoom)
  const device = card?.uuid ?? null
  const { version, gpu } = await tryEngine({ addon, libraries, libraryPath, device })
  const files = await Promise.all([...libraries, addon].map(recordFile))
  return { version, gpu, libDir, addon, libraries, libraryPath, files, downloads }
}
