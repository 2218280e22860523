import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { dispose, scalar, slice, tensor } from '@tensorflow/tfjs-core'
import {
  buildLoss,
  buildWeighedLoss,
  lossNames,
  neuralObjective,
  POISSON_EPSILON,
  poissonPerUnit,
} from '../../src-main/engine/loss/index.ts'
import type { LossOptions } from '../../src-main/engine/loss/index.ts'
import { readNumber, valueAndGrads } from '../../src-main/engine/tensor/index.ts'
import type { Comparison, Tolerance } from './compare.ts'
import { comparison, inWords } from './compare.ts'
import { type GoldenCase, type GoldenOutcome, notComparable } from './golden-case.ts'
import { asTensor, inScope, read } from './golden-tensors.ts'
import type { GoldenFile } from './read-golden.ts'
import { goldenTensor, readGoldenFolder } from './read-golden.ts'

export const area = 'losses'

interface LossCase {
  readonly name: string
  readonly preds: string
  readonly targets: string
  readonly criterion: string
  readonly loss?: number
  readonly reduction?: 'mean' | 'sum'
  readonly weighing?: boolean
  readonly log_w?: number
  readonly grad_log_w?: readonly number[]
  readonly avg?: boolean
  readonly full_loss?: boolean
  readonly bias?: number
  readonly per_neuron?: boolean
  readonly values_tensor?: string
}

interface ObjectiveCase {
  readonly name: string
  /** `<poisson|nb|mse>_<sum|mean>` */
  readonly criterion: string
  readonly preds?: string
  readonly targets?: string
  readonly bias?: number
  readonly full_loss?: boolean
  readonly log_w: number | null
  readonly dataset_size: number
  readonly batch_size: number
  readonly scale_loss: boolean
  readonly regularizer: number
  readonly loss: number
  readonly grad_norm: number
}

interface LossValues {
  readonly tolerance: { readonly value: Tolerance; readonly grad: Tolerance }
  readonly cases?: readonly LossCase[]
  readonly objective_cases?: readonly ObjectiveCase[]
}

export async function cases(folder: string): Promise<GoldenCase[]> {
  return (await readGoldenFolder(`${folder}/${area}`)).flatMap((file) => {
    const values = file.values as LossValues
    const plain = (values.cases ?? []).map((c) => ({
      name: c.name,
      run: async () => inScope(() => checkLoss(file, values, c)),
    }))
    const objectives = (values.objective_cases ?? []).map((c) => {
      return { name: c.name, run: async () => inScope(() => checkObjective(file, values, c)) }
    })
    return [...plain, ...objectives]
  })
}

type Criterion = (output: Tensor2D, logW: Tensor | undefined) => Scalar

/** The criterion of published names such as "PoissonLoss with loss_weighing (...)". */
function criterionOf(name: string, options: LossOptions, weighed: boolean, target: Tensor): Criterion {
  if (!weighed) {
    const loss = buildLoss(name, options)
    return (output) => loss(output, target)
  }
  const loss = buildWeighedLoss(name, options)
  return (output, logW) => loss(output, target, logW as Tensor)
}

interface Differentiated {
  readonly value: number
  readonly output: Float32Array
  readonly logW: Float32Array
}

/** Value and gradients for the predictions and, where there is one, the log weight. */
async function differentiate(loss: Criterion, output: Tensor, logW: number | null): Promise<Differentiated> {
  const params = new Map<string, Tensor>([['output', output]])
  if (logW !== null) params.set('logW', tensor([logW]))
  const { value, grads } = valueAndGrads((p) => loss(p.get('output') as Tensor2D, p.get('logW')), params, [
    ...params.keys(),
  ])
  const gradient = async (name: string): Promise<Float32Array> => {
    const found = grads.get(name)
    return found === undefined ? new Float32Array() : read(found)
  }
  const out = {
    value: await readNumber(() => value),
    output: await gradient('output'),
    logW: await gradient('logW'),
  }
  dispose([value, ...grads.values()])
  return out
}

/** Published versions of the Poisson loss differ in whether they average, so a case must say it. */
function reductionOf({ reduction, avg }: LossCase): 'mean' | 'sum' {
  if (avg !== undefined) return avg ? 'mean' : 'sum'
  return reduction ?? notComparable('neither reduction nor avg is stated')
}

async function checkLoss(file: GoldenFile, values: LossValues, c: LossCase): Promise<GoldenOutcome> {
  const { value: tolerance, grad } = values.tolerance
  const result = comparison()
  const options: LossOptions = {
    lossSum: reductionOf(c) === 'sum',
    avgLoss: reductionOf(c) === 'mean',
    stirling: c.full_loss ?? false,
    poissonEpsilon: c.bias ?? POISSON_EPSILON,
  }
  const output = asTensor<Tensor2D>(file, c.preds)
  const target = asTensor<Tensor>(file, c.targets)
  if (c.per_neuron === true) {
    const perUnit = poissonPerUnit(output, target as Tensor2D, {
      reduction: reductionOf(c),
      epsilon: c.bias ?? POISSON_EPSILON,
      stirling: c.full_loss ?? false,
    })
    result.close(
      'values',
      read(perUnit),
      goldenTensor(file, c.values_tensor ?? `${c.name}.values`).data,
      tolerance,
    )
    return result.outcome(inWords(tolerance))
  }
  const name = knownLoss(c.criterion.split(' ')[0] as string) // a remark may follow the name
  const weighed = c.weighing === true
  const found = await differentiate(
    criterionOf(name, options, weighed, target),
    output,
    weighed ? (c.log_w ?? 0) : null,
  )
  if (c.loss !== undefined) result.close('loss', [found.value], [c.loss], tolerance)
  compareGradient(file, c.name, found, grad, result)
  if (c.grad_log_w !== undefined) result.close('grad_log_w', found.logW, c.grad_log_w, grad)
  return result.outcome(inWords(tolerance))
}

function compareGradient(
  file: GoldenFile,
  name: string,
  found: Differentiated,
  tolerance: Tolerance,
  result: Comparison,
): void {
  const stored = file.tensors.get(`${name}.grad_preds`)
  if (stored !== undefined) result.close('grad_preds', found.output, stored.data, tolerance)
}

const knownLoss = (name: string): string =>
  (lossNames as readonly string[]).includes(name) ? name : notComparable(`no loss ${name} is built here`)

/** Short names of criteria, and the tensors that a case means where it names none. */
const KINDS: Readonly<
  Record<string, { readonly loss: string; readonly preds: string; readonly targets: string }>
> = {
  poisson: { loss: 'PoissonLoss', preds: 'rates', targets: 'counts' },
  nb: { loss: 'NegativeBinomialLoss', preds: 'rates', targets: 'counts' },
  mse: { loss: 'MSELoss', preds: 'rates', targets: 'real_targets' },
}

async function checkObjective(
  file: GoldenFile,
  values: LossValues,
  c: ObjectiveCase,
): Promise<GoldenOutcome> {
  const { value: tolerance, grad } = values.tolerance
  const result = comparison()
  const [kind = '', reduction] = c.criterion.split('_')
  const { loss, preds, targets } = KINDS[kind] ?? notComparable(`no criterion ${c.criterion} is known here`)
  if (reduction !== 'sum' && reduction !== 'mean') notComparable(`${c.criterion} says neither sum nor mean`)
  const options: LossOptions = {
    lossSum: reduction === 'sum',
    avgLoss: reduction === 'mean',
    poissonEpsilon: c.bias ?? POISSON_EPSILON,
    stirling: c.full_loss ?? false,
  }
  const rows = [0, 0] as const
  const batch = (name: string): Tensor2D =>
    slice(asTensor<Tensor2D>(file, name), [...rows], [c.batch_size, -1])
  const target = batch(c.targets ?? targets)
  const criterion = criterionOf(loss, options, c.log_w !== null, target)
  const objective: Criterion = (output, logW) =>
    neuralObjective(criterion(output, logW), c.scale_loss ? scalar(c.regularizer) : null, {
      scale: c.scale_loss,
      datasetSize: c.dataset_size,
      batchSize: c.batch_size,
    })
  const found = await differentiate(objective, batch(c.preds ?? preds), c.log_w)
  result.close('loss', [found.value], [c.loss], tolerance)
  const norm = Math.hypot(...found.output)
  result.close('grad_norm', [norm], [c.grad_norm], grad)
  compareGradient(file, c.name, found, grad, result)
  return result.outcome(inWords(tolerance))
}
