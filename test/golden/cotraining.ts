import { readNumber } from '../../src-main/engine/tensor/index.ts'
import { read } from './golden-tensors.ts'
import { normMemory } from '../../src-main/engine/train/epoch/divergence.ts'
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { abs, norm, sum, tensor, tensor4d, tidy, transpose, zeros } from '@tensorflow/tfjs-core'
import { join } from 'node:path'
import { EVALUATION } from '../../src-main/engine/eval/network.ts'
import { logWeightName } from '../../src-main/engine/loss/index.ts'
import { fromPublished, toPublished } from '../../src-main/engine/model/index.ts'
import { routeOf } from '../../src-main/engine/train/epoch/gradient-job.ts'
import type { Hook } from '../../src-main/engine/train/hooks/hook.ts'
import { taskObjectives } from '../../src-main/engine/train/rules/objective.ts'
import { trainEpoch } from '../../src-main/engine/train/epoch/train-epoch.ts'
import { openTraining } from '../../src-main/engine/train/state/training-state.ts'
import type { Batch, DataSet, Loader, Model, NamedArray, TaskName } from '../../src-main/engine/types.ts'
import type { TrainingRules } from '../../src-main/engine/train/rules/rules.ts'
import type { PlainOptions } from './case-options.ts'
import type { GoldenCase, GoldenOutcome } from './golden-case.ts'
import type { GoldenFile, GoldenTensor } from './read-golden.ts'
import { goldenTensor, readGoldenFolder } from './read-golden.ts'
import { publishedRules } from './published-trainer.ts'
import { type BuiltModel, publishedModel } from './vgg-models.ts'

/** Whole training epochs of the published loop, batch by batch, on a tiny backbone. */
export const area = 'cotraining'

interface Tolerance {
  readonly rtol: number
  readonly atol: number
}

interface Trace {
  readonly options: {
    readonly size: number
    readonly classes: number
    readonly backbone: readonly (number | 'M')[]
    readonly main_batches: number
    readonly class_batch: number
    readonly neural_batch: number
    readonly neural_sets: Readonly<
      Record<'v1' | 'v4', Readonly<Record<string, readonly [units: number, batches: number]>>>
    >
    readonly model: Readonly<Record<string, number | boolean>>
    readonly cycler_args: Readonly<Record<string, unknown>>
    readonly freeze_bn: Readonly<Record<string, unknown>>
    readonly readout_noise: boolean
    readonly zero_grad: 'none' | 'zeros'
  }
  readonly effective_trainer_options: Readonly<Record<string, unknown>>
  readonly log: readonly {
    readonly task: TaskName
    readonly data_key: string
    readonly loss: number
    readonly optimizer_step_follows: boolean
    readonly output_sum: number
    readonly output_abs_sum: number
  }[]
  readonly steps: readonly {
    readonly grad_norms: Readonly<Record<string, number | null>>
    readonly log_w_after: Readonly<Record<string, number>> | null
    readonly param_norms_after: Readonly<Record<string, number>>
  }[]
  readonly tracked: Readonly<Record<string, number>>
  readonly regularizer_final: Readonly<Record<string, number>>
  readonly tolerance: Readonly<Record<'loss' | 'final' | 'eval' | 'grad_norms', Tolerance>>
}

export async function cases(folder: string): Promise<GoldenCase[]> {
  const files = await readGoldenFolder(join(folder, area))
  return files.map((file) => ({ name: file.name, run: () => compare(file) }))
}

const SHARED = /^mtl_vgg_core\.v[14]_block\./

/** What the trace shows of the network beyond its options: norms, the classifier's units, whether shared blocks train. */
function shownByTrace(
  file: GoldenFile,
  t: Trace,
): { readonly batchNorm: boolean; readonly shown: PlainOptions } {
  const names = [...file.tensors.keys()]
  const dense = names.filter((name) => /^init\.classification_readout\.\d+\.weight$/.test(name))
  const first = goldenTensor(file, 'init.classification_readout.0.weight').shape
  return {
    batchNorm: names.some((name) => /^init\.mtl_vgg_core\..*block.*running_mean$/.test(name)),
    shown: {
      v1_fine_tune: t.steps.some(({ grad_norms }) =>
        Object.entries(grad_norms).some(([name, norm]) => SHARED.test(name) && norm !== null),
      ),
      classification_readout_type: first.length === 4 ? 'conv' : 'dense',
      readout_hidden: dense.length > 1 ? first[0] : 0,
    },
  }
}

/** The model as a run builds it from these options, on the tiny backbone of the trace. */
function modelOf(file: GoldenFile, t: Trace): BuiltModel {
  const { backbone: layout, classes, neural_sets, model } = t.options
  const { batchNorm, shown } = shownByTrace(file, t)
  const sessions = Object.fromEntries(
    Object.entries(neural_sets).map(([area, units]) => [
      area,
      Object.fromEntries(Object.entries(units).map(([key, [n]]) => [key, n])),
    ]),
  )
  const [area = '', first = {}] = Object.entries(neural_sets)[0] ?? []
  const options = { fn: 'mtl_builder', classification: true, num_classes: classes, ...shown, ...model }
  const inputs = {
    classification: goldenTensor(file, 'data.img_classification.0.inputs'),
    neural: goldenTensor(file, `data.${area}.${Object.keys(first)[0]}.0.inputs`),
  }
  return publishedModel({ options, sessions, inputs }, undefined, { layout, batchNorm })
}

const nhwc = (g: GoldenTensor): Tensor4D =>
  tidy(() => transpose(tensor4d(g.data, g.shape as [number, number, number, number]), [0, 2, 3, 1]))

function batchOf(file: GoldenFile, at: string, integer: boolean): Batch {
  const targets = goldenTensor(file, `${at}.targets`)
  return {
    inputs: nhwc(goldenTensor(file, `${at}.inputs`)),
    targets: tensor(targets.data, [...targets.shape], integer ? 'int32' : 'float32'),
    index: new Int32Array(targets.shape[0] as number),
  }
}

function loaderOf(file: GoldenFile, key: string, prefix: string, batches: number, batch: number): Loader {
  return {
    key,
    batches,
    size: batches * batch,
    async *epoch() {
      for (let i = 0; i < batches; i++) yield batchOf(file, `${prefix}.${i}`, key === 'img_classification')
    },
  }
}

function dataOf(file: GoldenFile, { options: o }: Trace): DataSet {
  const sets = Object.entries(o.neural_sets).map(([set, sessions]) => {
    const loaders = Object.entries(sessions).map(
      ([key, [, n]]) => [key, loaderOf(file, key, `data.${set}.${key}`, n, o.neural_batch)] as const,
    )
    return [set, new Map(loaders)] as const
  })
  const images = loaderOf(
    file,
    'img_classification',
    'data.img_classification',
    o.main_batches,
    o.class_batch,
  )
  const train = { ...Object.fromEntries(sets), img_classification: new Map([['img_classification', images]]) }
  return {
    train,
    validation: {},
    test: {},
    conditions: new Map(),
    sessions: new Map(),
    classNames: [],
    waited: () => 0,
  }
}

/** Options of the trace that the published class works out by itself stand among the effective ones. */
const rulesOf = ({ effective_trainer_options, options: o }: Trace): TrainingRules =>
  publishedRules(effective_trainer_options, {
    train_cycler_args: { ...o.cycler_args, legacy_ratio: true },
    freeze_bn: o.freeze_bn,
    missing_gradients: o.zero_grad === 'zeros' ? 'zero' : 'skip',
  })

/** Keeps the worst deviation in units of its tolerance. */
function ledger() {
  let worst = { ratio: 0, error: 0, where: 'nothing compared' }
  let count = 0
  const waiting: Promise<void>[] = []
  const note = (where: string, got: number, expected: number, { rtol, atol }: Tolerance): void => {
    count++
    const error = Math.abs(got - expected)
    const ratio = Number.isFinite(error) ? error / (atol + rtol * Math.abs(expected)) : Infinity
    if (ratio >= worst.ratio) worst = { ratio, error, where: `${where}: ${got} for ${expected}` }
  }
  return {
    see: (
      where: string,
      got: number | Promise<number>,
      expected: number | null | undefined,
      tolerance: Tolerance,
    ): void => {
      if (expected === null || expected === undefined) return
      if (typeof got === 'number') return note(where, got, expected, tolerance)
      const noted = got.then((read) => note(where, read, expected, tolerance))
      noted.catch(() => undefined) // `outcome` tells
      waiting.push(noted)
    },
    outcome: async (): Promise<GoldenOutcome> => {
      await Promise.all(waiting)
      return {
        maxError: worst.error,
        tolerance: 'as in the file',
        ok: count > 0 && worst.ratio <= 1,
        detail: `${count} numbers, worst ${worst.ratio.toFixed(3)} of its tolerance at ${worst.where}`,
      }
    },
  }
}

/** Reads a scalar that is not wanted after. */
const value = (t: Tensor): Promise<number> => {
  const out = readNumber(() => t)
  t.dispose()
  return out
}

async function compare(file: GoldenFile): Promise<GoldenOutcome> {
  const trace = file.values as Trace
  const { model, notes } = modelOf(file, trace)
  const init = new Map<string, NamedArray>(
    [...file.tensors]
      .filter(([name]) => name.startsWith('init.'))
      .map(([name, t]) => [name.slice('init.'.length), { shape: t.shape, dtype: 'float32', data: t.data }]),
  )
  const { arrays: start, report } = fromPublished(model.specs, init)
  if (report.missing.length + report.unused.length + report.mismatched.length > 0)
    throw new Error(JSON.stringify(report))
  const data = dataOf(file, trace)
  const rules = rulesOf(trace)
  const state = openTraining(
    { data, model, seed: 1, start, checkpoint: null, now: () => 0, stopRequest: () => 'no' },
    rules,
  )
  const book = ledger()
  const torchName = new Map(model.specs.map((s) => [s.name, s.torch.name]))
  const nameOf = (ours: string): string => torchName.get(ours) ?? ours
  let batch = 0
  let step = 0
  const outputs: { sum: Promise<number>; abs: Promise<number> }[] = []
  const watch: Hook = {
    name: 'watch',
    loss: ({ output }) => {
      outputs.push({ sum: value(sum(output)), abs: value(sum(abs(output))) })
      return null
    },
  }
  const position = {
    step: 0,
    images: 0,
    seconds: 0,
    stop: null as never,
    queue: [],
    epoch: 0,
    batchesDone: 0,
    tally: {},
    rates: state.optimizer.rates,
  }
  const epoch = trainEpoch({
    state,
    rules,
    norms: normMemory(),
    objectives: taskObjectives(rules),
    hooks: [watch],
    loaders: data.train,
    epoch: 1,
    rates: state.optimizer.rates,
    position,
    waited: () => 0,
    now: () => 0,
    stopRequest: () => 'no',
    readEachBatch: true, // a probe sees each batch
    probe: {
      noise: (k, { batch }) => {
        const shape = [...batch.targets.shape, 2]
        return trace.options.readout_noise
          ? tensor(goldenTensor(file, `noise.${k}`).data, shape)
          : zeros(shape)
      },
      batch: (at, { loss }) => {
        const expected = trace.log[batch]
        const seen = outputs[batch]
        if (expected === undefined || seen === undefined)
          throw new Error(`batch ${batch} is not in the trace`)
        const where = `batch ${batch} (${at.task}/${at.session})`
        if (
          at.task !== expected.task ||
          at.session !== expected.data_key ||
          at.step !== expected.optimizer_step_follows
        ) {
          throw new Error(`${where}: the trace has ${expected.task}/${expected.data_key}`)
        }
        book.see(`${where} loss`, loss, expected.loss, trace.tolerance.loss)
        book.see(`${where} output sum`, seen.sum, expected.output_sum, trace.tolerance.eval)
        book.see(`${where} output abs sum`, seen.abs, expected.output_abs_sum, trace.tolerance.eval)
        batch++
      },
      gradients: (pending) => {
        for (const [name, expected] of Object.entries(trace.steps[step]?.grad_norms ?? {})) {
          const grad = [...pending].find(([ours]) => nameOf(ours) === name)?.[1]
          if (expected === null || grad === undefined) continue
          const got = name.startsWith('log_w.') ? readNumber(() => grad) : value(norm(grad))
          book.see(`step ${step} gradient of ${name}`, got, expected, trace.tolerance.grad_norms)
        }
      },
      updated: () => {
        const expected = trace.steps[step]
        for (const [task, w] of Object.entries(expected?.log_w_after ?? {})) {
          const got = readNumber(() => state.store.tensors.get(logWeightName(task as TaskName)) as Tensor)
          book.see(`step ${step} log_w of ${task}`, got, w, trace.tolerance.final)
        }
        for (const [ours, name] of torchName) {
          const norms = expected?.param_norms_after[name]
          if (norms !== undefined)
            book.see(
              `step ${step} norm of ${name}`,
              value(norm(state.store.tensors.get(ours) as Tensor)),
              norms,
              { rtol: trace.tolerance.final.rtol, atol: trace.tolerance.final.atol * 10 },
            )
        }
        step++
      },
    },
  })
  for (let next = await epoch.next(); next.done !== true; next = await epoch.next());
  if (batch !== trace.log.length || step !== trace.steps.length)
    throw new Error(`${batch} batches and ${step} steps in the epoch`)
  await compareFinal(file, trace, model, state, book)
  state.dispose()
  return { ...(await book.outcome()), notes }
}

async function compareFinal(
  file: GoldenFile,
  trace: Trace,
  model: Model,
  state: ReturnType<typeof openTraining>,
  book: ReturnType<typeof ledger>,
): Promise<void> {
  const final = toPublished(model.specs, await state.store.read(state.modelNames))
  for (const [name, expected] of file.tensors) {
    if (!name.startsWith('final.')) continue
    const got = final.get(name.slice('final.'.length))
    if (got === undefined) throw new Error(`no tensor ${name}`)
    expected.data.forEach((e, i) =>
      book.see(`${name}[${i}]`, got.data[i] as number, e, trace.tolerance.final),
    )
  }
  for (const [name, expected] of file.tensors) {
    if (!name.startsWith('eval.')) continue
    const [, task, session = 'img_classification'] = name.split('.')
    const { inputs, targets } = batchOf(file, `data.${name.slice('eval.'.length)}.0`, true)
    const route = routeOf(task as TaskName, session)
    const output = tidy(() => model.apply(state.store.tensors, inputs, route, EVALUATION).output as Tensor2D)
    const got = await read(output)
    expected.data.forEach((e, i) => book.see(`${name}[${i}]`, got[i] as number, e, trace.tolerance.eval))
    for (const t of [inputs, targets, output]) t.dispose()
  }
  for (const [key, expected] of Object.entries(trace.regularizer_final)) {
    const [task, session] = key.split('.') as [TaskName, string]
    const got = value(model.penalty(state.store.tensors, routeOf(task, session)))
    book.see(`regulariser of ${key}`, got, expected, trace.tolerance.eval)
  }
}
