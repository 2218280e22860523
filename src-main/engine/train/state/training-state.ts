import type { Tensor } from '@tensorflow/tfjs-core'
import { clipByValue, tensor } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import { createRng } from '../../../../src-shared/util/rng.ts'
import { frozenNormNames, initialValue, initialValues } from '../../model/index.ts'
import { logWeightName, logWeightSpecs } from '../../loss/index.ts'
import { createOptimizer } from '../../optim/index.ts'
import type { Optimizer } from '../../optim/index.ts'
import type { ParamStore, Replayer, Replaying } from '../../tensor/index.ts'
import { createParamStore, createReplayer } from '../../tensor/index.ts'
import type {
  Model,
  NamedArray,
  NamedArrays,
  ParamMap,
  ParamSpec,
  TaskName,
  TrainerSetup,
} from '../../types.ts'
import { resetNames, trainableNames } from '../hooks/freeze.ts'
import type { Workbench } from '../hooks/hook.ts'
import { checkNames } from '../rules/named-parts.ts'
import type { TrainingRules } from '../rules/rules.ts'

/** Everything that moves during training, and nothing else. */
export interface TrainingState {
  readonly model: Model
  readonly store: ParamStore
  readonly optimizer: Optimizer
  /** Names of all tensors of the model, without loss weights. */
  readonly modelNames: readonly string[]
  readonly trainable: readonly string[]
  /** Learned loss weight of each task, by parameter name; empty where weights are fixed. */
  readonly lossWeights: ReadonlyMap<TaskName, string>
  readonly frozenNorms: ReadonlySet<string>
  readonly rng: Rng
  readonly bench: Workbench
  readonly replayer: Replayer
  dispose(): void
}

/** The rules say all that the state needs of the trainer's options. */
type StateSetup = Omit<TrainerSetup, 'trainer'>

/**
 * First values: the model's own, those to start from laid over them, chosen layers re-initialised, loss weights at 0. Each is made when
 * it is asked for.
 */
function* firstValues(setup: StateSetup, rules: TrainingRules): Generator<readonly [string, NamedArray]> {
  const { model, start } = setup
  const rng = createRng(setup.seed)
  const [first, reset] = [rng.fork('init'), rng.fork('reset')]
  const again = new Set(resetNames(model, rules.reset))
  for (const spec of model.specs) {
    const { name } = spec
    yield [
      name,
      again.has(name) ? initialValue(spec, reset) : (start?.get(name) ?? initialValue(spec, first)),
    ]
  }
  if (rules.learnedWeights) yield* initialValues(lossWeightsOf(rules), rng)
  yield* initialValues(rules.moduleParams, rng)
}

/** One learned weight per task, beside the parameters of the model (log_w of the published code). */
const lossWeightsOf = (rules: TrainingRules): readonly ParamSpec[] => logWeightSpecs([...rules.losses.keys()])

/**
 * Parameters, optimizer and random streams of a training, at its start or as a checkpoint left them. @throws CotrainError
 * for options that name nothing in the model
 */
export function openTraining(setup: StateSetup, rules: TrainingRules): TrainingState {
  const { model } = setup
  const rng = createRng(setup.seed)
  const store = createParamStore(firstValues(setup, rules))
  const lossWeights = rules.learnedWeights ? lossWeightsOf(rules).map((spec) => spec.name) : []
  // What has begun goes on as it began.
  const names = setup.checkpoint === null ? checkNames(model, rules) : trainableNames(model, rules)
  const trainable = [...names, ...lossWeights, ...rules.moduleParams.map((spec) => spec.name)]
  const optimizer = createOptimizer(rules.optimizer, store, trainable)
  const replayer = createReplayer()
  // As large as the network, and asked for by a hook that few runs have: drawn again for it.
  let first: NamedArrays | null = null
  const bench = workbench(model, store, optimizer, () => (first ??= new Map(firstValues(setup, rules))))
  project(model, store)
  return {
    model,
    store,
    optimizer,
    modelNames: model.specs.map((s) => s.name),
    trainable,
    lossWeights: new Map(
      rules.learnedWeights ? [...rules.losses.keys()].map((task) => [task, logWeightName(task)]) : [],
    ),
    frozenNorms: frozenNormNames(model.specs, rules.freezeNorms),
    rng,
    bench,
    replayer,
    dispose: () => {
      replayer.dispose()
      optimizer.dispose()
      store.dispose()
    },
  }
}

function workbench(
  model: Model,
  store: ParamStore,
  optimizer: Optimizer,
  first: () => NamedArrays,
): Workbench {
  const specs = new Map(model.specs.map((s) => [s.name, s]))
  const toTensor = (array: NamedArray): Tensor => tensor(array.data, [...array.shape], 'float32')
  const params: ParamMap = store.tensors
  return {
    model,
    params,
    assign: (name, value) => store.assign(name, value),
    reinitialise: (names, rng) => {
      for (const name of names) {
        const spec = specs.get(name)
        if (spec !== undefined) store.load(new Map([[name, initialValue(spec, rng)]]))
      }
    },
    initial: (name) => {
      const array = first().get(name)
      if (array === undefined) throw new Error(`no first value of ${name}`)
      return toTensor(array)
    },
    clearOptimizer: () => optimizer.reset(),
  }
}

/** Brings parameters back into their allowed range: after each step, and once at the start. `by`: replays it. */
export function project({ ranges }: Model, store: ParamStore, by?: Replaying): void {
  const names = [...ranges.keys()].filter((name) => store.tensors.has(name))
  if (names.length === 0) return
  const clip = (): void =>
    names.forEach((name) => {
      const [low, high] = ranges.get(name)!
      const inside = clipByValue(store.tensors.get(name)!, low, high)
      store.assign(name, inside)
      inside.dispose()
    })
  if (by === undefined) return clip()
  by.replayer.run({
    name: 'ranges of parameters',
    key: ['ranges', ...names].join('|'),
    era: by.era,
    given: [],
    changes: () => store.variables(names),
    compute: () => (clip(), { tensors: [], beside: null }),
  })
}
