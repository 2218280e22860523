import { createRng } from '../../../src-shared/util/rng.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { parseChoice } from '../../../src-shared/schema/run-config.ts'
import { imagePart } from '../../data/assemble/images/image-part.ts'
import { createBatchPool } from '../../data/batches/batch-pool.ts'
import { lazyCorruptions } from '../../data/batches/corruption-threads.ts'
import { waitClock } from '../../data/batches/wait-clock.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { stepWatch } from '../../engine/train/index.ts'
import type { Loader } from '../../engine/types.ts'
import { madeUpSet } from './made-up-data.ts'

const SEED = 1
/** The threads start with the first batches. */
const UNTIMED = 4

export interface LoaderWish {
  readonly batchSize: number
  readonly threads: number
  readonly enoughSeconds: number
}

/**
 * Seconds between one batch and the next of the loader that runs train from, as fast as its threads give them: images
 * are shifted, mirrored, turned and half of them noisy, as in the published training. The shortest first.
 */
export async function timeLoader(
  { batchSize, threads, enoughSeconds }: LoaderWish,
  deps: DataDeps,
): Promise<readonly number[]> {
  const options = imageOptions(batchSize, threads)
  const pool = createBatchPool(threads)
  const corruptions = lazyCorruptions(undefined)
  try {
    const part = await imagePart(
      {
        options,
        set: madeUpSet(options.input_size, 200),
        fingerprint: '',
        seed: SEED,
        clock: waitClock(deps.now),
        inputs: pool.inputs,
        corruptions,
      },
      deps,
    )
    return await drained(part.train, enoughSeconds, deps.now)
  } finally {
    pool.close()
    corruptions.close()
  }
}

function imageOptions(batchSize: number, threads: number) {
  const given = {
    dataset_cls: 'TinyImageNet',
    apply_grayscale: false,
    batch_size: batchSize,
    num_workers: threads,
    apply_noise: { noise_std: { '0.1': 0.5, '-1': 0.5 } },
    validation_gauss: [],
    add_out_domain_test: false,
    add_corrupted_test: false,
    add_fly_corrupted_test: {},
  }
  const parsed = parseChoice('dataset', 'img_loader', given, 'dataset')
  if (!parsed.ok) throw new CotrainError(parsed.problems)
  if (parsed.value.fn !== 'img_loader') throw new RangeError(`no image set: ${parsed.value.fn}`)
  return parsed.value.config
}

async function drained(loader: Loader, enoughSeconds: number, now: () => number): Promise<readonly number[]> {
  const watch = stepWatch({ now, untimed: UNTIMED, least: 1, most: Infinity, enoughSeconds })
  for (let pass = 0; ; pass++) {
    watch.skip()
    for await (const { inputs, targets } of loader.epoch(createRng(SEED).fork(pass))) {
      inputs.dispose()
      targets.dispose()
      if (watch.step()) return watch.seconds()
    }
  }
}
