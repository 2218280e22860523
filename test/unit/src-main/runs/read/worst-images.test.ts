import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { NamedArray } from '../../../../../src-main/engine/types.ts'
import { writeSafetensors } from '../../../../../src-main/io/formats/tensors/safetensors.ts'
import { memoryImages } from '../../../../../src-main/io/images/sources/memory-images.ts'
import type { TestImages } from '../../../../../src-main/runs/read/test-images.ts'
import { worstImages } from '../../../../../src-main/runs/read/worst-images.ts'
import type { Lab } from '../../../../support/lab.ts'
import { labs } from '../../../../support/lab.ts'

const lab = labs()
const ALL = { limit: 60, truth: null, answer: null }
const ints = (values: number[]): NamedArray => ({
  shape: [values.length],
  dtype: 'int32',
  data: Int32Array.from(values),
})
const floats = (values: number[]): NamedArray => ({
  shape: [values.length],
  dtype: 'float32',
  data: Float32Array.from(values),
})

/** Five test images; 1, 2 and 4 are wrong. */
const INDEX = [10, 11, 12, 13, 14]
const TRUTH = [0, 0, 1, 1, 0]
const ANSWER = [0, 1, 0, 1, 1]
const TRUE_PROBABILITY = [0.9, 0.3, 0.05, 0.6, 0.2]
const CONFIDENCE = [0.9, 0.7, 0.6, 0.6, 0.8]

async function tested({ store, add }: Lab, isOld = false): Promise<string> {
  const id = await add(1)
  const arrays = new Map([
    ['test/index', ints(INDEX)],
    ['test/answer', ints(ANSWER)],
    ['test/probability', floats(TRUE_PROBABILITY)],
  ])
  if (!isOld) arrays.set('test/label', ints(TRUTH)).set('test/confidence', floats(CONFIDENCE))
  await writeSafetensors(store.files(id).arrays, arrays, { run: id })
  return id
}

function images(labels = TRUTH): TestImages {
  const size = { height: 32, width: 32, channels: 1 }
  const images = memoryImages(new Uint8Array(15 * 32 * 32), size)
  const all = new Int32Array(15)
  all.set(labels, 10)
  return {
    images,
    fitted: images,
    labels: all,
    classNames: ['cat', 'dog'],
    constants: 'hd32',
    grey: true,
    textures: '',
    fingerprint: 'made up',
    holdsFile: false,
    close: () => undefined,
  }
}
const open = () => Promise.resolve(images())
const gone = () =>
  Promise.reject(new CotrainError({ code: 'data-missing', path: '/data', message: 'it is not there.' }))

describe('worst-classified images', () => {
  it('come with the surest mistake first, as images', async () => {
    const here = lab()
    const id = await tested(here)
    const found = await worstImages(here.store, { id, ...ALL }, open)
    expect(found).toMatchObject({ tested: 5, found: 3, order: 'confidence', problems: [] })
    expect(found?.images.map((i) => i.index)).toEqual([14, 11, 12])
    expect(found?.images[0]).toMatchObject({ truth: 0, answer: 1 })
    for (const { png } of found?.images ?? []) expect(png).toMatch(/^data:image\/png;base64,/)
  })

  it('are those of one cell where asked for; on the diagonal the least sure right ones', async () => {
    const here = lab()
    const id = await tested(here)
    const cell = (truth: number, answer: number) =>
      worstImages(here.store, { id, limit: 60, truth, answer }, open)
    expect((await cell(1, 0))?.images.map((i) => i.index)).toEqual([12])
    expect((await cell(1, 1))?.images.map((i) => i.index)).toEqual([13])
  })

  it('stay known without the data, with the reason', async () => {
    const here = lab()
    const id = await tested(here)
    const found = await worstImages(here.store, { id, ...ALL }, gone)
    expect(found?.images.map((i) => [i.index, i.png])).toEqual([
      [14, null],
      [11, null],
      [12, null],
    ])
    expect(found?.problems).toMatchObject([{ code: 'data-missing', path: '/data' }])
  })

  it('of early runs are told by the classes of the data, least probable class first', async () => {
    const here = lab()
    const id = await tested(here, true)
    const found = await worstImages(here.store, { id, ...ALL }, open)
    expect(found).toMatchObject({ order: 'probability' })
    expect(found?.images.map((i) => i.index)).toEqual([12, 14, 11])
    await expect(worstImages(here.store, { id, ...ALL }, gone)).rejects.toThrow('it is not there')
  })

  it('are not shown beside images of other classes', async () => {
    const here = lab()
    const id = await tested(here)
    const found = await worstImages(here.store, { id, ...ALL }, () =>
      Promise.resolve(images([1, 1, 1, 1, 1])),
    )
    expect(found?.problems).toMatchObject([{ code: 'data-changed' }])
    expect(found?.images.every((i) => i.png === null)).toBe(true)
  })

  it('are null where a run kept no answers', async () => {
    const here = lab()
    expect(await worstImages(here.store, { id: await here.add(1), ...ALL }, open)).toBeNull()
  })
})
