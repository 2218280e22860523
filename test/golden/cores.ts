import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { add, mul, sum, tensor, tidy, transpose } from '@tensorflow/tfjs-core'
import { createRng } from '../../src-shared/util/rng.ts'
import type { InputRegulariser } from '../../src-main/engine/model/cores/laplace.ts'
import { laplacePenalty } from '../../src-main/engine/model/cores/laplace.ts'
import { fromTorch, toTorch } from '../../src-main/engine/model/torch-layout.ts'
import { valueAndGrads } from '../../src-main/engine/tensor/index.ts'
import type { Shape3 } from '../../src-main/engine/model/index.ts'
import type { ForwardContext, ParamSpec } from '../../src-main/engine/types.ts'
import type { Comparison, Tolerance } from './compare.ts'
import { comparison, inWords } from './compare.ts'
import { type CoreUnderTest, coreUnderTest } from './core-model.ts'
import { type PublishedCore, publishedCore } from './core-options.ts'
import type { GoldenCase, GoldenOutcome } from './golden-case.ts'
import { asImages, asTensor, inScope, read, toNchw } from './golden-tensors.ts'
import type { GoldenFile } from './read-golden.ts'
import { goldenTensor, readGoldenFolder } from './read-golden.ts'

export const area = 'cores'

type Mode = 'eval' | 'train'

interface CoreCase {
  readonly name: string
  readonly core: string
  readonly options: Readonly<Record<string, unknown>>
  readonly input: string
  readonly params: Readonly<Record<string, readonly number[]>>
  readonly buffers: Readonly<Record<string, readonly number[]>>
  readonly eval?: { readonly objective: number; readonly regularizer: number }
  readonly train?: { readonly objective: number; readonly regularizer: number }
  readonly laplace?: number
  readonly group_sparsity?: number
}

interface RegulariserCase {
  readonly name: string
  readonly weight: string
  readonly padding: number | null
  readonly avg: boolean
  readonly kernel?: number
  readonly sigma?: number
  readonly value: number
  readonly grad_norm?: number
  readonly grad_first?: number
}

interface CoreValues {
  readonly tolerance: { readonly value: Tolerance; readonly grad: Tolerance }
  readonly cases?: readonly CoreCase[]
  readonly regularizer_cases?: readonly RegulariserCase[]
}

export async function cases(folder: string): Promise<GoldenCase[]> {
  return (await readGoldenFolder(`${folder}/${area}`)).flatMap((file) => {
    const values = file.values as CoreValues
    const cores = (values.cases ?? []).map((c) => ({
      name: c.name,
      run: async () => inScope(() => checkCore(file, values, c)),
    }))
    const penalties = (values.regularizer_cases ?? []).map((c) => ({
      name: `${c.name} ${c.weight} padding ${c.padding} ${c.avg ? 'mean' : 'sum'}`,
      run: async () => inScope(() => checkPenalty(file, values, c)),
    }))
    return [...cores, ...penalties]
  })
}

/** Tensors of ours are named within a model, the stored ones within the core. */
const publishedName = (spec: ParamSpec): string => spec.torch.name.replace(/^core\./, '')

async function checkCore(file: GoldenFile, values: CoreValues, c: CoreCase): Promise<GoldenOutcome> {
  const [, channels = 1, height = 0, width = 0] = goldenTensor(file, c.input).shape
  const input = { channels, height, width }
  const published = publishedCore(c.core, c.options, Object.keys(c.params))
  const core = coreUnderTest(published, input)
  const result = comparison()
  const kinds = { parameter: c.params, buffer: c.buffers }
  for (const kind of ['parameter', 'buffer'] as const) {
    const own = core.specs
      .map(publishedName)
      .filter((name, i) => core.specs[i]?.kind === kind && !isFixed(name))
    result.exact(
      `${kind}s`,
      own.sort(),
      Object.keys(kinds[kind])
        .filter((name) => !isFixed(name))
        .sort(),
    )
  }
  const params = storedParams(file, c, core)
  for (const mode of ['eval', 'train'] as const) await checkMode(file, values, c, core, params, mode, result)
  partsOfPenalty(values, c, published, input, params, result)
  return { ...(await result.outcome(inWords(values.tolerance.value))), notes: core.notes }
}

/** Buffers that hold constants of the code: filters of penalties, bases of functions, counters. */
const isFixed = (name: string): boolean =>
  /(laplace\.filter|hermite_conv\.rotate_hermite\.[\w.]+|num_batches_tracked)$/.test(name)

/** Both parts of the regulariser alone, each with a weight of 1. */
function partsOfPenalty(
  values: CoreValues,
  c: CoreCase,
  published: PublishedCore,
  input: Shape3,
  params: ReadonlyMap<string, Tensor>,
  result: Comparison,
): void {
  const parts = {
    laplace: { gamma_input: 1, gamma_hidden: 0 },
    group_sparsity: { gamma_input: 0, gamma_hidden: 1 },
  }
  for (const part of ['laplace', 'group_sparsity'] as const) {
    const expected = c[part]
    if (expected === undefined || !('gamma_hidden' in published.options)) continue
    const core = coreUnderTest({ ...published, options: { ...published.options, ...parts[part] } }, input)
    result.close(part, read(core.penalty(params)), [expected], values.tolerance.value)
  }
}

function storedParams(file: GoldenFile, c: CoreCase, core: CoreUnderTest): ReadonlyMap<string, Tensor> {
  const stored = core.specs.flatMap((spec) => {
    const prefix = spec.kind === 'parameter' ? 'param' : 'buffer'
    const found = file.tensors.get(`${c.name}.${prefix}.${publishedName(spec)}`)
    return found === undefined
      ? []
      : [[spec.name, tensor(fromTorch(spec, found.data), [...spec.shape])] as const]
  })
  return new Map<string, Tensor>(stored)
}

const INPUT = 'input'

async function checkMode(
  file: GoldenFile,
  values: CoreValues,
  c: CoreCase,
  core: CoreUnderTest,
  params: ReadonlyMap<string, Tensor>,
  mode: Mode,
  result: Comparison,
): Promise<void> {
  const expected = c[mode]
  if (expected === undefined) return
  const { value: tolerance, grad } = values.tolerance
  const after = new Map<string, Promise<ArrayLike<number>>>()
  const context: ForwardContext = {
    training: mode === 'train',
    rng: createRng(0),
    frozenNorms: new Set(),
    onStatistics: (name, batch, momentum) => {
      const both = Promise.all([read(params.get(name) as Tensor), read(batch)])
      const moved = both.then(([old, now]) =>
        old.map((v, i) => (1 - momentum) * v + momentum * (now[i] as number)),
      )
      after.set(name, moved)
    },
  }
  const all = new Map([...params, [INPUT, asImages<Tensor4D>(file, c.input)]])
  const objective = (p: ReadonlyMap<string, Tensor>): Scalar => {
    const y = core.apply(p.get(INPUT) as Tensor4D, p, context)
    return add(sum(mul(y, asImages(file, `${c.name}.upstream_grad`))), core.penalty(p))
  }
  const output = tidy(() => toNchw(core.apply(all.get(INPUT) as Tensor4D, all, context)))
  result.close(`${mode} output`, read(output), goldenTensor(file, `${c.name}.${mode}.output`).data, tolerance)
  result.close(`${mode} regularizer`, read(core.penalty(all)), [expected.regularizer], tolerance)
  const trained = core.specs.filter((s) => s.kind === 'parameter')
  const { value, grads } = valueAndGrads(objective, all, [INPUT, ...trained.map((s) => s.name)])
  result.close(`${mode} objective`, read(value), [expected.objective], tolerance)
  const stored = (name: string) => goldenTensor(file, `${c.name}.${mode}.grad.${name}`).data
  result.close(`${mode} grad.input`, read(toNchw(grads.get(INPUT) as Tensor)), stored('input'), grad)
  for (const spec of trained) {
    const g = toTorch(spec, await read(grads.get(spec.name) as Tensor))
    const isUnused = spec.role === 'bias' && g.every((v) => v === 0)
    const noise = isUnused ? await cancellation(grads.get(weightOf(spec.name))) : 0
    result.close(`${mode} grad.${publishedName(spec)}`, g, stored(publishedName(spec)), {
      ...grad,
      atol: grad.atol + noise,
    })
  }
  for (const spec of core.specs.filter((s) => after.has(s.name))) {
    const wanted = goldenTensor(file, `${c.name}.after_train.${publishedName(spec)}`).data
    result.close(`after training ${spec.torch.name}`, after.get(spec.name) ?? [], wanted, tolerance)
  }
}

const weightOf = (bias: string): string => bias.replace(/bias$/, 'weight')

/** Float32 rounding left over when terms as large as a layer's gradients cancel. */
const CANCELLATION = 1e-5

/**
 * The bias of a convolution in front of a batch norm has no gradient: ours is exactly 0, the stored numbers are what is left
 * when large terms cancel in single precision. They are held to that, not to the tolerance of a real gradient.
 */
async function cancellation(weightGrad: Tensor | undefined): Promise<number> {
  const values = weightGrad === undefined ? new Float32Array() : await read(weightGrad)
  return CANCELLATION * values.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
}

async function checkPenalty(
  file: GoldenFile,
  values: CoreValues,
  c: RegulariserCase,
): Promise<GoldenOutcome> {
  const { value: tolerance, grad } = values.tolerance
  const result = comparison()
  const weight = transpose(asTensor(file, c.weight), [2, 3, 1, 0])
  const { value, grads } = valueAndGrads(
    (p) =>
      laplacePenalty(p.get('w') as Tensor4D, {
        kind: c.name as InputRegulariser,
        padding: c.padding,
        average: c.avg,
        ...(c.kernel === undefined ? {} : { kernel: c.kernel }),
        ...(c.sigma === undefined ? {} : { sigma: c.sigma }),
      }),
    new Map([['w', weight]]),
    ['w'],
  )
  result.close('value', read(value), [c.value], tolerance)
  const g = await read(transpose(grads.get('w') as Tensor, [3, 2, 0, 1]))
  if (c.grad_norm !== undefined) result.close('grad_norm', [Math.hypot(...g)], [c.grad_norm], grad)
  if (c.grad_first !== undefined) result.close('grad_first', g.subarray(0, 1), [c.grad_first], grad)
  return result.outcome(inWords(tolerance))
}
