import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DataRecord } from '../../../../../src-main/data/places/library-records.ts'
import { writeRecord } from '../../../../../src-main/data/places/library-records.ts'
import type { OfferDeps } from '../../../../../src-main/runs/create/offers.ts'
import { shippedOffers } from '../../../../../src-main/runs/create/offers.ts'
import type { Offer } from '../../../../../src-shared/contract/calls/config.ts'
import { needsText } from '../../../../../src-shared/contract/offer-text.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
const deps = (name: string, more: Partial<OfferDeps> = {}): OfferDeps => {
  const [home, folder] = [join(root, name, 'home'), join(root, name, 'work')]
  mkdirSync(folder, { recursive: true })
  return { presets: 'configs', home, folder, timed: () => null, ...more }
}
const of = (offers: readonly Offer[], kind: Offer['kind'], id: string): Offer => {
  const found = offers.find((offer) => offer.kind === kind && offer.id === id)
  if (found === undefined) throw new Error(`there is no ${kind} ${id}`)
  return found
}

/** A folder of presets with a recipe that asks for a run, and one of a recording that is written out. */
function asked(): string {
  const folder = join(root, 'presets', 'recipes')
  const config = (dataset: string): string =>
    JSON.stringify({
      dataset: { fn: 'neural_loader', config: { dataset } },
      model: { fn: 'mtl_builder', config: { classification: false, v1_model_layer: 8 } },
      trainer: { fn: 'cotrainer', config: { loss_functions: { v1: 'PoissonLoss' }, to_monitor: ['v1'] } },
    })
  mkdirSync(folder, { recursive: true })
  const inputs = 'inputs: { v1_run: { label: V1 run } }'
  writeFileSync(
    join(folder, 'asking.yaml'),
    `name: A\n${inputs}\nbaseline: ${config('predicted:${v1_run}')}\n`,
  )
  writeFileSync(join(folder, 'alone.yaml'), `name: B\nbaseline: ${config('CSRF19_V1')}\n`)
  return join(root, 'presets')
}

const SESSION = {
  ...{ session: 'a', area: 'v4', units: 3, trials: 9, tiers: [], images: 9, missing: 0 },
  ...{
    repeats: { least: 1, mean: 1, most: 1 },
    meanResponse: null,
    fano: null,
    oracle: null,
    explainableVariance: null,
  },
}
const record = (id: string, more: Partial<DataRecord>): DataRecord => ({
  ...{ version: 1, id: id.repeat(64), name: id, aliases: [], kind: 'images', origin: root, path: root },
  ...{ formerly: [], addedAt: 1, bytes: 1, summary: '', facts: [], findings: [], checked: true, ignored: {} },
  ...{ options: {}, size: null, stated: {}, rule: 2, manifest: [] },
  ...more,
})

describe('what is shipped', () => {
  let offers: Offer[] = []
  beforeAll(async () => {
    offers = await shippedOffers(deps('empty'))
  })

  it('says of each which data it needs and whether they are there', () => {
    expect(needsText(of(offers, 'preset', 'demo-cotrained'))).toBe(
      'MNIST: there; V1 responses, simulated: made by the app',
    )
    expect(needsText(of(offers, 'preset', 'v4-tiny-imagenet-cotrained'))).toBe(
      'Tiny ImageNet: missing; V4 recording (v4-three.h5): missing',
    )
    expect(needsText(of(offers, 'recipe', 'published'))).toBe(
      'V1 recording (CSRF19_V1): missing; Tiny ImageNet: missing; V1 responses that a run predicts: made by the app',
    )
    expect(needsText(of(offers, 'recipe', 'demo-triple'))).toBe(
      'MNIST: there; V1 responses, simulated: made by the app',
    )
  })

  it('says what a recipe asks for, which cannot be timed before', async () => {
    const asking = of(await shippedOffers(deps('asking', { presets: asked() })), 'recipe', 'asking')
    expect(asking).toMatchObject({ asks: ['V1 run'], config: null, seconds: null })
    expect(needsText(asking)).toBe('V1 responses that a run predicts: made by the app; asks for: V1 run')
    expect(of(offers, 'recipe', 'demo-triple')).toMatchObject({ asks: [], runs: 9 })
  })
})

describe('data that are not where a config names them', () => {
  it('are there when a file comes to lie there', async () => {
    const own = deps('file')
    writeFileSync(join(own.folder, 'v4-three.h5'), '')
    const { needs } = of(await shippedOffers(own), 'preset', 'v4-single-task')
    expect(needs).toEqual([{ part: 'v4', name: 'V4 recording (v4-three.h5)', state: 'there', standIn: null }])
  })

  it('are stood in for by registered sets of the same kind and area that are there', async () => {
    const own = deps('library')
    const tiny = [{ label: 'Layout', value: 'tiny-imagenet' }]
    await writeRecord(record('a', { name: 'pictures', facts: tiny }), own)
    await writeRecord(record('b', { name: 'gone', facts: tiny, path: join(root, 'gone'), addedAt: 2 }), own)
    await writeRecord(
      record('c', { name: 'lab V1', kind: 'neural', sessions: [{ ...SESSION, area: 'v1' }] }),
      own,
    )
    await writeRecord(record('d', { name: 'lab V4', kind: 'neural', sessions: [SESSION] }), own)
    const offers = await shippedOffers(own)
    const both = of(offers, 'preset', 'v4-tiny-imagenet-cotrained')
    expect(needsText(both)).toBe(
      'Tiny ImageNet: there, as “pictures”; V4 recording (v4-three.h5): there, as “lab V4”',
    )
    expect(both.needs.map(({ standIn }) => [standIn?.path, standIn?.value])).toEqual([
      ['dataset.config.img_dataset_dict.data_dir', root],
      ['dataset.config.v4_dataset_dict.dataset', 'lab V4'],
    ])
    expect(both.config?.dataset.config).toMatchObject({
      img_dataset_dict: { data_dir: root },
      v4_dataset_dict: { dataset: 'lab V4' },
    })
    const alone = of(await shippedOffers({ ...own, presets: asked() }), 'recipe', 'alone')
    expect(alone.needs[0]?.standIn?.path).toBe('baseline.dataset.config.dataset')
  })
})

it('gives the time of a config that was timed', async () => {
  const timed = {
    ...{ problems: [], secondsPerStep: 1, stepsPerEpoch: 1, epochs: 1, timedSteps: 1, memoryBytes: null },
    ...{ seconds: { start: 1, training: 2, evaluation: 3, total: 6 }, backend: 'native', workingRuns: 0 },
  }
  const offers = await shippedOffers(
    deps('timed', { timed: (config) => (config.name === 'Demo, co-trained' ? timed : null) }),
  )
  expect(of(offers, 'preset', 'demo-cotrained').seconds).toBe(6)
  expect(of(offers, 'preset', 'demo-baseline').seconds).toBeNull()
})
