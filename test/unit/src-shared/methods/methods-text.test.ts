import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { methodsText } from '../../../../src-shared/methods/methods-text.ts'
import type { RunDetail } from '../../../../src-shared/contract/run.ts'
import { parseRunConfig } from '../../../../src-shared/schema/run-config.ts'
import type { RunConfig } from '../../../../src-shared/schema/run-config.ts'
import { demoRuns, detailOf } from '../../../support/fake-renderer/made-up-runs.ts'

function shipped(name: string): RunConfig {
  const parsed = parseRunConfig(parse(readFileSync(`configs/${name}.yaml`, 'utf8')))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

const [made] = demoRuns()
const image = { height: 32, width: 32, channels: 1 }
const v1 = { area: 'v1' as const, key: 'in_silico_v1', units: 60 }
const digits = { image, classes: 10, sessions: [] }
const both = { ...digits, sessions: [v1] }

/** A finished run of a config; `changes` are what its record says otherwise. */
function runOf(config: RunConfig, changes: Partial<RunDetail> = {}, epoch = 4): RunDetail {
  if (made === undefined) throw new Error('there is no made-up run')
  const run = detailOf({ ...made, config }, [])
  const { name, seed } = config
  return { ...run, summary: { ...run.summary, name, seed, groupId: name, epoch }, ...changes }
}

const baseline = shipped('demo-baseline')
const cotrained = shipped('demo-cotrained')
const shuffled = shipped('demo-shuffled')

describe('a baseline alone', () => {
  const text = methodsText([1000, 2000].map((seed) => runOf({ ...baseline, seed }, { seen: digits })))

  it('tells network, images, loss, optimizer, schedule, end and engine in words of the field', () => {
    for (const said of [
      '2 networks were trained: “Demo, classification only”, with seeds 1000 and 2000.',
      'The network was a VGG-11 with batch normalisation and 0.125 of the published channels.',
      'Weights started from random values.',
      'Images to classify were those of MNIST (10 classes, 32 × 32 px, 1 channel), 20 % of the training images.',
      'The loss was cross entropy for classification.',
      'A batch held 64 images.',
      'The optimizer was Adam with a learning rate of 0.003 and a weight decay of 1e-5.',
      'The learning rate was multiplied by 0.3 after evaluations 2 and 3.',
      'Training was to end after 4 epochs at the latest',
      'Finished runs took 4 epochs.',
      'Computations used TensorFlow 2.15.0 on AMD EPYC 7B13, through CoTrain 0.1.0.',
    ])
      expect(text).toContain(said)
  })

  it('has no names of code, and no word of responses', () => {
    expect(text).not.toMatch(/\w_\w/)
    expect(text).not.toMatch(/responses|Neural readouts|In an epoch/)
  })
})

describe('several settings', () => {
  const details = [
    runOf(baseline, { seen: digits }),
    runOf(cotrained, { seen: both }),
    runOf(shuffled, { seen: both }),
  ]
  const text = methodsText(details)

  it('says which setting has what, and once what all have', () => {
    expect(text).toContain(
      'Responses to predict were those of 60 units of V1 in 1 session (simulated population) in “Demo, co-trained”; ' +
        'those of 60 units of V1 in 1 session (simulated population, shuffled between the images as a control) ' +
        'in “Demo, shuffled control”; none in “Demo, classification only”.',
    )
    expect(text).toContain(
      '“Demo, classification only”, “Demo, co-trained” and “Demo, shuffled control”, each with seed 1000.',
    )
    expect(text.match(/The network was/g)).toHaveLength(1)
    expect(text).toContain(
      'Neural readouts read V1 behind module 11 in “Demo, co-trained” and “Demo, shuffled control”.',
    )
    expect(text).toContain(
      'In an epoch, 1 batch of V1 came before each of classification, and every step added up their gradients in ',
    )
  })

  it('points at the table where there are more values than a sentence bears', () => {
    const { trainer } = cotrained
    if (trainer.fn !== 'cotrainer') throw new Error('the demos are co-trained')
    const rated = [1, 2, 3, 4, 5].map((n) => {
      const optimizer_options = { ...trainer.config.optimizer_options, lr: n / 1000 }
      const config = { ...trainer.config, optimizer_options }
      return runOf({ ...cotrained, name: `rate ${n}`, trainer: { ...trainer, config } })
    })
    const said = methodsText(rated)
    expect(said).toContain('The optimizer differed between the settings')
    expect(said).not.toContain('learning rate of')
  })

  it('says which seeds a setting has where they are not the same, and what did not finish', () => {
    const [first, ...rest] = details
    const summary = { ...first!.summary, seed: 7, status: 'diverged' as const }
    const said = methodsText([{ ...first!, summary }, ...rest])
    expect(said).toContain('“Demo, classification only” with seed 7; “Demo, co-trained” with seed 1000')
    expect(said).toContain('Not finished: 1 diverged.')
  })
})

describe('V4 alone', () => {
  const config = shipped('v4-single-task')
  const sessions = ['a', 'b', 'c'].map((key) => ({ area: 'v4' as const, key, units: 40 }))

  it('tells area, sessions and units', () => {
    const text = methodsText([runOf(config, { seen: { image: null, classes: null, sessions } })])
    expect(text).toContain('Responses to predict were those of 120 units of V4 in 3 sessions (')
    expect(text).not.toContain('Images to classify')
  })

  it('claims no number that was not recorded', () => {
    const text = methodsText([runOf(config, { environment: null })])
    expect(text).toContain('Responses to predict were those of V4 (')
    expect(text).not.toMatch(/units of|Computations/)
  })
})

it('names a builder that has no other word by its title, with its name, and a set by its name in the library', () => {
  const parsed = parseRunConfig({
    name: 'cells',
    dataset: { fn: 'neural_loader', config: { dataset: 'ab12' } },
    model: { fn: 'se_core_point_readout' },
    trainer: { fn: 'nnvision_trainer' },
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const text = methodsText([
    runOf(parsed.value, { dataSets: [{ id: 'ab12', name: 'Our V1', findings: [] }] }),
  ])
  expect(text).toContain('the model “Squeeze-excitation core, point readout” (se_core_point_readout)')
  expect(text).toContain('those of V1 (Our V1)')
  expect(text).toContain('The optimizer was Adam with a learning rate of 0.005.')
})

it('counts the runs that did not record their engine', () => {
  const text = methodsText([runOf(baseline), runOf({ ...baseline, seed: 2 }, { environment: null })])
  expect(text).toContain('through CoTrain 0.1.0; 1 run did not record it.')
})
