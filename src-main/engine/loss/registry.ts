import { scalar } from '@tensorflow/tfjs-core'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { nearestName } from '../../../src-shared/util/nearest-name.ts'
import type { Loss } from '../types.ts'
import { anscombeError } from './anscombe.ts'
import { crossEntropy } from './cross-entropy.ts'
import { gammaLikelihood, gaussianLikelihood, zigLikelihood, zilLikelihood } from './distributions.ts'
import { exponential } from './exponential.ts'
import { negativeBinomial } from './negative-binomial.ts'
import { hasOwnLoss, ownLoss } from './own-losses.ts'
import { poisson, POISSON_EPSILON_2021 } from './poisson.ts'
import type { Reduction } from './present.ts'
import { squaredError } from './squared-error.ts'
import type { WeighedLoss } from './weighed.ts'
import { weigh } from './weighed.ts'
import { LOSS_NAMES, type LossName } from '../../../src-shared/schema/names.ts'

export interface LossOptions {
  /** Sum instead of mean, for every loss but the Poisson loss (`loss_sum`). */
  readonly lossSum: boolean
  /** Mean instead of sum, for the Poisson loss only (`avg_loss`). */
  readonly avgLoss: boolean
  /** Inside the Poisson logarithm; default that of the published runs, 1e-12. */
  readonly poissonEpsilon?: number
  /** Stirling term of the Poisson loss (`full_loss`). */
  readonly stirling?: boolean
  /** Options of the losses of plug-ins, by their names (`own_parts`). */
  readonly own?: Readonly<Record<string, unknown>>
}

/** A loss, plain and with a learned weight. */
interface LossEntry {
  readonly plain: (o: LossOptions) => Loss
  readonly weighed: (o: LossOptions) => WeighedLoss
}

const reductionOf = (o: LossOptions): Reduction => (o.lossSum ? 'sum' : 'mean')

/** Losses of responses get half the weight of classification, as in the published code. */
const NEURAL_FACTOR = 0.5

const scaledBy = (plain: LossEntry['plain'], factor: number): LossEntry => ({
  plain,
  weighed: (o) => {
    const loss = plain(o)
    return (output, target, logW) => weigh(loss(output, target), logW, factor)
  },
})

function likelihoodEntry(build: (reduction: Reduction) => Loss): LossEntry {
  return scaledBy((o) => build(o.avgLoss ? 'mean' : 'sum'), NEURAL_FACTOR)
}

const binomial =
  (o: LossOptions): WeighedLoss =>
  (output, target, logW) =>
    negativeBinomial(output, target, logW, reductionOf(o))

const plainPoisson = (o: LossOptions): Loss =>
  poisson({
    reduction: o.avgLoss ? 'mean' : 'sum',
    epsilon: o.poissonEpsilon ?? POISSON_EPSILON_2021,
    stirling: o.stirling ?? false,
  })

/** Name in configs -> builders. */
const LOSSES = {
  CrossEntropyLoss: scaledBy((o) => crossEntropy(reductionOf(o)), 1),
  MSELoss: scaledBy((o) => squaredError(reductionOf(o)), NEURAL_FACTOR),
  AnscombeMSE: scaledBy((o) => anscombeError(reductionOf(o)), NEURAL_FACTOR),
  ExponentialLoss: scaledBy((o) => exponential(reductionOf(o)), NEURAL_FACTOR),
  PoissonLoss: { plain: plainPoisson, weighed: binomial },
  NegativeBinomialLoss: {
    plain: (o) => (output, target) => binomial(o)(output, target, scalar(0)), // without a learned weight r = 1
    weighed: binomial,
  },
} satisfies Partial<Record<LossName, LossEntry>>

/** Likelihoods of the distribution encoders; summed unless averaged, as the Poisson loss. */
const LIKELIHOODS = {
  GaussianLoss: likelihoodEntry(gaussianLikelihood),
  GammaLoss: likelihoodEntry(gammaLikelihood),
  ZIGLoss: likelihoodEntry(zigLikelihood),
  ZILLoss: likelihoodEntry(zilLikelihood),
} satisfies Partial<Record<LossName, LossEntry>>

const ENTRIES: Readonly<Record<LossName, LossEntry>> = { ...LOSSES, ...LIKELIHOODS }

export const lossNames: readonly string[] = LOSS_NAMES

/** Whether a loss takes the parameters of a distribution, several numbers per unit. */
export const isLikelihood = (name: string): boolean => name in LIKELIHOODS

/** The loss that a config names. */
export const buildLoss = (name: string, options: LossOptions): Loss => entryOf(name).plain(options)

/** The same with a learned weight; a Poisson loss becomes a negative binomial one with r = exp(log weight), as published. */
export const buildWeighedLoss = (name: string, options: LossOptions): WeighedLoss =>
  entryOf(name).weighed(options)

/** A loss of a plug-in has the weight of its task, as ours have. */
const ownEntry = (name: string): LossEntry => ({
  plain: (o) => ownLoss(name, o.own?.[name], reductionOf(o)),
  weighed: (o) => {
    const loss = ownLoss(name, o.own?.[name], reductionOf(o))
    return (output, target, logW) => weigh(loss(output, target), logW, target.rank === 1 ? 1 : NEURAL_FACTOR)
  },
})

function entryOf(name: string): LossEntry {
  if (hasOwnLoss(name)) return ownEntry(name)
  const known = LOSS_NAMES.find((own) => own === name)
  if (known !== undefined) return ENTRIES[known]
  const near = nearestName(name, lossNames)
  throw new CotrainError({
    code: 'config-invalid',
    path: 'trainer.config.loss_functions',
    message: `no loss is called "${name}".`,
    hint: near === null ? `Known: ${lossNames.join(', ')}.` : `Did you mean "${near}"?`,
  })
}
