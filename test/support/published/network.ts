import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { maximum, tensor, tidy } from '@tensorflow/tfjs-core'
import { EVALUATION } from '../../../src-main/engine/eval/network.ts'
import { fromPublished, initialValues } from '../../../src-main/engine/model/index.ts'
import { toTorch } from '../../../src-main/engine/model/torch-layout.ts'
import type { GradientOutcome } from '../../../src-main/engine/train/epoch/gradient-step.ts'
import { gradientSteps } from '../../../src-main/engine/train/epoch/gradient-step.ts'
import { disposeAll } from '../../../src-main/engine/train/epoch/gradients.ts'
import { taskObjectives } from '../../../src-main/engine/train/rules/objective.ts'
import type { TrainingState } from '../../../src-main/engine/train/state/training-state.ts'
import { openTraining, project } from '../../../src-main/engine/train/state/training-state.ts'
import type { Batch, Model, NamedArrays, ParamSpec, Route, TaskName } from '../../../src-main/engine/types.ts'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { configuredModel } from '../configured-model.ts'
import { fromRecipe, recipeHash, toNhwc } from '../../golden/golden-tensors.ts'
import { publishedRules } from '../../golden/published-trainer.ts'
import type { NetworkFixture } from './fixture.ts'
import { asRecipe } from './fixture.ts'

/** Seeds of test/golden/make/record.py. */
const SEEDS = { input: 10_000, target: 20_000, trial: 30_000 }
/** Eye positions and behaviour of a step have seeds this far apart. */
const TRIAL_STRIDE = 10

/** A network of ours with the parameters of a fixture, ready to be trained. */
export interface Replay {
  readonly fixture: NetworkFixture
  readonly model: Model
  readonly state: TrainingState
  /** What became of the published tensors, and of the constants that both sides compute. */
  readonly loaded: ReturnType<typeof fromPublished>['report']
}

export function openReplay(fixture: NetworkFixture, ours: { fn: string; config: PlainConfig }): Replay {
  const model = configuredModel(ours.fn, ours.config, fixture.shapes)
  const { arrays, report } = fromPublished(
    model.specs,
    new Map(Object.entries(fixture.tensors).map(([name, r]) => [name, fromRecipe(asRecipe(r))])),
  )
  const start = new Map([...initialValues(model.specs, createRng(1)), ...arrays])
  return { fixture, model, state: stateOf(fixture, model, start), loaded: report }
}

function stateOf(fixture: NetworkFixture, model: Model, start: NamedArrays): TrainingState {
  const data = {
    train: {},
    validation: {},
    test: {},
    conditions: new Map(),
    sessions: new Map(),
    classNames: [],
    waited: () => 0,
  }
  const setup = { data, model, seed: 1, start, checkpoint: null }
  return openTraining({ ...setup, now: () => 0, stopRequest: () => 'no' }, rulesOf(fixture))
}

/** The rules of a co-trainer run with the optimizer and losses of a fixture. */
function rulesOf({ routes, loss, regularized, optimizer }: NetworkFixture) {
  const tasks = [...new Set(routes.map((r) => r.task))]
  const responses = tasks.some((task) => task !== 'img_classification')
  const lossOf = (task: TaskName): string => (task === 'img_classification' ? 'CrossEntropyLoss' : loss.name)
  return publishedRules(
    {
      mtl: tasks.length > 1,
      optimizer: optimizer.name,
      optimizer_options: optimizer.options,
      loss_functions: Object.fromEntries(tasks.map((task) => [task, lossOf(task)])),
      loss_sum: loss.options.lossSum,
      ...(responses ? { scale_loss: true, avg_loss: loss.options.avgLoss } : {}),
      to_monitor: [tasks[0]],
      scheduler: '',
    },
    responses ? { regularize: regularized ? 'always' : 'never' } : {},
  )
}

const seeded = (shape: readonly number[], seed: number, scale: number, offset: number): Tensor =>
  tensor(fromRecipe({ shape, seed, scale, offset }).data, [...shape])

function inputsOf({ input }: NetworkFixture, task: TaskName, step: number): Tensor4D {
  const shape = input[task]
  if (shape === undefined) throw new Error(`the fixture has no images for ${task}`)
  return tidy(() => toNhwc(seeded(shape, SEEDS.input + step, 1, 0.2)) as Tensor4D)
}

function trialOf({ trial }: NetworkFixture, step: number): Pick<Batch, 'pupil' | 'behavior'> {
  const entries = Object.entries(trial).map(([name, shape], i) => [
    name,
    seeded(shape, SEEDS.trial + TRIAL_STRIDE * i + step, 0.5, 0.1),
  ])
  return Object.fromEntries(entries) as Pick<Batch, 'pupil' | 'behavior'>
}

function targetsOf(fixture: NetworkFixture, route: Route, batch: number, step: number): Tensor {
  const seed = SEEDS.target + step
  if (route.task === 'img_classification') {
    const labels = Int32Array.from({ length: batch }, (_, i) => recipeHash(i, seed) % fixture.classes)
    return tensor(labels, [batch], 'int32')
  }
  const session = fixture.shapes.sessions.find((s) => s.area === route.task && s.key === route.session)
  if (session === undefined) throw new Error(`the fixture has no session ${route.session}`)
  return tidy(() => maximum(seeded([batch, session.units], seed, 2, 1), 0))
}

/** Answers in evaluation to the first batch, for each route. */
export function answers({ fixture, model, state }: Replay): readonly Float32Array[] {
  return fixture.routes.map((route) =>
    tidy(() => {
      const context = { ...EVALUATION, ...trialOf(fixture, 0) }
      const { output } = model.apply(state.store.tensors, inputsOf(fixture, route.task, 0), route, context)
      return output.dataSync() as Float32Array
    }),
  )
}

/** Regulariser of each route that has responses. */
export const penalties = ({ fixture, model, state }: Replay): readonly number[] =>
  fixture.routes
    .filter(({ task }) => task !== 'img_classification')
    .map((route) =>
      tidy(() => {
        return model.penalty(state.store.tensors, route).dataSync()[0] as number
      }),
    )

/** What one step was, in the published names and layout. */
export interface Step {
  readonly loss: number
  readonly gradients: ReadonlyMap<string, Float32Array>
  readonly after: ReadonlyMap<string, Float32Array>
}

/** Gradient and update of a step, as training issues them: nothing is read. The caller disposes what it gets. */
export function issueStep(replay: Replay, step: number): Pick<GradientOutcome, 'numbers' | 'grads'> {
  const { fixture, state } = replay
  const route = fixture.routes[step % fixture.routes.length] as Route
  const batch = batchOf(fixture, route, step)
  const noise = noiseOf(fixture, step)
  const [outcome] = gradientSteps([
    {
      state,
      objectives: taskObjectives(rulesOf(fixture)),
      hooks: [],
      batch,
      route,
      moment: { epoch: 1, batch: step, task: route.task, rng: createRng(0) },
      size: fixture.dataSize,
      keepClasses: -1,
      rng: createRng(0),
      ...(noise === null ? {} : { readoutNoise: noise }),
    },
  ])
  const { numbers, grads } = outcome! // of the one batch
  state.optimizer.update(grads)
  return { numbers, grads }
}

/** One training step: gradient, update, and what the published code enforces in its next forward pass. */
export async function trainStep(replay: Replay, step: number): Promise<Step> {
  const { model, state } = replay
  const { numbers, grads } = issueStep(replay, step)
  const { loss } = numbers.read(numbers.values.dataSync())
  numbers.values.dispose()
  const gradients = inTorchLayout(
    model.specs,
    new Map([...grads].map(([n, g]) => [n, g.dataSync() as Float32Array])),
  )
  disposeAll(grads)
  const stored = await state.store.read(state.modelNames)
  project(model, state.store)
  return {
    loss,
    gradients,
    after: inTorchLayout(model.specs, new Map([...stored].map(([n, a]) => [n, a.data as Float32Array]))),
  }
}

function batchOf(fixture: NetworkFixture, route: Route, step: number): Batch {
  const inputs = inputsOf(fixture, route.task, step)
  const count = inputs.shape[0]
  return {
    inputs,
    targets: targetsOf(fixture, route, count, step),
    index: Int32Array.from({ length: count }, (_, i) => i),
    ...trialOf(fixture, step),
  }
}

/** Draws of the step, stored [batch, ..., units, 1, axes], ours [batch, units, axes]. */
function noiseOf({ noise }: NetworkFixture, step: number): Tensor3D | null {
  const [draw, ...others] = noise[step] ?? []
  if (draw === undefined) return null
  if (others.length > 0) throw new Error('a step draws once')
  const shape = draw.slice(0, -1)
  const axes = shape.at(-1) ?? 1
  const batch = shape[0] ?? 1
  const units = shape.reduce((product, n) => product * n, 1) / (axes * batch)
  const values = fromRecipe({
    shape: [batch, units, axes],
    seed: draw.at(-1) as number,
    scale: 1.7,
    offset: 0,
  })
  return tensor(values.data, [batch, units, axes])
}

function inTorchLayout(
  specs: readonly ParamSpec[],
  values: ReadonlyMap<string, Float32Array>,
): ReadonlyMap<string, Float32Array> {
  const known = specs.filter((spec) => values.has(spec.name))
  return new Map(known.map((spec) => [spec.torch.name, toTorch(spec, values.get(spec.name) as Float32Array)]))
}

/** Constants of the published network as ours starts with them. */
export const constantOf = ({ model }: Replay, name: string): Float32Array | undefined => {
  const spec = model.specs.find((s) => s.torch.name === name)
  if (spec === undefined) return undefined
  const value = initialValues([spec], createRng(1)).get(spec.name)
  return value === undefined ? undefined : toTorch(spec, value.data)
}

export const closeReplay = ({ state }: Replay): void => state.dispose()
