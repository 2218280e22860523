import type { Tensor4D } from '@tensorflow/tfjs-core'
import { tensor, tidy } from '@tensorflow/tfjs-core'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { EVALUATION } from '../../../../../src-main/engine/eval/network.ts'
import { createParamStore } from '../../../../../src-main/engine/tensor/index.ts'
import type { Model, NamedArray, NamedArrays, Route } from '../../../../../src-main/engine/types.ts'
import { readSafetensors, writeSafetensors } from '../../../../../src-main/io/formats/tensors/safetensors.ts'
import { readWeightsFor, writeExchangeFile } from '../../../../../src-main/runs/weights/exchange-file.ts'
import type { Recipe } from '../../../../golden/golden-tensors.ts'
import { fromRecipe, toNhwc } from '../../../../golden/golden-tensors.ts'
import type { GoldenFile } from '../../../../golden/read-golden.ts'
import { goldenTensor, readGolden } from '../../../../golden/read-golden.ts'
import type { PublishedModel } from '../../../../golden/vgg-models.ts'
import { publishedModel } from '../../../../golden/vgg-models.ts'
import { useBackend } from '../../../../support/backend.ts'
import { differing } from '../../../../support/small-training.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

interface Stored extends PublishedModel {
  readonly inputs: Readonly<Record<'neural' | 'classification', Recipe>>
  readonly entries: Readonly<Record<string, Recipe>>
}

const GOLDEN = join(import.meta.dirname, '../../../../fixtures/golden/vgg/mtl_vgg11_bn_v1v4_32.json')
/** Largest relative difference that the exchange promises. */
const PARITY = 1e-4

const folder = temporaryFolder()

function outputs(model: Model, weights: NamedArrays, recipe: Recipe, route: Route): Float32Array {
  const store = createParamStore(weights)
  const { data, shape } = fromRecipe(recipe)
  const out = tidy(() => {
    const images = toNhwc(tensor(data, [...shape])) as Tensor4D
    return model.apply(store.tensors, images, route, EVALUATION).output.dataSync() as Float32Array
  })
  store.dispose()
  return out
}

function expectStored(file: GoldenFile, name: string, got: Float32Array): void {
  const { data } = goldenTensor(file, name)
  const scale = Math.max(...data.map(Math.abs))
  data.forEach((e, i) => expect(Math.abs((got[i] as number) - e) / scale).toBeLessThan(PARITY))
}

beforeAll(() => useBackend())

it('takes a PyTorch file strictly, answers as PyTorch did, and gives back the same file', async () => {
  const file = await readGolden(GOLDEN)
  const stored = file.values as Stored
  const { model } = publishedModel(stored, () => ({ firstBatchMean: new Float32Array(4) }))
  const published = new Map<string, NamedArray>(
    Object.entries(stored.entries).map(([n, r]) => [n, fromRecipe(r)]),
  )
  const from = join(folder, 'from-torch.safetensors')
  await writeSafetensors(from, published, { format: 'pt' })

  const { arrays } = readWeightsFor(model.specs, from, true)
  for (const task of ['v1', 'v4'] as const) {
    for (const session of ['s1', 's2']) {
      expectStored(
        file,
        `neural.${task}.${session}`,
        outputs(model, arrays, stored.inputs.neural, { task, session }),
      )
    }
  }
  const images: Route = { task: 'img_classification' }
  expectStored(file, 'classification', outputs(model, arrays, stored.inputs.classification, images))

  const back = join(folder, 'to-torch.safetensors')
  await writeExchangeFile(back, model.specs, arrays, {})
  const written = readSafetensors(back).arrays
  const counters = [...written.keys()].filter((name) => name.endsWith('num_batches_tracked'))
  const changed = differing(written, published)
  expect(changed.filter((name) => !counters.includes(name))).toEqual([])
  for (const name of published.keys()) expect(written.get(name)?.shape).toEqual(published.get(name)?.shape)
})
