import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Batch, Loader, NamedArrays } from '../../../../../src-main/engine/types.ts'
import { openTree } from '../../../../../src-main/io/formats/zip/file-tree.ts'
import { buildData } from '../../../../../src-main/data/assemble/build-data.ts'
import type { DataDeps } from '../../../../../src-main/data/content/data-deps.ts'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { parseComponent } from '../../../../../src-shared/schema/component.ts'
import { imgLoader } from '../../../../../src-shared/schema/dataset/img-loader.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'
import { everyElementType, writeNpz } from '../../../../support/image-arrays.ts'
import { differing, smallModel, train } from '../../../../support/small-training.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

/** The same images in every element type: equal fingerprints, batches, exports and weights after two steps, to the bit. */
const root = temporaryFolder()
const SIDE = 8
const [TRAIN, TEST] = [20, 6]
const CONFIG = {
  dataset_cls: 'ImageFolder',
  data_dir: '.',
  input_size: SIDE,
  batch_size: 9,
  apply_augmentation: false,
  add_fly_corrupted_test: {},
}

beforeAll(() => useBackend('cpu'))

/** Images in which black and white occur; otherwise what is white is a question. */
function draw(seed: number, isBinary: boolean): Uint8Array {
  const rng = createRng(seed)
  const levels = Uint8Array.from({ length: (TRAIN + TEST) * SIDE * SIDE }, () => rng.int(256))
  const ends = (from: number): void => levels.set([0, 255], from * SIDE * SIDE)
  ends(0)
  ends(TRAIN)
  return isBinary ? levels.map((level) => (level < 128 ? 0 : 255)) : levels
}

async function write(folder: string, levels: Uint8Array, type: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const part = (from: number, count: number) => {
    const array = everyElementType(levels.slice(from * SIDE * SIDE, (from + count) * SIDE * SIDE))[type]
    if (array === undefined) throw new Error(`no ${type}`)
    return { ...array, shape: [count, SIDE, SIDE] }
  }
  const labels = (count: number) => ({
    values: Int32Array.from({ length: count }, (_, i) => i % 2),
    shape: [count],
  })
  await writeNpz(join(folder, 'set.npz'), {
    ...{ x_train: part(0, TRAIN), y_train: labels(TRAIN) },
    ...{ x_test: part(TRAIN, TEST), y_test: labels(TEST) },
  })
}

async function drain(loader: Loader | undefined): Promise<number[]> {
  const out: number[] = []
  if (loader === undefined) throw new Error('there is no such loader')
  for await (const { inputs, targets, index } of loader.epoch(createRng(1)) as AsyncIterable<Batch>) {
    out.push(...inputs.dataSync(), ...targets.dataSync(), ...index)
    inputs.dispose()
    targets.dispose()
  }
  return out
}

interface Outcome {
  readonly fingerprint: string
  readonly batches: readonly number[]
  readonly exports: readonly Buffer[]
  readonly weights: NamedArrays
}

async function outcome(folder: string): Promise<Outcome> {
  const deps: DataDeps = { home: join(folder, 'home'), folder, now: () => 0, date: () => new Date(0) }
  const parsed = parseComponent(imgLoader, CONFIG, 'dataset.config')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const built = await buildData({ fn: 'img_loader', config: parsed.value }, 1000, deps)
  const loaderOf = (part: 'train' | 'test') => built.data[part].img_classification?.get('img_classification')
  const batches = [...(await drain(loaderOf('train'))), ...(await drain(loaderOf('test')))]

  const { last } = await train({
    data: built.data,
    model: smallModel(),
    fn: 'cotrainer',
    config: {
      loss_functions: { img_classification: 'CrossEntropyLoss' },
      to_monitor: ['img_classification'],
      optimizer: 'SGD',
      optimizer_options: { lr: 0.05, momentum: 0.75 },
      max_iter: 1,
    },
  })
  built.dispose()
  const { id } = await dataLibrary.add(deps, { path: 'set.npz', name: 'set' })
  await dataLibrary.export(deps, { id, path: join(folder, 'out.npz'), format: 'npz', part: 'train' })
  await dataLibrary.export(deps, { id, path: join(folder, 'out'), format: 'folder', part: 'train' })
  const pngs = openTree(join(folder, 'out')).files.filter(({ name }) => name.endsWith('.png'))
  expect(pngs).toHaveLength(TRAIN)
  const files = ['out.npz', ...pngs.map(({ name }) => join('out', name))]
  const exports = files.map((name) => readFileSync(join(folder, name)))
  return { fingerprint: built.fingerprint, batches, exports, weights: last.arrays }
}

test.each([
  ['grey', 1, false],
  ['black and white', 2, true],
  ['grey', 3, false],
])('%s images, drawn from seed %i', async (_, seed, isBinary) => {
  const levels = draw(seed, isBinary)
  const types = Object.keys(everyElementType(levels))
  expect(types.includes('bool')).toBe(isBinary)
  let first: Outcome | null = null
  for (const type of types) {
    const folder = join(root, `${seed}-${type}`)
    await write(folder, levels, type)
    const found = await outcome(folder)
    first ??= found
    expect(found.fingerprint, type).toBe(first.fingerprint)
    expect(found.batches, type).toEqual(first.batches)
    expect(found.exports, type).toEqual(first.exports)
    expect(found.weights.size).toBeGreaterThan(2)
    expect(differing(found.weights, first.weights), type).toEqual([])
  }
})
