import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { tensor2d, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { EVALUATION } from '../../../../../../src-main/engine/eval/network.ts'
import { createParamStore } from '../../../../../../src-main/engine/tensor/index.ts'
import { rdmLoss, similarityTriangle } from '../../../../../../src-main/engine/train/hooks/rdm-prediction.ts'
import type { NamedArrays } from '../../../../../../src-main/engine/types.ts'
import { useBackend } from '../../../../../support/backend.ts'
import { differing, smallModel, train } from '../../../../../support/small-training.ts'
import { normals } from '../../../../../support/tensors.ts'

/** How far the similarities of images in two networks are apart. */
function structureGap(a: NamedArrays, b: NamedArrays): number {
  const images = normals([24, 8, 8, 1], 11) as Tensor4D
  const context = { ...EVALUATION, capture: new Set(['core']) }
  const core = (weights: NamedArrays): Tensor => {
    const store = createParamStore(weights)
    const out = smallModel().apply(store.tensors, images, { task: 'img_classification' }, context)
    const kept = (out.representations.get('core') as Tensor).clone()
    store.dispose()
    return kept
  }
  return tidy(() => rdmLoss(core(a), core(b)).dataSync()[0] as number)
}

describe('prediction of similarities', () => {
  beforeAll(() => useBackend())

  it('brings the core towards the structure of the network it starts from', async () => {
    const start = (await train({ seed: 20, config: { max_iter: 5 } })).result.weights
    const run = (lambda: number) =>
      train({ start, config: { max_iter: 6, restore_best: false, rdm_prediction: { lambda } } })
    const [off, on] = [await run(0), await run(20)]
    expect(structureGap(on.result.weights, start)).toBeLessThan(0.7 * structureGap(off.result.weights, start))
  })

  it('starts the student from new values', async () => {
    const start = (await train({ seed: 20 })).result.weights
    const config = { max_iter: 0, rdm_prediction: { lambda: 1 } }
    const [student, fresh] = [await train({ start, config }), await train({ config: { max_iter: 0 } })]
    expect(differing(student.result.weights, fresh.result.weights)).toEqual([])
  })

  it('needs a network to start from', async () => {
    await expect(train({ config: { rdm_prediction: { lambda: 1 } } })).rejects.toThrow(
      /no network to predict/,
    )
  })

  it('is the published number: atanh of centred cosines, mean over the whole matrix', () => {
    const x = tensor2d([
      [1, 0],
      [0, 1],
      [-1, 0.5],
    ])
    const rows = [
      [1, -0.5],
      [0, 0.5],
      [-1, 0],
    ] as const
    const cosine = (i: number, j: number): number => {
      const [a, b] = [rows[i] as readonly [number, number], rows[j] as readonly [number, number]]
      return (a[0] * b[0] + a[1] * b[1]) / (Math.hypot(...a) * Math.hypot(...b))
    }
    const got = [...similarityTriangle(x).dataSync()]
    const expected = [0, cosine(0, 1), cosine(0, 2), 0, 0, cosine(1, 2), 0, 0, 0]
    got.forEach((v, i) => expect(v).toBeCloseTo(expected[i] as number, 5))
    const y = tensor2d([
      [0, 1],
      [1, 1],
      [3, 0],
    ])
    const s = [...similarityTriangle(y).dataSync()]
    const loss = got.reduce((sum, v, i) => sum + (Math.atanh(v) - Math.atanh(s[i] as number)) ** 2, 0) / 9
    expect(rdmLoss(x, y).dataSync()[0]).toBeCloseTo(loss, 4)
  })
})
