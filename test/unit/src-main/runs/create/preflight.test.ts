import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import { assumedShapes } from '../../../../../src-main/runs/create/assumed-shapes.ts'
import { memoryNeed } from '../../../../../src-main/runs/create/memory-need.ts'
import { modelCard } from '../../../../../src-main/runs/create/model-card.ts'
import { preflight } from '../../../../../src-main/runs/create/preflight.ts'
import { fakeDescription } from '../../../../support/fake-engine.ts'
import { labs, smallConfig } from '../../../../support/lab.ts'

const lab = labs()
const unusedGpu = () => Promise.resolve(null)
const noShapes = { ...fakeDescription, shapes: null }

describe('the check before queueing', () => {
  it('builds data whose shapes are not known, and reports their faults', async () => {
    const { store, home } = lab()
    const fault = {
      code: 'config-invalid',
      path: 'dataset.config.filter_classes',
      message: 'too far.',
    } as const
    const answer = await preflight(
      {
        store,
        unusedGpu,
        folder: home,
        describeData: () => Promise.resolve(noShapes),
        shapesOf: () => Promise.reject(new CotrainError(fault)),
      },
      smallConfig(1),
    )
    expect(answer.problems).toEqual([fault])
    expect(answer.memoryBytes).toBeNull()
  })

  it('says that a card of the machine computes nothing', async () => {
    const { store, home } = lab()
    const why = 'The A100 is not used: it is too old.'
    const described = { describeData: () => Promise.resolve(fakeDescription), folder: home, store }
    const shapesOf = () => Promise.reject(new Error('known'))
    const check = (unused: () => Promise<string | null>) =>
      preflight({ ...described, shapesOf, unusedGpu: unused }, smallConfig(1))
    expect((await check(() => Promise.resolve(why))).warnings).toContain(why)
    expect((await check(unusedGpu)).warnings.join()).not.toContain('A100')
  })

  it('says that the data of a clone have changed', async () => {
    const { store, add, home } = lab()
    const id = await add(1, { name: 'first' })
    const check = (fingerprint: string, seed: number) =>
      preflight(
        {
          store,
          unusedGpu,
          folder: home,
          describeData: () => Promise.resolve({ ...fakeDescription, fingerprint }),
          shapesOf: () => Promise.reject(new Error('the shapes are known')),
        },
        smallConfig(seed),
        id,
      )
    expect((await check('0'.repeat(64), 2)).warnings.join()).toContain('changed since "first"')
    expect((await check(fakeDescription.fingerprint, 2)).warnings.join()).not.toContain('changed')
    expect((await check(fakeDescription.fingerprint, 1)).identicalRun?.id).toBe(id)
  })
})

describe('what a run would train with', () => {
  const neural = (trainer: Record<string, unknown> = {}) =>
    smallConfig(1, {
      dataset: {
        fn: 'mtl_loader',
        config: { v4_dataset_dict: { dataset: 'rec' }, img_dataset_dict: { dataset_cls: 'MNIST' } },
      },
      model: { fn: 'mtl_builder', config: { v4_model_layer: 7, v1_model_layer: -1, pretrained: false } },
      trainer: {
        fn: 'cotrainer',
        config: {
          loss_functions: { img_classification: 'CrossEntropyLoss', v4: 'PoissonLoss' },
          to_monitor: ['img_classification'],
          train_cycler: 'MTL_Cycler',
          train_cycler_args: { main_key: 'img_classification', ratio: 1 / 15 },
          ...trainer,
        },
      },
    })
  const shapes = {
    inputs: {},
    sessions: [],
    classes: 10,
    sizes: {
      train: { img_classification: { img_classification: 9 }, v4: { a: 4, b: 4 } },
      scored: { img_classification: ['img_classification'], v4: ['a', 'b'] },
      tested: { v4: ['b'] },
    },
  }
  const check = (trainer?: Record<string, unknown>) => {
    const { store, home } = lab()
    const described = { ...fakeDescription, shapes }
    const deps = { store, unusedGpu, folder: home, describeData: () => Promise.resolve(described) }
    return preflight({ ...deps, shapesOf: () => Promise.reject(new Error('known')) }, neural(trainer))
  }

  it('counts batches of each session, and refuses a task that gets none', async () => {
    const { share, problems } = await check()
    expect(share.map(({ session, perEpoch }) => [session, perEpoch[0]?.batches])).toEqual([
      ['a', 0],
      ['b', 0],
      ['img_classification', 9],
    ])
    expect(problems.map(({ path }) => path)).toContain('trainer.config.train_cycler_args.ratio')
  })

  it('allows it when the config does, and says so', async () => {
    const { problems, warnings } = await check({ allow_untrained: true })
    expect(problems.map(({ path }) => path)).not.toContain('trainer.config.train_cycler_args.ratio')
    expect(warnings.join()).toContain('v4 was not trained')
  })

  it('offers a test part for the sessions that have none', async () => {
    const { offers, warnings } = await check()
    expect(offers).toEqual([
      {
        label: 'Keep 20 % of the V4 images for testing',
        changes: [{ path: 'dataset.config.v4_dataset_dict.test_frac', value: 0.2 }],
      },
    ])
    expect(warnings.join()).toContain('session a has no test part')
  })
})

describe('the memory that training needs', () => {
  const shapes = assumedShapes({ size: 64, channels: 3, classes: 200, sessions: [] })
  const need = (trainer: Record<string, unknown>, batch = 64) => {
    const config = smallConfig(1, {
      dataset: { fn: 'img_loader', config: { batch_size: batch } },
      trainer: { fn: 'cotrainer', config: trainer },
    })
    return memoryNeed(modelCard(config, shapes), config)
  }

  it('grows with the batch and names the largest tensor', () => {
    const [small, large] = [need({}, 32), need({}, 64)]
    expect(large.bytes).toBeGreaterThan(small.bytes)
    expect(large.biggest[0]?.name).toMatch(/^output of .*64 × 64 × 64, for 64 images$/)
    expect(large.biggest[0]?.bytes).toBe(64 * 64 * 64 * 64 * 4)
  })

  it('offers to halve the batch, and to add up two of them where the cycler can', () => {
    expect(need({}).fixes[0]?.changes).toEqual([
      { path: 'dataset.config.batch_size', value: 32 },
      { path: 'trainer.config.train_cycler_args.grad_accum_step', value: 2 },
    ])
    const mtl = need({ train_cycler: 'MTL_Cycler' })
    expect(mtl.fixes[0]).toEqual({
      label: 'Halve the batch',
      changes: [{ path: 'dataset.config.batch_size', value: 32 }],
    })
    expect(need({}, 1).fixes).toEqual([])
  })
})
