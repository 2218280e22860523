import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../../src-shared/schema/canonical.ts'
import type { RunConfig } from '../../../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../../../src-shared/schema/run-config.ts'
import { configWarnings, runIdentity } from '../../../../src-shared/schema/run-identity.ts'

interface Wish {
  readonly dataset?: object
  readonly model?: object
  readonly trainer?: object
  readonly trainerFn?: string
  readonly more?: object
}

/** Responses of V1 alone, on the network that can answer both tasks. */
function config({ dataset, model, trainer, trainerFn = 'cotrainer', more }: Wish = {}): RunConfig {
  const losses =
    trainerFn === 'cotrainer' ? { loss_functions: { v1: 'PoissonLoss' }, to_monitor: ['v1'] } : {}
  const parsed = parseRunConfig({
    dataset: { fn: 'neural_loader', config: { dataset: 'in_silico', ...dataset } },
    model: { fn: 'mtl_builder', config: { classification: false, ...model } },
    trainer: { fn: trainerFn, config: { ...losses, ...trainer } },
    ...more,
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

type Counted = Parameters<typeof runIdentity>[1]
const text = (wish?: Wish, counted?: Counted): string => canonicalJson(runIdentity(config(wish), counted))

describe('the identity of a run', () => {
  it('holds each component with its version and options, the seeds and the parent', () => {
    const identity = runIdentity(config({ more: { seed: 3, data_seed: 4 } }))
    expect(Object.keys(identity)).toEqual(['dataset', 'model', 'trainer', 'seed', 'data_seed', 'parent'])
    expect(identity).toMatchObject({
      model: { fn: 'mtl_builder', v: expect.any(Number) as number, config: { classification: false } },
      trainer: { fn: 'cotrainer', config: { loss_functions: { v1: 'PoissonLoss' } } },
      ...{ seed: 3, data_seed: 4, parent: null },
    })
  })

  it('changes with what changes the result, and not with labels or the machine', () => {
    expect(text({ more: { name: 'a', comment: 'b', tags: ['c'] } })).toBe(text())
    expect(text({ dataset: { num_workers: 9 } })).toBe(text())
    for (const other of [
      { more: { seed: 2 } },
      { more: { data_seed: 2 } },
      { trainer: { max_iter: 7 } },
      { model: { v1_bias: true, v1_elu_offset: 0.5 } },
      { dataset: { batch_size: 7 } },
    ])
      expect(text(other), JSON.stringify(other)).not.toBe(text())
  })

  it.each<[string, Wish, boolean]>([
    ['read for published configs alone', { model: { v1_bias: false } }, false],
    ['inside a group', { trainer: { freeze_bn: { mtl: false } } }, false],
    ['compared with the data', { model: { input_size: 64 } }, false],
    ['carried where it does not apply', { trainer: { readout_name: 'head' } }, false],
    ['carried where it does', { trainer: { readout_name: 'head', freeze: { freeze: ['core'] } } }, true],
    ['a penalty that is added', { model: { v1_gamma_readout: 9 }, trainer: { regularize: 'always' } }, true],
    ['a penalty with the scale', { model: { v1_gamma_readout: 9 }, trainer: { scale_loss: true } }, true],
    [
      'a penalty without the scale',
      { model: { v1_gamma_readout: 9 }, trainer: { scale_loss: false } },
      false,
    ],
    ['a penalty that never is', { model: { v1_gamma_readout: 9 }, trainer: { regularize: 'never' } }, false],
    ['a penalty elsewhere', { model: { v1_gamma_readout: 9 }, trainerFn: 'nnvision_trainer' }, true],
  ])('counts an option where it does something: %s', (_what, { model, ...wish }, counts) => {
    const {
      freeze_bn: _group,
      readout_name: _name,
      ...trainer
    } = { ...wish.trainer } as Record<string, unknown>
    const without = { ...wish, trainer }
    expect(text({ ...wish, ...(model && { model }) }) !== text(without)).toBe(counts)
    // By the rule of earlier versions every option that is written down counted.
    const all = { idle: true }
    expect(text({ ...wish, ...(model && { model }) }, all)).not.toBe(text(without, all))
  })

  it('says how data are read, not where they lie; by the rule of earlier versions the place counted', () => {
    const named = (dataset: string, counted?: Counted): string => text({ dataset: { dataset } }, counted)
    expect(named('mine')).toBe(named('yours'))
    expect(named('mine')).not.toBe(named('in_silico'))
    expect(named('mine', { places: true })).not.toBe(named('yours', { places: true }))
  })

  it('is refused for a component that there is not', () => {
    const later = { model: { fn: 'no_builder', config: {} } }
    const made: RunConfig = Object.assign(config(), later)
    expect(() => runIdentity(made)).toThrow('no model is called "no_builder"')
    expect(configWarnings(made)).toEqual([])
  })
})

describe('warnings of a config', () => {
  it('are none for the defaults, and none for what is compared with the data', () => {
    expect(configWarnings(config())).toEqual([])
    expect(configWarnings(config({ model: { input_size: 64 } }))).toEqual([])
  })

  it('name each option that changes nothing, with the way out', () => {
    expect(
      configWarnings(
        config({
          model: { v1_bias: false, v1_gamma_readout: 9 },
          trainer: { regularize: 'never', readout_name: 'head', freeze_bn: { mtl: false } },
        }),
      ),
    ).toEqual([
      'model.config.v1_bias is read for published configs only and changes nothing.',
      'model.config.v1_gamma_readout changes nothing: the trainer adds no regulariser. Set regularize to "always" to add it.',
      'trainer.config.freeze_bn.mtl is read for published configs only and changes nothing.',
      'trainer.config.readout_name has no effect with the other settings and changes nothing.',
    ])
  })

  it('name data that no loss learns from', () => {
    const parts = { img_dataset_dict: { dataset_cls: 'MNIST' }, v1_dataset_dict: { dataset: 'in_silico' } }
    const both = { dataset: { fn: 'mtl_loader', config: parts } }
    expect(configWarnings(config({ more: both }))).toEqual([
      'The data set has img_classification, but no loss trains it: its options change nothing.',
    ])
    const whole = { ...both, model: { fn: 'mtl_builder' } }
    expect(configWarnings(config({ more: whole, trainerFn: 'nnvision_trainer' }))).toEqual([])
  })
})

describe('the start of a run', () => {
  const started = (parent: object): string => text({ more: { parent: { run: 'a', ...parent } } })

  it('counts by its epoch where one is named, and without one as before there were any', () => {
    expect(started({ epoch: null })).toBe(started({}))
    expect(started({})).not.toContain('epoch')
    const parents = [
      {},
      { epoch: 2 },
      { epoch: 3 },
      { epoch: 2, use: 'training' },
      { epoch: 3, use: 'training' },
    ]
    expect(new Set(parents.map(started)).size).toBe(parents.length)
  })

  it('is refused where an epoch says nothing', () => {
    expect(() => started({ run: null, file: 'a.safetensors', epoch: 2 })).toThrow(
      'a weights file has no epochs.',
    )
    expect(() => started({ use: 'data', epoch: 2 })).toThrow('do not depend on a checkpoint')
  })
})
