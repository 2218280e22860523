/**
 * What data loading costs a training step: seconds per step with the real loader over seconds with one batch repeated.
 *
 *   node --import tsx bench/loader.ts [--set MNIST|TinyImageNet] [--data <folder of the set>] [--engine native|wasm]
 *                                     [--threads 2] [--workers 1] [--batch 64] [--steps 20] [--width 0.5]
 *                                     [--plain] [--distort]
 *
 * Images are shifted, mirrored, turned and noisy unless --plain; --distort adds random corruptions. The two loaders take
 * turns, so that a busy machine harms both. Prints one line of JSON; `ratio` is repeated / real, 1 when loading is free.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildModel } from '../src-main/engine/model/index.ts'
import { timeSteps } from '../src-main/engine/train/index.ts'
import type { Batch, DataSet, Loader } from '../src-main/engine/types.ts'
import type { EngineName } from '../src-shared/contract/engine-name.ts'
import { loadBackend } from '../src-main/io/native/load-backend.ts'
import { buildData } from '../src-main/data/assemble/build-data.ts'
import { createRng } from '../src-shared/util/rng.ts'
import { classifierFromFiles } from './classifier-config.ts'

const { values } = parseArgs({
  options: {
    set: { type: 'string', default: 'MNIST' },
    data: { type: 'string' },
    engine: { type: 'string', default: 'native' },
    threads: { type: 'string', default: '2' },
    workers: { type: 'string', default: '1' },
    batch: { type: 'string', default: '64' },
    steps: { type: 'string', default: '20' },
    width: { type: 'string', default: '0.5' },
    plain: { type: 'boolean', default: false },
    distort: { type: 'boolean', default: false },
  },
})
const ROUNDS = 3
const CORRUPTIONS = ['fog', 'contrast', 'gaussian_noise', 'defocus_blur', 'jpeg_compression']

function config() {
  const noise = { noise_std: { '0.1': 0.5, '-1': 0.5 }, ...(values.distort && { all_noises: CORRUPTIONS }) }
  return classifierFromFiles({
    dataset: {
      dataset_cls: values.set,
      ...(values.data && { data_dir: values.data }),
      batch_size: Number(values.batch),
      apply_augmentation: !values.plain,
      ...(!values.plain && { apply_noise: noise }),
      num_workers: Number(values.workers),
      valid_subset: 0.01,
      test_subset: 0.01,
    },
    model: { width: Number(values.width), v4_model_layer: 14 },
    trainer: { max_iter: 100 },
  })
}

/** The same data, but every training step gets one and the same batch. */
async function repeating(data: DataSet): Promise<DataSet> {
  const train = data.train.img_classification as ReadonlyMap<string, Loader>
  const loaders = new Map<string, Loader>()
  for (const [key, loader] of train) loaders.set(key, await repeatingLoader(loader))
  return { ...data, train: { ...data.train, img_classification: loaders } }
}

async function repeatingLoader(loader: Loader): Promise<Loader> {
  const first = (await loader.epoch(createRng(1))[Symbol.asyncIterator]().next()).value as Batch
  return {
    ...loader,
    async *epoch() {
      for (let i = 0; i < loader.batches; i++)
        yield { ...first, inputs: first.inputs.clone(), targets: first.targets.clone() }
    },
  }
}

const { name } = await loadBackend({ engine: values.engine as EngineName, threads: Number(values.threads) })
const home = mkdtempSync(join(tmpdir(), 'cotrain-bench-'))
const run = config()
const built = await buildData(run.dataset, run.data_seed, {
  home,
  folder: process.cwd(),
  now: () => performance.now(),
  date: () => new Date(),
})
try {
  const same = await repeating(built.data)
  const time = async (data: DataSet): Promise<number> => {
    const model = buildModel(run.model, built.shapes)
    const setup = {
      data,
      model,
      trainer: run.trainer,
      seed: 1,
      start: null,
      checkpoint: null,
      now: () => performance.now(),
      stopRequest: () => 'no' as const,
    }
    return (await timeSteps(setup, Number(values.steps))).secondsPerStep
  }
  const rounds = []
  for (let round = 0; round < ROUNDS; round++) {
    const repeated = await time(same)
    const waited = built.data.waited()
    const real = await time(built.data)
    rounds.push({ real, repeated, ratio: repeated / real, waited: built.data.waited() - waited })
  }
  rounds.sort((a, b) => a.ratio - b.ratio)
  const middle = rounds[Math.floor(ROUNDS / 2)]
  console.log(
    JSON.stringify({
      engine: name,
      set: values.set,
      batch: Number(values.batch),
      workers: Number(values.workers),
      ...middle,
      rounds,
    }),
  )
} finally {
  built.dispose()
  rmSync(home, { recursive: true, force: true })
}
