/**
 * The product as a contender: its own training (`train`, as a worker consumes it) and evaluation, a round at a time.
 *
 *   node scripts/build.mjs --bench && node out/bench/ours.js '<job>'
 */
import { join } from 'node:path'
import { buildData } from '../../src-main/data/assemble/build-data.ts'
import { classify } from '../../src-main/engine/eval/classify.ts'
import { buildModel, countParameters, initialValues } from '../../src-main/engine/model/index.ts'
import { createParamStore, createReplayer, setConvPrecision } from '../../src-main/engine/tensor/index.ts'
import type { Model } from '../../src-main/engine/types.ts'
import { createCorruptionPool } from '../../src-main/io/corruption-workers/corruption-pool.ts'
import { loadBackend } from '../../src-main/io/native/load-backend.ts'
import type { BenchNetwork } from '../../src-main/runs/bench/bench-network.ts'
import { madeUpLoader } from '../../src-main/runs/bench/made-up-data.ts'
import { engineName } from '../../src-shared/contract/engine-name.ts'
import { COMMON_CORRUPTIONS } from '../../src-shared/schema/dataset/corruptions.ts'
import { createRng } from '../../src-shared/util/rng.ts'
import { fromFiles, networkOf } from './cases.ts'
import type { Job, Round } from './contender.ts'
import { job as jobSchema, serve } from './contender.ts'
import { grownNetwork } from './grown.ts'
import { FILES, texturedImage, writeJpegFiles } from './jpeg-files.ts'
import type { Work } from './our-training.ts'
import { checkedLosses, oneEpoch, trainingSteps } from './our-training.ts'
import { writePlan } from './plan.ts'
import { timeLibrary } from './time-library.ts'

/** At least so many steps, and so long: the compiler of Node needs some seconds to know what a small step does again and again. */
const WARM_UP = { steps: 5, seconds: 6 }
/** More batches than are ever asked for. */
const ENDLESS = 1_000_000
const CORRUPTED = 32
const SIDE = 64

/** Batches of an evaluation as after training: running statistics, scores read after each batch. */
function evaluatedBatches({ config, passes, shapes }: BenchNetwork, model: Model): Work {
  const rng = createRng(1)
  const store = createParamStore(initialValues(model.specs, rng.fork('init')))
  const [pass] = passes
  if (pass === undefined) throw new RangeError('an evaluation needs images')
  const loader = madeUpLoader(pass.task, pass, ENDLESS, shapes, rng)
  setConvPrecision(config.trainer.fn === 'cotrainer' ? config.trainer.config.precision : 'float32')
  const scoring = classify({ model, params: store.tensors, replayer: createReplayer() }, loader, rng)
  return async (count) => {
    for (let done = 0; done < count; done++) await scoring.next()
  }
}

/** Opens the files and trains on each once; a thread beside those of the engine reads them, as by default. */
function epochsOfFiles({ folder, format }: Job): Work {
  const network = fromFiles(format, join(folder, 'jpeg'), 1)
  return async (count) => {
    for (let done = 0; done < count; done++) {
      const deps = {
        home: join(folder, 'home'),
        folder,
        now: () => performance.now(),
        date: () => new Date(),
      }
      const built = await buildData(network.config.dataset, 1, deps)
      try {
        const { size } = [...(built.data.train.img_classification?.values() ?? [])][0] ?? { size: 0 }
        if (size !== FILES.trained) throw new Error(`${size} files are trained on, not ${FILES.trained}`)
        const model = buildModel(network.config.model, built.shapes)
        await oneEpoch(network, model, built.data, { readEachBatch: true })
      } finally {
        built.dispose()
      }
    }
  }
}

/** Every common corruption in each severity of some images. */
function corruptedImages(threads: number): Work {
  const pool = createCorruptionPool({ threads })
  const images = Uint8Array.from(
    Array.from({ length: CORRUPTED }, (_, i) => [...texturedImage(i, SIDE)]).flat(),
  )
  const indices = Int32Array.from({ length: CORRUPTED }, (_, i) => i)
  return async (count) => {
    for (let done = 0; done < count; done++)
      for (const name of COMMON_CORRUPTIONS)
        for (const severity of [1, 2, 3, 4, 5]) {
          const size = { width: SIDE, height: SIDE, channels: 3 } as const
          await pool.corrupt({ ...size, images, indices, name, severity, constants: 'ic', seed: 1 })
        }
  }
}

async function timed(work: () => Promise<void>): Promise<Round> {
  const library = timeLibrary()
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  await work()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return {
    seconds,
    cpu: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024, // kibibytes on every system that Node runs on
    ...library.stop(),
  }
}

function workOf(given: Job, model: Model): Work {
  const { kind } = given
  if (kind === 'epoch') return epochsOfFiles(given)
  const network = networkFor(given, false)
  return kind === 'evaluate' ? evaluatedBatches(network, model) : trainingSteps(network, model)
}

/** That of a case, or of a place on an axis of growth. */
const networkFor = (given: Job, isCheck: boolean): BenchNetwork =>
  grownNetwork(given.case) ?? networkOf(given.case, given.format, isCheck)

async function warmUp(work: Work, least: number): Promise<void> {
  const until = performance.now() + 1000 * WARM_UP.seconds
  await work(least)
  while (performance.now() < until) await work(1)
}

async function contend(given: Job): Promise<void> {
  const { kind } = given
  const versions = { node: process.versions.node }
  if (kind === 'corruptions') {
    const work = corruptedImages(given.threads)
    await work(1)
    return serve({ versions, setting: 'threads of their own' }, () => timed(() => work(given.steps)))
  }
  const isCheck = given.mode === 'check'
  const backend = await loadBackend({
    engine: engineName.parse(given.engine),
    ...(given.engine === 'native' && { threads: given.threads }),
  })
  const network = networkFor(given, isCheck)
  const model = buildModel(network.config.model, network.shapes)
  const first = {
    versions: { ...versions, 'TensorFlow of CoTrain': backend.tfVersion || 'wasm' },
    setting: given.engine === 'native' ? 'as a run has it' : 'one thread',
    parameters: countParameters(model.specs).values,
  }
  if (isCheck) {
    await writePlan(given.folder, networkOf(given.case, given.format, false), model)
    if (kind === 'epoch') await writeJpegFiles(join(given.folder, 'jpeg'))
    return serve({ ...first, losses: await checkedLosses(network, model) }, () =>
      Promise.reject(new Error('a check has no rounds')),
    )
  }
  const work = workOf(given, model)
  await warmUp(work, kind === 'epoch' ? 1 : WARM_UP.steps)
  await serve(first, () => timed(() => work(given.steps)))
}

await contend(jobSchema.parse(JSON.parse(process.argv[2] ?? '{}')))
process.exit(0)
