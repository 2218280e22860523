import { describe, expect, it } from 'vitest'
import * as classification from '../../../support/measures/classification.ts'
import * as correlation from '../../../../src-main/engine/eval/measures/correlation.ts'
import * as likelihoods from '../../../support/measures/log-likelihoods.ts'
import * as reliability from '../../../../src-main/engine/eval/measures/reliability.ts'
import { RESPONSE_LOSSES } from '../../../../src-main/engine/eval/measures/response-losses.ts'
import { lossNames } from '../../../../src-main/engine/loss/index.ts'
import { INPUT_REGULARISERS } from '../../../../src-main/engine/model/cores/laplace.ts'
import { modelNames } from '../../../../src-main/engine/model/index.ts'
import type { Component } from '../../../../src-shared/schema/component.ts'
import type { FormField } from '../../../../src-shared/schema/form.ts'
import { formOf } from '../../../../src-shared/schema/form.ts'
import { findComponent } from '../../../../src-shared/schema/registry.ts'
import { resolve } from '../../../../src-shared/schema/resolve.ts'
import type { NetworkFixture } from '../../../support/published/fixture.ts'
import { published, publishedNames } from '../../../support/published/fixture.ts'

/**
 * What the registry offers must have numbers of the published code under test/fixtures/published, or stand here
 * with a reason. A name that no longer needs its reason fails too.
 */
const FIRST_VALUES = 'decides first values only'
const NO_CORE_FINDS_IT = 'the published cores look a nonlinearity up by name and do not find this one'
const WITHOUT_CHOICE: Readonly<Record<string, string>> = {
  'nonlinearity_type=ELU': `${NO_CORE_FINDS_IT}; the plain ELU is that of every squeeze-excitation core`,
  'nonlinearity_type=ReLU': NO_CORE_FINDS_IT,
  'nonlinearity_type=Sigmoid': NO_CORE_FINDS_IT,
  'nonlinearity_type=Tanh': NO_CORE_FINDS_IT,
  'nonlinearity_type=Identity': `${NO_CORE_FINDS_IT}; a linear core is compared`,
  'gain=elu1': 'an addition of ours: gains that can fall below 1',
  'dataset_cls=TinyImageNet': 'only fills in other options',
  'dataset_cls=ImageNet': 'only fills in other options',
  'dataset_cls=V1_ImageNet': 'only fills in other options',
  'bias_init=training_set': FIRST_VALUES,
  'bias_init=first_batch': FIRST_VALUES,
  'fixed_sigma=true': FIRST_VALUES,
  'advanced_init=true': FIRST_VALUES,
  'zero_init_residual=true': FIRST_VALUES,
  'zero_init_residual=false': FIRST_VALUES,
  'pretrained=true': FIRST_VALUES,
  'init_weights=false': 'refused here',
  'final_batchnorm_scale=false': 'compared by test/golden/cores.ts',
  'positive_weights=true': 'never read by the published forward pass',
  'v1_final_batchnorm=true': 'the published network fails with it',
}

const NO_PUBLISHED_FUNCTION =
  'no function of the published packages; their trainer counts right answers as it goes'
const WITHOUT_MEASURE: Readonly<Record<string, string>> = {
  oracleCross: 'the published function of that name is empty',
  predictedClasses: NO_PUBLISHED_FUNCTION,
  topKAccuracy: NO_PUBLISHED_FUNCTION,
  accuracy: NO_PUBLISHED_FUNCTION,
  confusionMatrix: NO_PUBLISHED_FUNCTION,
  accuracyPerClass: NO_PUBLISHED_FUNCTION,
  confidences: NO_PUBLISHED_FUNCTION,
  calibration: NO_PUBLISHED_FUNCTION,
}

/** Measures that test/unit/.../eval/measures/published-measures.test.ts and test/golden/measures.ts compare. */
const COMPARED_MEASURES = [
  ...['correlation', 'correlationForLoss', 'correlationSampleDeviation', 'correlationPerUnit'],
  ...['correlationToAverage', 'oracleJackknife', 'oracleConservative', 'explainableVariance', 'fev', 'feve'],
  ...['feveAbove', 'anscombe', 'signalToNoise', 'fractionOracle', 'gini', 'gaussianLoss', 'gammaLoss'],
  ...['zeroInflatedGammaLoss', 'zeroInflatedLogNormalLoss', 'zeroInflatedLogStudentLoss'],
]

const networks = (['models', 'composed'] as const).flatMap((family) =>
  publishedNames(family).flatMap((name) => published<NetworkFixture>(family, name).ours),
)

const component = (fn: string): Component => {
  const known = findComponent('model', fn)
  if (known === undefined) throw new Error(`no model ${fn}`)
  return known
}

/** The VGG is chosen under two names. */
const choiceName = (key: string, value: unknown): string =>
  `${key === 'vgg_type' ? 'type' : key}=${String(value)}`

const FLAG = ['true', 'false']

const isChoice = (kind: FormField['kind']): boolean => kind === 'choice' || kind === 'boolean'

function choicesOf(fields: readonly FormField[]): readonly string[] {
  return fields.flatMap(({ key, kind, choices, fields: inner = [] }) =>
    isChoice(kind) ? (choices ?? FLAG).map((value) => choiceName(key, value)) : choicesOf(inner),
  )
}

/** Choices that count with the options of a compared network, defaults included. */
const comparedChoices = new Set(
  networks.flatMap(({ fn, config }) =>
    [...resolve(component(fn), config).options.values()]
      .filter(({ field, applies }) => isChoice(field.kind) && applies)
      .map(({ field, value }) => choiceName(field.key, value)),
  ),
)

const functionsOf = (...modules: readonly object[]): readonly string[] =>
  modules.flatMap((m) =>
    Object.entries(m).flatMap(([name, value]) => (typeof value === 'function' ? [name] : [])),
  )

const lacking = (offered: Iterable<string>, compared: Iterable<string>): readonly string[] => {
  const known = new Set(compared)
  return [...new Set(offered)].filter((name) => !known.has(name)).sort()
}

describe('the registry and the published numbers', () => {
  it('compares every model', () => {
    expect(
      lacking(
        modelNames,
        networks.map(({ fn }) => fn),
      ),
    ).toEqual([])
  })

  it('compares every choice and flag of network, core, readout, encoder and regulariser', () => {
    const offered = modelNames.flatMap((fn) => choicesOf(formOf(component(fn).schema)))
    const firstValues = Object.keys(WITHOUT_CHOICE).filter((name) => name.startsWith('bias_init'))
    const compared = [...comparedChoices].filter((name) => !firstValues.includes(name))
    expect(lacking(offered, compared)).toEqual(Object.keys(WITHOUT_CHOICE).sort())
  })

  it('compares every loss', () => {
    const losses = publishedNames('losses').map((name) => published<{ loss: string }>('losses', name).loss)
    expect(lacking(lossNames, losses)).toEqual([])
  })

  it('compares every smoothness penalty', () => {
    const names = publishedNames('regularisers')
    const compared = names.map((n) => published<{ regulariser: string }>('regularisers', n).regulariser)
    expect(lacking(INPUT_REGULARISERS, compared)).toEqual([])
  })

  it('compares every measure', () => {
    const offered = functionsOf(correlation, reliability, likelihoods, classification)
    expect(lacking(offered, COMPARED_MEASURES)).toEqual(Object.keys(WITHOUT_MEASURE).sort())
    const { values } = published<{ values: object }>('measures', 'response-losses')
    expect(lacking(Object.keys(RESPONSE_LOSSES), Object.keys(values))).toEqual([])
  })
})
