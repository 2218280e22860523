import { createRng } from '../../../src-shared/util/rng.ts'
import { classify } from '../../engine/eval/classify.ts'
import { buildModel, initialValues } from '../../engine/model/index.ts'
import { createParamStore, createReplayer, setConvPrecision } from '../../engine/tensor/index.ts'
import { stepWatch, timeSteps } from '../../engine/train/index.ts'
import { visibleDevices } from '../../io/native/devices/compute-devices.ts'
import { nvidiaDevices } from '../../io/native/devices/nvidia.ts'
import { vectorFeatures } from '../../io/native/library/cpu.ts'
import { cotrainHome } from '../../disk/home.ts'
import { engineLoaded } from '../workers/engine-here.ts'
import { refuseWhatIsOff } from '../workers/engine-limits.ts'
import type { BackendFacts, EngineParts } from '../workers/engine-parts.ts'
import type { BenchEngine, BenchFigures, BenchJob } from './bench-job.ts'
import { benchJob, ENGINE_FACTS } from './bench-job.ts'
import type { BenchNetwork } from './bench-network.ts'
import { coreNetwork, cotrainingNetwork, operationsOf, quicklyDrawn } from './bench-network.ts'
import { timeLoader } from './loader-speed.ts'
import { madeUpData, madeUpLoader } from './made-up-data.ts'

/** An evaluation and a loader take so many times the batch of a step at once. */
const LARGE = 4
const SEED = 1
/** On a fast card the first seconds are enough of a sample. */
const MOST_STEPS = 200
/** The first pass takes the memory; all that follow are alike. */
const WARM_UP = 1
const LEAST = 3

type Measured = Omit<BenchFigures, 'engine' | 'peakBytes'>

/**
 * In a worker process: takes one measurement on data made in memory, or says what would compute it ({@link ENGINE_FACTS}).
 * @throws CotrainError `config-invalid` for a format that the engine does not offer, `engine-unavailable` without the engine asked for
 */
export async function benchHere(
  request: unknown,
  folder: string,
  { loadBackend }: Pick<EngineParts, 'loadBackend'>,
): Promise<BenchFigures | BenchEngine> {
  const backend = await loadBackend()
  const engine = await engineOf(backend)
  if (request === ENGINE_FACTS) return engine
  const job = benchJob.parse(request)
  const measured = await measure(job, folder, backend)
  // Kibibytes on every system that Node runs on.
  return { ...measured, engine, peakBytes: process.resourceUsage().maxRSS * 1024 }
}

async function measure(job: BenchJob, folder: string, backend: BackendFacts): Promise<Measured> {
  if (job.kind === 'loader') {
    const images = LARGE * job.batch
    const { threads, enoughSeconds } = job
    const deps = { home: cotrainHome(), folder, now: clock, date: () => new Date() }
    const seconds = await timeLoader({ batchSize: images, threads, enoughSeconds }, deps)
    return { images, seconds: [...seconds], operations: null }
  }
  const network = job.kind === 'SE core' ? coreNetwork(job) : cotrainingNetwork(job)
  refuseWhatIsOff(network.config, engineLoaded(backend))
  return job.kind === 'evaluation' ? timeEvaluation(network, job) : timeTraining(network, job)
}

async function timeTraining(network: BenchNetwork, { enoughSeconds }: BenchJob): Promise<Measured> {
  const { config, shapes, passes } = network
  const model = quicklyDrawn(buildModel(config.model, shapes))
  const { seconds } = await timeSteps(
    {
      data: madeUpData(network),
      model,
      trainer: config.trainer,
      seed: SEED,
      start: null,
      checkpoint: null,
      now: clock,
      stopRequest: () => 'no',
    },
    MOST_STEPS,
    enoughSeconds,
  )
  const images = passes.reduce((sum, pass) => sum + pass.images, 0)
  return { images, seconds: [...seconds], operations: operationsOf(model.layers, passes, true) }
}

/** Classification as after training: running statistics, scores read after each batch. */
async function timeEvaluation(
  { config, shapes }: BenchNetwork,
  { batch, enoughSeconds }: BenchJob,
): Promise<Measured> {
  const rng = createRng(SEED)
  const model = quicklyDrawn(buildModel(config.model, shapes))
  const store = createParamStore(initialValues(model.specs, rng.fork('init')))
  const pass = { task: 'img_classification', images: LARGE * batch } as const
  const loader = madeUpLoader('img_classification', pass, MOST_STEPS, shapes, rng)
  const { trainer } = config
  setConvPrecision(trainer.fn === 'cotrainer' ? trainer.config.precision : 'float32')
  const watch = stepWatch({ now: clock, untimed: WARM_UP, least: LEAST, most: MOST_STEPS, enoughSeconds })
  const replayer = createReplayer()
  try {
    const scoring = classify({ model, params: store.tensors, replayer }, loader, rng)
    for (let next = await scoring.next(); next.done !== true; next = await scoring.next())
      if (watch.step()) break
  } finally {
    setConvPrecision('float32')
    replayer.dispose()
    store.dispose()
  }
  return {
    images: pass.images,
    seconds: watch.seconds(),
    operations: operationsOf(model.layers, [pass], false),
  }
}

const clock = (): number => performance.now()

async function engineOf(backend: BackendFacts): Promise<BenchEngine> {
  const { name, reason, tfVersion, threads, gpu, proof } = backend
  const off = (proof?.off ?? []).map((part) => [part.what, part.reason] as const)
  return {
    name,
    reason,
    tensorflow: tfVersion === '' ? null : tfVersion,
    threads,
    gpu,
    card: gpu ? await visibleCard() : null,
    off: Object.fromEntries(off),
    slow: slowFormats(backend),
  }
}

/** Formats that this processor computes by way of float32: right, and no faster. */
function slowFormats({ name, gpu, proof }: BackendFacts): BenchEngine['slow'] {
  if (name !== 'native' || gpu) return {}
  if (proof?.setting.bfloat16Sums === 'float32') return { bfloat16: 'added up in float32, not faster here' }
  const features = vectorFeatures()
  const isEmulated = features.includes('avx') && !features.some((one) => /bf16$/.test(one))
  return isEmulated ? { bfloat16: 'this processor emulates it' } : {}
}

/** The first card, or part of one, that this process sees. */
async function visibleCard(): Promise<BenchEngine['card']> {
  const cards = await nvidiaDevices()
  const [device] = visibleDevices(cards, process.env['CUDA_VISIBLE_DEVICES']).devices
  const found = cards.find((card) => [card, ...card.instances].some(({ uuid }) => uuid === device?.uuid))
  if (found === undefined) return null
  const { name, driver, computeCapability, isPartitioned } = found
  return { name, driver, computeCapability, isPartitioned }
}
