import type { Tensor } from '@tensorflow/tfjs-core'
import { add, mul, sub, tidy } from '@tensorflow/tfjs-core'
import type { AdamSettings, ParamStore } from '../tensor/index.ts'
import { adamNumbers, applyAdam, applyMomentum } from '../tensor/index.ts'
import type { GroupOptions, OptimizerName } from './options.ts'

/** One parameter in one step. */
interface ParameterUpdate {
  readonly params: ParamStore
  /** Slots of this parameter, named as {@link UpdateRule.slots} says. */
  readonly state: ParamStore
  readonly name: string
  readonly grad: Tensor
  readonly options: GroupOptions
  readonly learningRate: number
  /** Number of this update of this parameter, from 1. */
  readonly step: number
  /** {@link UpdateRule.numbers} as scalars: only these may differ from step to step. */
  readonly numbers: readonly Tensor[]
}

export interface UpdateRule {
  slots(options: GroupOptions): readonly string[]
  /** What changes from step to step, by the learning rate and the number of the update. */
  numbers(options: GroupOptions, learningRate: number, step: number): readonly number[]
  apply(update: ParameterUpdate): void
}

const current = ({ params, name }: ParameterUpdate): Tensor => params.tensors.get(name)! // checked on creation

/** Coupled L2: the decay is part of the gradient (torch's Adam and SGD). Inside a tidy. */
function withDecay(update: ParameterUpdate): Tensor {
  const { grad, options } = update
  return options.weight_decay === 0 ? grad : add(grad, mul(current(update), options.weight_decay))
}

const adamSlots = (options: GroupOptions): readonly string[] =>
  options.amsgrad ? ['m', 'v', 'vmax'] : ['m', 'v']

const adamSettings = ({ betas, eps }: GroupOptions, learningRate: number, step: number): AdamSettings => ({
  learningRate,
  beta1: betas[0],
  beta2: betas[1],
  epsilon: eps,
  step,
})

function runAdam(update: ParameterUpdate, grad: Tensor, numbers: readonly Tensor[]): void {
  const { params, state, name, options, learningRate, step } = update
  const slots = { m: 'm', v: 'v', ...(options.amsgrad ? { vMax: 'vmax' } : {}) }
  applyAdam(params, state, { name, ...slots, grad }, adamSettings(options, learningRate, step), numbers)
}

/** Kingma & Ba 2015; AMSGrad: Reddi et al. 2018. */
const adam: UpdateRule = {
  slots: adamSlots,
  numbers: (options, learningRate, step) => adamNumbers(adamSettings(options, learningRate, step)),
  apply: (update) => tidy(() => runAdam(update, withDecay(update), update.numbers)),
}

/** Loshchilov & Hutter 2019: the decay acts on the parameter itself, before the step. */
const adamw: UpdateRule = {
  slots: adamSlots,
  numbers: (options, learningRate, step) => [
    1 - learningRate * options.weight_decay,
    ...adamNumbers(adamSettings(options, learningRate, step)),
  ],
  apply: (update) =>
    tidy(() => {
      const { params, name, options, numbers } = update
      const [kept, ...rest] = numbers
      if (options.weight_decay !== 0) params.assign(name, mul(current(update), kept!))
      runAdam(update, update.grad, rest)
    }),
}

/** Gradient descent with torch's momentum: the first velocity is the gradient itself, undamped. */
const sgd: UpdateRule = {
  slots: (options) => (options.momentum === 0 ? [] : ['velocity']),
  numbers: ({ dampening }, learningRate, step) => [learningRate, step === 1 ? 1 : 1 - dampening],
  apply: (update) =>
    tidy(() => {
      const { params, state, name, options, numbers } = update
      const { momentum, dampening, nesterov } = options
      const [rate, undamped] = numbers as [Tensor, Tensor]
      const grad = withDecay(update)
      if (momentum === 0) {
        params.assign(name, sub(current(update), mul(grad, rate)))
        return
      }
      const damped = dampening === 0 ? grad : mul(grad, undamped)
      applyMomentum(params, state, { name, velocity: 'velocity', grad: damped }, { momentum, nesterov }, rate)
    }),
}

export const updateRules: Readonly<Record<OptimizerName, UpdateRule>> = { Adam: adam, AdamW: adamw, SGD: sgd }
