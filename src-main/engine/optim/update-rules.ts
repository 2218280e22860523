import type { Tensor } from '@tensorflow/tfjs-core'
import { add, mul, sub, tidy } from '@tensorflow/tfjs-core'
import type { ParamStore } from '../tensor/index.ts'
import { applyAdam, applyMomentum } from '../tensor/index.ts'
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
}

export interface UpdateRule {
  slots(options: GroupOptions): readonly string[]
  apply(update: ParameterUpdate): void
}

const current = ({ params, name }: ParameterUpdate): Tensor => params.tensors.get(name) as Tensor // checked on creation

/** Coupled L2: the decay is part of the gradient (torch's Adam and SGD). Inside a tidy. */
function withDecay(update: ParameterUpdate): Tensor {
  const { grad, options } = update
  return options.weight_decay === 0 ? grad : add(grad, mul(current(update), options.weight_decay))
}

const adamSlots = (options: GroupOptions): readonly string[] =>
  options.amsgrad ? ['m', 'v', 'vmax'] : ['m', 'v']

function runAdam(update: ParameterUpdate, grad: Tensor): void {
  const { params, state, name, options, learningRate, step } = update
  const [beta1, beta2] = options.betas
  const slots = { m: 'm', v: 'v', ...(options.amsgrad ? { vMax: 'vmax' } : {}) }
  applyAdam(params, state, [{ name, ...slots, grad }], {
    learningRate,
    beta1,
    beta2,
    epsilon: options.eps,
    step,
  })
}

/** Kingma & Ba 2015; AMSGrad: Reddi et al. 2018. */
const adam: UpdateRule = {
  slots: adamSlots,
  apply: (update) => tidy(() => runAdam(update, withDecay(update))),
}

/** Loshchilov & Hutter 2019: the decay acts on the parameter itself, before the step. */
const adamw: UpdateRule = {
  slots: adamSlots,
  apply: (update) =>
    tidy(() => {
      const { params, name, options, learningRate } = update
      if (options.weight_decay !== 0) {
        params.assign(name, mul(current(update), 1 - learningRate * options.weight_decay))
      }
      runAdam(update, update.grad)
    }),
}

/** Gradient descent with torch's momentum: the first velocity is the gradient itself, undamped. */
const sgd: UpdateRule = {
  slots: (options) => (options.momentum === 0 ? [] : ['velocity']),
  apply: (update) =>
    tidy(() => {
      const { params, state, name, options, learningRate, step } = update
      const { momentum, dampening, nesterov } = options
      const grad = withDecay(update)
      if (momentum === 0) {
        params.assign(name, sub(current(update), mul(grad, learningRate)))
        return
      }
      const damped = step === 1 || dampening === 0 ? grad : mul(grad, 1 - dampening)
      applyMomentum(params, state, [{ name, velocity: 'velocity', grad: damped }], {
        learningRate,
        momentum,
        nesterov,
      })
    }),
}

export const updateRules: Readonly<Record<OptimizerName, UpdateRule>> = { Adam: adam, AdamW: adamw, SGD: sgd }
