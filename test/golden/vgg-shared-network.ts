import type { Tensor4D } from '@tensorflow/tfjs-core'
import { tensor, tidy } from '@tensorflow/tfjs-core'
import { createRng } from '../../src-shared/util/rng.ts'
import { createParamStore } from '../../src-main/engine/tensor/index.ts'
import type { ForwardContext, Model, ModelOutput, NeuralSet, Route } from '../../src-main/engine/types.ts'
import { fromPublished, initialValue } from '../../src-main/engine/model/index.ts'
import type { Comparison, Tolerance } from './compare.ts'
import { comparison, inWords } from './compare.ts'
import type { GoldenCase, GoldenOutcome } from './golden-case.ts'
import type { Recipe } from './golden-tensors.ts'
import { fromRecipe, toNhwc } from './golden-tensors.ts'
import type { GoldenFile } from './read-golden.ts'
import { goldenTensor } from './read-golden.ts'
import type { PublishedModel, SessionMeans } from './vgg-models.ts'
import { publishedModel, unitsByArea } from './vgg-models.ts'

interface SharedValues extends PublishedModel {
  /** Explains the case; says which responses the first biases are means of. */
  readonly note?: string
  readonly neural_sets: readonly NeuralSet[]
  readonly inputs: Readonly<Record<'neural' | 'classification' | 'both', Recipe>>
  readonly both_neural_set?: NeuralSet
  readonly both_session?: string
  readonly entries: Readonly<Record<string, Recipe>>
  readonly results: Readonly<Record<string, number | { readonly sum: number }>>
  readonly tolerance: { readonly value: Tolerance; readonly max_abs_diff_over_max_abs_value?: number }
}

/** Whole shared networks with reproducible weights: outputs per area and session, both tasks at once, regularisers, first biases. */
export function sharedNetworkCases(file: GoldenFile): GoldenCase[] {
  const values = file.values as SharedValues
  return [{ name: file.name, run: () => check(file, values) }]
}

async function check(file: GoldenFile, values: SharedValues): Promise<GoldenOutcome> {
  const responses = firstResponses(values.note ?? '')
  const { model, notes } = publishedModel(
    values,
    responses === null ? undefined : firstBatches(values, responses),
  )
  const result = comparison()
  const left = responses === null ? [BIASES_LEFT_OUT] : firstBiases(file, model, result)
  const published = new Map(Object.entries(values.entries).map(([name, r]) => [name, fromRecipe(r)]))
  const { arrays, report } = fromPublished(model.specs, published)
  result.exact('tensors without a value', report.missing, [])
  result.exact('tensors without a place', report.unused, [])
  const store = createParamStore(arrays)
  try {
    tidy(() => outputs(file, values, model, store.tensors, result))
  } finally {
    store.dispose()
  }
  return { ...(await result.outcome(inWords(values.tolerance.value))), notes: [...notes, ...left] }
}

const BIASES_LEFT_OUT =
  'first biases are not compared: the note does not say which responses they are means of'

/** Recipe of the first batch of responses of session j, whose seed is the base plus j. */
interface ResponseRecipe {
  readonly rows: number
  readonly seed: number
  readonly scale: number
  readonly offset: number
}

const RESPONSES = /recipe\(shape \[(\d+), neurons\], seed (\d+) \+ j, scale ([\d.]+), offset (-?[\d.]+\d)/

/** Responses as the note of the file describes them. */
function firstResponses(note: string): ResponseRecipe | null {
  const found = RESPONSES.exec(note)?.slice(1).map(Number)
  if (found === undefined) return null
  const [rows = 0, seed = 0, scale = 0, offset = 0] = found
  return { rows, seed, scale, offset }
}

const sessionKeys = (values: SharedValues, area: NeuralSet): readonly string[] =>
  Object.keys(unitsByArea(values)(area))

const firstBatches =
  (values: SharedValues, { rows, seed, scale, offset }: ResponseRecipe): SessionMeans =>
  (area, session) => {
    const units = unitsByArea(values)(area)[session] ?? 0
    const number = sessionKeys(values, area).indexOf(session)
    const { data } = fromRecipe({ shape: [rows, units], seed: seed + number, scale, offset })
    const firstBatchMean = Float32Array.from({ length: units }, (_, n) => {
      let total = 0
      for (let row = 0; row < rows; row++) total += data[row * units + n] as number
      return total / rows
    })
    return { firstBatchMean }
  }

function firstBiases(file: GoldenFile, model: Model, result: Comparison): readonly string[] {
  for (const name of file.tensors.keys()) {
    const match = /^initial_bias\.(v[14])\.(.+)$/.exec(name)
    if (match === null) continue
    const spec = model.specs.find((s) => s.name === `${match[1]}_readout.${match[2]}.bias`)
    if (spec === undefined) result.exact(name, 'missing', 'present')
    else
      result.close(name, initialValue(spec, createRng(0)).data, goldenTensor(file, name).data, {
        rtol: 1e-5,
        atol: 1e-6,
      })
  }
  return []
}

const CONTEXT: ForwardContext = { training: false, rng: createRng(0), frozenNorms: new Set() }

function imagesOf(recipe: Recipe): Tensor4D {
  const { data, shape } = fromRecipe(recipe)
  return toNhwc(tensor(data, [...shape])) as Tensor4D
}

const extent = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((largest, v) => Math.max(largest, Math.abs(v)), 0)

function outputs(
  file: GoldenFile,
  values: SharedValues,
  model: Model,
  params: Parameters<Model['apply']>[0],
  result: Comparison,
): void {
  const { value: tolerance } = values.tolerance
  const compare = (name: string, output: ModelOutput | undefined): void => {
    if (!file.tensors.has(name)) return
    const [found, expected] = [output?.output.dataSync() ?? [], goldenTensor(file, name).data]
    result.close(name, found, expected, tolerance)
    const { max_abs_diff_over_max_abs_value: share } = values.tolerance
    if (share !== undefined)
      result.close(`${name} to scale`, found, expected, { rtol: 0, atol: share * extent(expected) })
  }
  for (const task of values.neural_sets) {
    for (const session of sessionKeys(values, task)) {
      const route: Route = { task, session }
      compare(
        `neural.${task}.${session}`,
        model.apply(params, imagesOf(values.inputs.neural), route, CONTEXT),
      )
      const expected = values.results[`regularizer.${task}.${session}`]
      if (typeof expected === 'number') {
        result.close(
          `regularizer.${task}.${session}`,
          model.penalty(params, route).dataSync(),
          [expected],
          tolerance,
        )
      }
    }
  }
  const classify: Route = { task: 'img_classification' }
  if ('classification' in values.results) {
    compare('classification', model.apply(params, imagesOf(values.inputs.classification), classify, CONTEXT))
  }
  if (values.both_neural_set === undefined || values.both_session === undefined) return
  const routes: readonly Route[] = [{ task: values.both_neural_set, session: values.both_session }, classify]
  const both = model.applyBoth?.(params, imagesOf(values.inputs.both), routes, CONTEXT)
  compare('both.neural', both?.[0])
  compare('both.classification', both?.[1])
}
