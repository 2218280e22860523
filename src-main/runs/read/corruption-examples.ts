import type { Params } from '../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { CorruptionExamples } from '../../../src-shared/contract/run-answers.ts'
import { ALL_CORRUPTIONS } from '../../../src-shared/schema/dataset/corruptions.ts'
import type { RunStore } from '../../store/run-store.ts'
import { corruptedImages } from '../../data/assemble/images/corrupted-images.ts'
import { lazyCorruptions } from '../../data/batches/corruption-threads.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { frostImages } from '../../data/image-sets/frost-images.ts'
import { imagesAsPng } from '../../data/describe/image-png.ts'
import { readArrays } from './run-arrays.ts'
import type { TestImages } from './test-images.ts'

/** Some test images before and after a corruption, made as the run's own evaluation makes them: same constants, same streams. */
export async function corruptionExamples(
  store: RunStore,
  { id, corruption, severity, count }: Params<'runs.corruptionExamples'>,
  deps: DataDeps,
  open: (id: string) => Promise<TestImages>,
): Promise<CorruptionExamples> {
  if (!ALL_CORRUPTIONS.some((name) => name === corruption)) {
    throw new CotrainError({
      code: 'not-found',
      path: 'corruption',
      message: `no corruption is called "${corruption}".`,
      hint: `Choose one of ${ALL_CORRUPTIONS.join(', ')}.`,
    })
  }
  const record = store.read(id)
  const images = await open(id)
  try {
    const { fitted, labels, classNames, constants, grey, fingerprint } = images
    const positions = spread(testedPositions(store, id) ?? range(fitted.length), count)
    const pool = lazyCorruptions(await frostImages(images.textures, deps))
    try {
      const identity = `${fingerprint} examples`
      const seed = record.config.data_seed
      const request = {
        images: fitted,
        identity,
        positions,
        corruption,
        severity,
        constants,
        grey,
        seed,
      }
      const after = await corruptedImages(request, pool, deps)
      const clean = await imagesAsPng(fitted, [...positions])
      const corrupted = await imagesAsPng(after, [...range(positions.length)])
      return {
        corruption,
        severity,
        images: [...positions].map((index, i) => ({
          index,
          label: classNames[labels[index] ?? -1] ?? '',
          clean: clean[i]!, // one for each position
          corrupted: corrupted[i]!,
        })),
      }
    } finally {
      pool.close()
    }
  } finally {
    images.close()
  }
}

const range = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i)

function testedPositions(store: RunStore, id: string): Int32Array | null {
  const tested = readArrays(store, id).get('test/index')?.data
  return tested === undefined || tested.length === 0 ? null : Int32Array.from(tested)
}

/** Evenly spread, so that sets sorted by class give several classes. */
const spread = (positions: Int32Array, count: number): Int32Array =>
  Int32Array.from(
    { length: Math.min(count, positions.length) },
    (_, i) => positions[Math.floor((i * positions.length) / Math.min(count, positions.length))]!,
  )
