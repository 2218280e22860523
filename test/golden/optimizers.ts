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
import { createOptimizer } from '../../src-main/engine/optim/index.ts'
import type { OptimizerName } from '../../src-main/engine/optim/index.ts'
import { createParamStore, valueAndGrads } from '../../src-main/engine/tensor/index.ts'
import type { ParamStore } from '../../src-main/engine/tensor/index.ts'
import type { Tolerance } from './compare.ts'
import { comparison, inWords } from './compare.ts'
import type { GoldenCase, GoldenOutcome } from './golden-case.ts'
import { asTensor, namedArray } from './golden-tensors.ts'
import type { GoldenFile } from './read-golden.ts'
import { goldenTensor, readGoldenFolder } from './read-golden.ts'

export const area = 'optimizers'

interface Trajectory {
  readonly name: string
  readonly optimizer: OptimizerName
  readonly options: Readonly<Record<string, unknown>>
  readonly losses?: readonly number[]
  /** Options of a second group that holds b. */
  readonly second_group_options: Readonly<Record<string, unknown>> | null
  readonly missing_gradient_of_w_at_step_2: 'none' | 'zeros' | null
  readonly loss_scale: number
}

interface TrajectoryValues {
  readonly tolerance: Tolerance
  readonly cases: readonly Trajectory[]
}

/** Step at which the cases about missing gradients leave w out of the loss. */
const STEP_WITHOUT_W = 2

export async function cases(folder: string): Promise<GoldenCase[]> {
  return (await readGoldenFolder(`${folder}/${area}`)).flatMap((file) => {
    const { cases: trajectories, tolerance } = file.values as TrajectoryValues
    return trajectories.map((t) => ({ name: t.name, run: async () => follow(file, t, tolerance) }))
  })
}

/** Follows a small regression step by step and compares the parameters after each. */
function follow(file: GoldenFile, t: Trajectory, tolerance: Tolerance): GoldenOutcome {
  const result = comparison()
  const params = createParamStore(new Map(['w', 'b'].map((p) => [p, namedArray(file, `${t.name}.${p}0`)])))
  const optimizer = createOptimizer(
    {
      name: t.optimizer,
      options: t.options,
      groups: t.second_group_options === null ? {} : { b: t.second_group_options },
      missingGradients: t.missing_gradient_of_w_at_step_2 === 'none' ? 'skip' : 'zero',
    },
    params,
    ['w', 'b'],
  )
  const steps = goldenTensor(file, `${t.name}.x`).shape[0] ?? 0
  for (let step = 0; step < steps; step++) {
    const left = t.missing_gradient_of_w_at_step_2 !== null && step === STEP_WITHOUT_W
    const loss = oneStep(file, t, step, params, left ? ['b'] : ['w', 'b'], optimizer)
    const expected = t.losses?.[step]
    if (expected !== undefined) result.close(`loss ${step}`, [loss], [expected], { rtol: 1e-4, atol: 1e-12 })
    for (const name of ['w', 'b']) {
      const path = goldenTensor(file, `${t.name}.${name}`)
      const size = path.data.length / steps
      const wanted = path.data.subarray(step * size, (step + 1) * size)
      result.close(
        `${name} after step ${step}`,
        (params.tensors.get(name) as Tensor).dataSync(),
        wanted,
        tolerance,
      )
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
): number {
  const at = (name: string): Tensor2D => tidy(() => row(asTensor(file, `${t.name}.${name}`), step))
  const [x, y] = [at('x'), at('y')]
  const { value, grads } = valueAndGrads(
    (p): Scalar => {
      const predicted = tanh(add(matMul(x, p.get('w') as Tensor2D, false, true), p.get('b') as Tensor))
      return mul(mean<Scalar>(square(sub(predicted, y))), t.loss_scale)
    },
    params.tensors,
    trained,
  )
  optimizer.update(grads)
  const loss = value.dataSync()[0] as number
  dispose([x, y, value, ...grads.values()])
  return loss
}

const row = (x: Tensor, i: number): Tensor2D => squeeze(slice(x, [i, 0, 0], [1, -1, -1]), [0])
