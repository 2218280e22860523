import { afterEach, describe, expect, it } from 'vitest'
import { metricInfo } from '../../../../../src-shared/contract/metrics.ts'
import { canonicalJson } from '../../../../../src-shared/schema/canonical.ts'
import { formOf } from '../../../../../src-shared/schema/form.ts'
import { usePlugins } from '../../../../../src-shared/schema/plugin/own-parts.ts'
import { pluginsOf } from '../../../../../src-shared/schema/plugin/used-plugins.ts'
import { findComponent } from '../../../../../src-shared/schema/registry.ts'
import type { RunConfig } from '../../../../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../../../../src-shared/schema/run-config.ts'
import { runIdentity } from '../../../../../src-shared/schema/run-identity.ts'
import { smallConfig } from '../../../../support/lab.ts'
import { described, MODEL } from '../../../../support/plugin-folder.ts'

const ENTRIES = [
  {
    ...MODEL,
    fn: 'lab/one_layer',
    tasks: ['v1'],
    fields: {
      channels: { type: 'int', default: 8, min: 1, max: 64, unit: 'filters', help: 'Filters.' },
      mode: { type: 'choice', default: 'plain', choices: ['plain', 'rich'], help: 'How.' },
    },
  },
  {
    kind: 'loss',
    fn: 'lab/huber',
    title: 'Huber loss',
    help: 'A loss.',
    tasks: ['v1'],
    fields: { delta: { type: 'number', default: 1, min: 0, help: 'Where the square ends.' } },
  },
  { kind: 'measure', fn: 'lab/error', title: 'mean error', help: 'A measure.', goal: 'min' },
]
const HASH = 'a'.repeat(64)

interface Wish {
  readonly model?: object
  readonly trainer?: object
}

const given = ({ model, trainer }: Wish) => ({
  dataset: { fn: 'neural_loader', config: { dataset: 'in_silico' } },
  model: model ?? { fn: 'mtl_builder', config: { classification: false } },
  trainer: {
    fn: 'cotrainer',
    config: { loss_functions: { v1: 'PoissonLoss' }, to_monitor: ['v1'], ...trainer },
  },
})
const problems = (wish: Wish) => {
  const parsed = parseRunConfig(given(wish))
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`)
}
function config(wish: Wish = {}): RunConfig {
  const parsed = parseRunConfig(given(wish))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}
const identity = (wish: Wish = {}) => runIdentity(config(wish))
const OWN_LOSS = { loss_functions: { v1: 'lab/huber' } }

afterEach(() => usePlugins([]))

describe('a part of a plug-in', () => {
  it('can be named once it is trusted, and no longer than that', () => {
    const model = { fn: 'lab/one_layer' }
    const refused = ['model.fn: no trusted plug-in has a model "lab/one_layer".']
    expect(problems({ model })).toEqual(refused)
    usePlugins([described(HASH, ENTRIES)])
    expect(config({ model }).model).toEqual({ fn: 'lab/one_layer', config: { channels: 8, mode: 'plain' } })
    usePlugins([])
    expect(problems({ model })).toEqual(refused)
  })

  it('has its options checked, with their ranges and names', () => {
    usePlugins([described(HASH, ENTRIES)])
    expect(
      problems({ model: { fn: 'lab/one_layer', config: { channels: 0, chanels: 2, mode: 'odd' } } }),
    ).toEqual([
      'model.config.channels: expected a value at least 1, got 0.',
      'model.config.mode: expected one of plain, rich, got "odd".',
      'model.config.chanels: unknown option.',
    ])
    expect(problems({ trainer: { ...OWN_LOSS, own_parts: { 'lab/huber': { delta: -1 } } } })).toEqual([
      'trainer.config.own_parts.lab/huber.delta: expected a value at least 0, got -1.',
    ])
  })

  it('is drawn by the form from what its package states', () => {
    usePlugins([described(HASH, ENTRIES)])
    expect(formOf(findComponent('model', 'lab/one_layer')!.schema)).toMatchObject([
      {
        key: 'channels',
        kind: 'int',
        label: 'Channels',
        help: 'Filters.',
        unit: 'filters',
        min: 1,
        max: 64,
        default: 8,
      },
      { key: 'mode', kind: 'choice', choices: ['plain', 'rich'], default: 'plain' },
    ])
  })

  it('answers and trains the tasks alone that its package names', () => {
    const classifier = { ...ENTRIES[0], tasks: ['img_classification'] }
    usePlugins([described(HASH, [classifier, { ...ENTRIES[1], tasks: ['v4'] }])])
    expect(problems({ model: { fn: 'lab/one_layer' } })[0]).toContain('has no readout for V1')
    expect(problems({ trainer: OWN_LOSS })).toEqual([
      'trainer.config.loss_functions.v1: the loss "lab/huber" does not fit this task.',
    ])
  })

  it('is refused where it would change nothing', () => {
    usePlugins([described(HASH, ENTRIES)])
    expect(problems({ trainer: { own_parts: { 'lab/huber': {} } } })).toEqual([
      'trainer.config.own_parts.lab/huber: no task has this loss, so that its options change nothing.',
    ])
    expect(problems({ trainer: { own_parts: { 'lab/other': {} } } })).toEqual([
      'trainer.config.own_parts.lab/other: no trusted plug-in has a measure "lab/other".',
    ])
  })

  it('never stands in place of a part of CoTrain, of which the list is still told', () => {
    expect(() => described(HASH, [{ ...ENTRIES[0], fn: 'mtl_builder' }])).toThrow('lab/two_layers')
    expect(problems({ trainer: { loss_functions: { v1: 'PoisonLoss' } } })[0]).toContain(
      'expected one of CrossEntropyLoss, MSELoss, PoissonLoss',
    )
  })

  it('gives its measure a name, a unit and a direction', () => {
    usePlugins([described(HASH, ENTRIES)])
    expect(metricInfo('FinalTest/v1/lab.error')).toEqual({
      label: 'V1 mean error (test)',
      unit: '',
      goal: 'min',
    })
  })
})

describe('the identity of a run', () => {
  it('is the same as without plug-ins where none is used', () => {
    const before = canonicalJson(identity())
    expect(before).not.toContain('plugin')
    expect(before).not.toContain('own_parts')
    usePlugins([described(HASH, ENTRIES)])
    expect(canonicalJson(identity())).toBe(before)
    expect(pluginsOf(config())).toEqual({})
  })

  it('holds the content of each plug-in that is used, and the options of its losses and measures', () => {
    usePlugins([described(HASH, ENTRIES)])
    const trainer = { ...OWN_LOSS, own_parts: { 'lab/error': {} } }
    expect(identity({ model: { fn: 'lab/one_layer' }, trainer })['plugins']).toEqual({
      'lab/one_layer': { plugin: HASH, config: {} },
      'lab/huber': { plugin: HASH, config: { delta: 1 } },
      'lab/error': { plugin: HASH, config: {} },
    })
  })

  it('changes with the content and with options, not with defaults that are written down', () => {
    usePlugins([described(HASH, ENTRIES)])
    const plain = canonicalJson(identity({ trainer: OWN_LOSS }))
    const written = { ...OWN_LOSS, own_parts: { 'lab/huber': { delta: 1 } } }
    expect(canonicalJson(identity({ trainer: written }))).toBe(plain)
    const other = { ...OWN_LOSS, own_parts: { 'lab/huber': { delta: 2 } } }
    expect(canonicalJson(identity({ trainer: other }))).not.toBe(plain)
    usePlugins([described('b'.repeat(64), ENTRIES)])
    expect(canonicalJson(identity({ trainer: OWN_LOSS }))).not.toBe(plain)
  })

  it('takes the plug-in that was trusted last where two have the part', () => {
    usePlugins([described('b'.repeat(64), ENTRIES), described(HASH, ENTRIES)])
    expect(pluginsOf(config({ trainer: OWN_LOSS }))['lab/huber']?.hash).toBe('b'.repeat(64))
  })

  it('has no part in runs that are older than plug-ins', () => {
    const before = { fn: 'cotrainer', config: { loss_functions: { v1: 'PoissonLoss' } } }
    expect(pluginsOf({ ...smallConfig(1), trainer: before } as unknown as RunConfig)).toEqual({})
  })
})
