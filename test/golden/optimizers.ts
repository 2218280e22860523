import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import {
  add,
  dispose,
  matMul,
  mean,
  mul,
  slice,
  square,
  squeeze,
  sub,
  tanh,
  tidy,
} from '@tensorflow/tfjs-core'
import { createOptimizer, type OptimizerSettings } from '../../src-main/engine/optim/index.ts'
import { cotrainer } from '../../src-shared/schema/trainer/cotrainer.ts'
import { createParamStore, valueAndGrads } from '../../src-main/engine/tensor/index.ts'
import type { ParamStore } from '../../src-main/engine/tensor/index.ts'
import type { Tolerance } from './compare.ts'
import { comparison, inWords } from './compare.ts'
import { type PlainOptions } from './case-options.ts'
import { type GoldenCase, type GoldenOutcome, notComparable } from './golden-case.ts'
import { asTensor, namedArray, read } from './golden-tensors.ts'
import type { GoldenFile } from './read-golden.ts'
import { goldenTensor, readGoldenFolder } from './read-golden.ts'
import { publishedRules } from './published-trainer.ts'

export const area = 'optimizers'

interface Trajectory {
  readonly name: string
  readonly optimizer: string
  readonly options: PlainOptions
  readonly losses?: readonly number[]
  /** Options of a second group that holds b. */
  readonly second_group_options?: PlainOptions | null
  /** Factor of the loss; 1 where the file does not state it. */
  readonly loss_scale?: number
  /** `missing_gradient_of_<parameter>_at_step_<index>`: 'none', 'zeros' or null. */
  readonly [more: string]: unknown
}

interface TrajectoryValues {
  readonly tolerance: Tolerance
  readonly cases: readonly Trajectory[]
}

export async function cases(folder: string): Promise<GoldenCase[]> {
  return (await readGoldenFolder(`${folder}/${area}`)).flatMap((file) => {
    const { cases: trajectories, tolerance } = file.values as TrajectoryValues
    return trajectories.map((t) => ({ name: t.name, run: async () => follow(file, t, tolerance) }))
  })
}

const MISSING = /^missing_gradient_of_(w|b)_at_step_(\d+)$/

/** The parameter that takes no part in the loss at one step, and what the optimizer gets for it. */
function missingOf(
  t: Trajectory,
): { readonly name: string; readonly step: number; readonly rule: string } | null {
  for (const [key, rule] of Object.entries(t)) {
    const found = MISSING.exec(key)
    if (found !== null && typeof rule === 'string')
      return { name: found[1] as string, step: Number(found[2]), rule }
  }
  return null
}

const BUILT = ['Adam', 'AdamW', 'SGD']

/** Defaults of torch where they are not those of the co-trainer. */
const TORCH: Readonly<Record<string, PlainOptions>> = {
  Adam: { lr: 1e-3, weight_decay: 0 },
  AdamW: { lr: 1e-3, weight_decay: 0.01 },
  SGD: { lr: 1e-3, weight_decay: 0 },
}

/** Arguments of torch that choose how the same numbers are computed. */
const HOW = ['foreach', 'fused', 'capturable', 'differentiable']

/** The optimizer's part of the rules by which a run with these options would train. */
function settingsOf(t: Trajectory): OptimizerSettings {
  if (!BUILT.includes(t.optimizer)) notComparable(`no optimizer ${t.optimizer} is built here`)
  const stated = Object.fromEntries(Object.entries(t.options).filter(([key]) => !HOW.includes(key)))
  if (stated['maximize'] === false) delete stated['maximize']
  const known = cotrainer.schema.shape.optimizer_options.unwrap().shape
  const foreign = Object.keys(stated).filter((key) => !(key in known))
  if (foreign.length > 0) notComparable(`no option ${foreign.join(', ')} of ${t.optimizer} is offered here`)
  const { second_group_options: second = null } = t
  return publishedRules(
    { optimizer: t.optimizer, optimizer_options: { ...TORCH[t.optimizer], ...stated } },
    {
      specific_opt_options: second === null ? {} : { b: second },
      missing_gradients: missingOf(t)?.rule === 'none' ? 'skip' : 'zero',
    },
  ).optimizer
}

/** Follows a small regression step by step and compares the parameters after each. */
function follow(file: GoldenFile, t: Trajectory, tolerance: Tolerance): Promise<GoldenOutcome> {
  const result = comparison()
  const params = createParamStore(new Map(['w', 'b'].map((p) => [p, namedArray(file, `${t.name}.${p}0`)])))
  const optimizer = createOptimizer(settingsOf(t), params, ['w', 'b'])
  const missing = missingOf(t)
  const steps = goldenTensor(file, `${t.name}.x`).shape[0] ?? 0
  for (let step = 0; step < steps; step++) {
    const trained = ['w', 'b'].filter((name) => step !== missing?.step || name !== missing.name)
    const loss = oneStep(file, t, step, params, trained, optimizer)
    const expected = t.losses?.[step]
    if (expected !== undefined) result.close(`loss ${step}`, loss, [expected], { rtol: 1e-4, atol: 1e-12 })
    for (const name of ['w', 'b']) {
      const path = goldenTensor(file, `${t.name}.${name}`)
      const size = path.data.length / steps
      const wanted = path.data.subarray(step * size, (step + 1) * size)
      result.close(`${name} after step ${step}`, read(params.tensors.get(name) as Tensor), wanted, tolerance)
    }
  }
  optimizer.dispose()
  params.dispose()
  return result.outcome(inWords(tolerance))
}

function oneStep(
  file: GoldenFile,
  t: Trajectory,
  step: number,
  params: ParamStore,
  trained: readonly string[],
  optimizer: ReturnType<typeof createOptimizer>,
): Promise<Float32Array> {
  const at = (name: string): Tensor2D => tidy(() => row(asTensor(file, `${t.name}.${name}`), step))
  const [x, y] = [at('x'), at('y')]
  const { value, grads } = valueAndGrads(
    (p): Scalar => {
      const predicted = tanh(add(matMul(x, p.get('w') as Tensor2D, false, true), p.get('b') as Tensor))
      return mul(mean<Scalar>(square(sub(predicted, y))), t.loss_scale ?? 1)
    },
    params.tensors,
    trained,
  )
  optimizer.update(grads)
  const loss = read(value)
  dispose([x, y, value, ...grads.values()])
  return loss
}

const row = (x: Tensor, i: number): Tensor2D => squeeze(slice(x, [i, 0, 0], [1, -1, -1]), [0])
