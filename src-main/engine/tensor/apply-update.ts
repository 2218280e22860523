import type { Tensor } from '@tensorflow/tfjs-core'
import { add, div, maximum, mul, scalar, sqrt, square, sub, tidy } from '@tensorflow/tfjs-core'
import type { NamedArrays } from '../types.ts'
import { attr, handlesOf, onNative, onWebgpu, runRaw } from './base/native-ops.ts'
import type { ParamStore } from './base/params.ts'

/** One parameter with its moment estimates in the state store and its gradient (weight decay already in it). */
export interface AdamUpdate {
  readonly name: string
  readonly m: string
  readonly v: string
  /** Largest second moment so far: the AMSGrad variant. */
  readonly vMax?: string
  readonly grad: Tensor
}

export interface AdamSettings {
  readonly learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Number of this update of the parameters, from 1. */
  readonly step: number
}

/** Numbers of an update as the library's kernels take them: scalars, made once for all parameters that share them. */
export const adamNumbers = (s: AdamSettings): readonly number[] => [
  s.beta1 ** s.step,
  s.beta2 ** s.step,
  s.learningRate,
  s.beta1,
  s.beta2,
  // TensorFlow adds epsilon to sqrt(v) before the bias correction: scaled, it is PyTorch's.
  s.epsilon * Math.sqrt(1 - s.beta2 ** s.step),
]

/**
 * Adam with PyTorch's placing of epsilon (outside the bias correction), one fused kernel per parameter on native:
 * p -= lr / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + eps), Kingma & Ba 2015; with `vMax` Reddi et al. 2018.
 * @param numbers {@link adamNumbers} of the settings, as scalars
 */
export function applyAdam(
  params: ParamStore,
  state: ParamStore,
  update: AdamUpdate,
  settings: AdamSettings,
  numbers: readonly Tensor[],
): void {
  if (onNative()) nativeAdam(params, state, update, numbers)
  else (onWebgpu() ? composedAdam : loopAdam)(params, state, update, settings)
}

function nativeAdam(
  params: ParamStore,
  state: ParamStore,
  { name, m, v, vMax, grad }: AdamUpdate,
  numbers: readonly Tensor[],
): void {
  const attrs = [attr.type('T'), attr.bool('use_locking', false)]
  const moments = state.variables(vMax === undefined ? [m, v] : [m, v, vMax])
  const inputs = [...params.variables([name]), ...moments, ...handlesOf([...numbers, grad])]
  if (vMax === undefined) runRaw('ResourceApplyAdam', [...attrs, attr.bool('use_nesterov', false)], inputs, 0)
  else runRaw('ResourceApplyAdamWithAmsgrad', attrs, inputs, 0)
}

/** The same in plain loops, for backends without variables: one pass instead of a dozen small operations. */
function loopAdam(params: ParamStore, state: ParamStore, update: AdamUpdate, s: AdamSettings): void {
  const copy = (store: ParamStore, name: string): Float32Array =>
    Float32Array.from(store.tensors.get(name)!.dataSync())
  const [p, m, v] = [copy(params, update.name), copy(state, update.m), copy(state, update.v)]
  const vMax = update.vMax === undefined ? v : copy(state, update.vMax)
  const grad = update.grad.dataSync()
  const size = s.learningRate / (1 - s.beta1 ** s.step)
  const correction = Math.sqrt(1 - s.beta2 ** s.step)
  for (let i = 0; i < p.length; i++) {
    const g = grad[i]!
    m[i] = s.beta1 * m[i]! + (1 - s.beta1) * g
    v[i] = s.beta2 * v[i]! + (1 - s.beta2) * g * g
    vMax[i] = Math.max(vMax[i]!, v[i]!)
    p[i] = p[i]! - (size * m[i]!) / (Math.sqrt(vMax[i]!) / correction + s.epsilon)
  }
  const { shape } = update.grad
  const arrays = (entries: [string, Float32Array][]): NamedArrays =>
    new Map(entries.map(([name, data]) => [name, { shape, dtype: 'float32', data }]))
  params.load(arrays([[update.name, p]]))
  state.load(arrays([[update.m, m], [update.v, v], ...(update.vMax === undefined ? [] : [[update.vMax, vMax] as [string, Float32Array]])])) // prettier-ignore
}

/** The same on a device whose values cannot be read at once. */
function composedAdam(params: ParamStore, state: ParamStore, update: AdamUpdate, s: AdamSettings): void {
  const { name, grad } = update
  const now = (store: ParamStore, of: string): Tensor => store.tensors.get(of)!
  tidy(() => {
    const m = add(mul(now(state, update.m), s.beta1), mul(grad, 1 - s.beta1))
    const v = add(mul(now(state, update.v), s.beta2), mul(square(grad), 1 - s.beta2))
    const most = update.vMax === undefined ? v : maximum(now(state, update.vMax), v)
    const size = s.learningRate / (1 - s.beta1 ** s.step)
    const correction = Math.sqrt(1 - s.beta2 ** s.step)
    const step = div(mul(m, size), add(div(sqrt(most), correction), s.epsilon))
    params.assign(name, sub(now(params, name), step))
    state.assign(update.m, m)
    state.assign(update.v, v)
    if (update.vMax !== undefined) state.assign(update.vMax, most)
  })
}

/** One parameter with its velocity in the state store and its gradient (weight decay already in it). */
export interface MomentumUpdate {
  readonly name: string
  readonly velocity: string
  readonly grad: Tensor
}

export interface MomentumSettings {
  readonly momentum: number
  readonly nesterov: boolean
}

/**
 * Stochastic gradient descent with momentum: u = momentum * u + g; p -= lr * u, or lr * (g + momentum * u) with Nesterov.
 * @param learningRate a scalar
 */
export function applyMomentum(
  params: ParamStore,
  state: ParamStore,
  { name, velocity, grad }: MomentumUpdate,
  { momentum, nesterov }: MomentumSettings,
  learningRate: Tensor,
): void {
  tidy(() => {
    if (onNative()) {
      const attrs = [attr.type('T'), attr.bool('use_locking', false), attr.bool('use_nesterov', nesterov)]
      const variables = [...params.variables([name]), ...state.variables([velocity])]
      const inputs = [...variables, ...handlesOf([learningRate, grad, scalar(momentum)])]
      return void runRaw('ResourceApplyMomentum', attrs, inputs, 0)
    }
    const u = add(mul(state.tensors.get(velocity)!, momentum), grad)
    state.assign(velocity, u)
    const step = nesterov ? add(grad, mul(u, momentum)) : u
    params.assign(name, sub(params.tensors.get(name)!, mul(step, learningRate)))
  })
}
