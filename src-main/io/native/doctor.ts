import { mkdir, statfs } from 'node:fs/promises'
import { arch, cpus, freemem, homedir, hostname, platform, release, totalmem, userInfo } from 'node:os'
import type { DoctorReport, EngineRoute, Gpu } from '../../../src-shared/contract/doctor.ts'
import type { Adapter } from '../../../src-shared/contract/adapter.ts'
import { adapterUse } from '../../../src-shared/contract/adapter.ts'
import type { EngineProof } from '../../../src-shared/contract/engine-proof.ts'
import { proofLine, reducedText, repeatsText } from '../../../src-shared/contract/engine-proof.ts'
import { scrubbed } from '../../../src-shared/util/scrub-report.ts'
import { cotrainHome } from '../../disk/home.ts'
import { graphicsAdapters } from './devices/adapters.ts'
import { nvidiaDevices } from './devices/nvidia.ts'
import { keptProof } from './proof/prove-engine.ts'
import { chooseEngine } from './setup/engine-choice.ts'
import { unusedGpu } from './devices/unused-gpu.ts'
import { engineThreads, physicalCores, vectorFeatures } from './library/cpu.ts'
import { gpuLibraries } from './library/gpu-libraries.ts'
import type { WebgpuRecord } from './webgpu/webgpu-record.ts'
import { engineInUse } from './engine-in-use.ts'
import { findBackend } from './find-backend.ts'
import type { NativeInfo } from './library/native-info.ts'
import { damagedFiles, ROUTES, tfjsVersion, platformName } from './library/native-info.ts'

export interface DoctorOptions {
  readonly appVersion: string
  readonly home?: string
  /** The engine that the settings ask for; COTRAIN_ENGINE has the last word. */
  readonly engine?: string
  /** Also compare every file of the native engine with its recorded SHA-256. */
  readonly deep?: boolean
  /** Threads within an operation, as a run would use them. */
  readonly threads?: number
  /** The card for the timed product, by its UUID; null where there is none to choose. @throws Error where all are busy */
  readonly device?: () => Promise<string | null>
}

const noDevice = (): Promise<null> => Promise.resolve(null)

/** Room that setting up takes at its peak: wheel, unpacked library and addon. */
const SETUP_BYTES = 1.5e9
const LOW_MEMORY_BYTES = 4e9
const SHOWN_FAULTS = 12

/** Facts about this machine and about the engine that a run started now would use, proved by a timed matrix product. */
export async function doctorReport(options: DoctorOptions): Promise<DoctorReport> {
  const home = options.home ?? cotrainHome()
  const advice: string[] = []
  const threads = engineThreads(options.threads)
  const use = await engineInUse({
    home,
    asked: process.env['COTRAIN_ENGINE'] ?? options.engine ?? '',
    threads,
  })
  const { info, webgpu } = use
  // That of the library stands here also where another engine was asked for.
  const proof = use.name === 'webgpu' ? use.proof : await keptProof(home, threads)
  const backend = await findBackend(use, { threads, device: options.device ?? noDevice }, advice)
  if (options.deep && info !== null) {
    const damaged = await damagedFiles(info)
    if (damaged.length > 0)
      advice.push(`Damaged: ${damaged.join(', ')}. Delete the engine folder and run setup again.`)
  }
  const { tensorflow, ...rest } = backend
  const libraries =
    info === null || backend.name !== 'native' || (process.platform === 'win32' && info.kind !== 'cuda11')
      ? null
      : gpuLibraries(info.version, [...info.libraryPath, info.libDir])
  const [gpus, named] = await Promise.all([nvidiaDevices(), graphicsAdapters()])
  const adapters = named.filter(({ vendor }) => vendor !== 'NVIDIA' || gpus.length === 0)
  const choice = chooseEngine({ platform: platformName(), gpus, webgpu: webgpu?.trial ?? null }, 'auto')
  const facts = {
    versions: {
      app: options.appVersion,
      node: process.versions.node,
      electron: process.versions['electron'] ?? null,
      tensorflow,
      tfjs: tfjsVersion(),
    },
    machine: await machineFacts(home),
    backend: rest,
    ...(libraries === null ? {} : { libraries }),
    gpus,
    adapters,
    unusedGpu: unusedGpu({
      gpus,
      backend,
      libraries: libraries ?? [],
      route: info?.kind ?? '',
      platform: platformName(),
      choice,
    }),
    cardIsServed: choice.needsGpu,
    webgpu: webgpu && webgpuFacts(webgpu),
    ...(backend.name !== 'webgpu' && (info === null || info.kind === 'none') ? {} : { proof }),
    routes: routesOf(info),
    advice,
  }
  adviseOnRoom(facts.machine, info, advice)
  return { ...facts, ...scrubbed(asText(facts), { home: homedir(), user: userName(), host: hostname() }) }
}

const webgpuFacts = ({ adapter, proof, decision, at }: WebgpuRecord): DoctorReport['webgpu'] => ({
  adapter: adapter?.name ?? null,
  proof,
  ...decision,
  at,
})

type Facts = Omit<DoctorReport, 'text'>
function routesOf(info: NativeInfo | null): EngineRoute[] {
  const attempts = ROUTES.map((route): EngineRoute => {
    const attempt = info?.routes.find((r) => r.route === route)
    if (attempt === undefined)
      return { route, tried: false, ok: false, reason: info === null ? 'not tried yet' : 'not needed' }
    return {
      route,
      tried: attempt.outcome !== 'skipped',
      ok: attempt.outcome === 'used',
      reason: attempt.reason,
    }
  })
  return [...attempts, { route: 'embedded', tried: true, ok: true, reason: 'comes with the app' }]
}

async function machineFacts(home: string): Promise<Facts['machine']> {
  await mkdir(home, { recursive: true })
  const disk = await statfs(home)
  return {
    os: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: physicalCores(),
    features: [...vectorFeatures()],
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    diskFreeBytes: disk.bavail * disk.bsize,
  }
}

function adviseOnRoom(machine: Facts['machine'], info: NativeInfo | null, advice: string[]): void {
  if ((info === null || info.kind === 'none') && machine.diskFreeBytes < SETUP_BYTES)
    advice.push(`Setting up the native engine needs ${gigabytes(SETUP_BYTES)} of free disk space.`)
  if (machine.memoryBytes < LOW_MEMORY_BYTES)
    advice.push('With this little memory choose small batches and images.')
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

function gpuLine({ name, memoryBytes, driver, computeCapability, isPartitioned, instances }: Gpu): string {
  const facts = [
    memoryBytes === null ? '' : gigabytes(memoryBytes),
    driver === '' ? '' : `driver ${driver}`,
    computeCapability === null ? '' : `compute capability ${computeCapability}`,
    isPartitioned ? dividedInto(instances) : '',
  ]
  return `Card: ${[name, ...facts.filter((fact) => fact !== '')].join(', ')}`
}

function adapterLine(adapter: Adapter): string {
  const { name, memoryBytes } = adapter
  const memory = memoryBytes === null ? '' : `, ${gigabytes(memoryBytes)}`
  return `Also here: ${name}${memory} (${adapterUse(adapter)})`
}

const dividedInto = (instances: Gpu['instances']): string =>
  instances.length === 0
    ? 'divided (MIG), no instance is told'
    : `divided (MIG) into ${instances.map(({ name }) => name).join(', ')}`

function asText({
  versions,
  machine,
  backend,
  proof,
  gpus,
  adapters,
  unusedGpu: unused,
  webgpu,
  libraries = [],
  routes,
  advice,
}: Facts): string {
  const speed = backend.matmulMs === null ? '' : `, 1024 x 1024 matrix product in ${backend.matmulMs} ms`
  const mark = (r: EngineRoute): string => (r.ok ? 'ok' : r.tried ? 'failed' : 'not tried')
  return [
    `CoTrain ${versions.app}, Node ${versions.node}, Electron ${versions.electron ?? 'none'}`,
    `TensorFlow ${versions.tensorflow ?? 'none'}, TensorFlow.js ${versions.tfjs}`,
    `Machine: ${machine.os}, ${machine.cpu}, ${machine.cores} cores (${machine.features.join(' ') || 'features unknown'})`,
    `Memory ${gigabytes(machine.memoryBytes)} (${gigabytes(machine.freeMemoryBytes)} free), disk ${gigabytes(machine.diskFreeBytes)} free`,
    `Backend: ${backend.name} on ${backend.device}, ${backend.threads} threads${speed}`,
    `Why: ${backend.reason}`,
    `GPU: ${backend.gpu ? 'yes' : 'no'}`,
    ...gpus.map(gpuLine),
    ...adapters.map(adapterLine),
    ...(webgpu === null
      ? []
      : [`${webgpu.why}${webgpu.adapter === null || webgpu.proof === '' ? '' : ` (${webgpu.proof})`}`]),
    ...(unused === null ? [] : [`Warning: ${unused}`]),
    ...proofText(proof),
    ...libraries.map((l) => `GPU library ${l.name} (${l.file}): ${l.path ?? 'missing'}`),
    ...routes.map((r) => `Route ${r.route}: ${mark(r)} (${r.reason})`),
    ...advice.map((a) => `Advice: ${a}`),
  ].join('\n')
}

/** How bfloat16 and repeats are computed, where that is not as usual. */
function numbersLines(proof: EngineProof): readonly string[] {
  const [reduced, repeats] = [reducedText(proof.setting), repeatsText(proof)]
  return [
    ...(reduced === null ? [] : [`bfloat16: ${reduced}`]),
    ...(repeats === null ? [] : [`deterministic: ${repeats}`]),
  ]
}

/** The proof, what it switched off, what was tried and the first faults. */
function proofText(proof: Facts['proof']): readonly string[] {
  if (proof === undefined) return []
  if (proof === null)
    return ['Proof: not made yet for this machine (it is at set-up and before the first run)']
  return [
    `Proof: ${proofLine(proof)}; ${proof.key.threads} threads, ${(proof.ms / 1000).toFixed(1)} s`,
    ...numbersLines(proof),
    ...proof.off.map(({ what, reason }) => `Switched off: ${what} (${reason})`),
    ...(proof.tried.length > 1
      ? proof.tried.map(({ setting, checked, right }) => `Tried: ${setting}, ${right} of ${checked} right`)
      : []),
    ...proof.faults
      .slice(0, SHOWN_FAULTS)
      .map((f) => `Fault: ${f.operation} ${f.dtype} ${f.kind} at ${f.shape} ${f.detail}`.trimEnd()),
  ]
}

/** Null where the system does not know who runs this: in containers a user may be a number alone. */
function userName(): string | null {
  try {
    return userInfo().username
  } catch {
    return null
  }
}
