import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { scoreCautions } from '../../../src-shared/contract/run-end.ts'
import type { Evaluation } from '../../../src-shared/contract/evaluation.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import type { Conditions } from '../../../src-shared/schema/dataset/corruptions.ts'
import { diffConfigs } from '../../../src-shared/schema/diff.ts'
import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { ensembleOf } from '../../engine/eval/ensemble.ts'
import { finalSuite } from '../../engine/eval/final-suite.ts'
import { ownMeasures } from '../../engine/eval/own-measures.ts'
import { setConvPrecision } from '../../engine/tensor/index.ts'
import type { DataSet, NamedArrays, TaskName } from '../../engine/types.ts'
import type { RunStore } from '../../store/run-store.ts'
import { ruleOf } from '../workers/engine-parts.ts'
import { buildData, describeData } from '../../data/assemble/build-data.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { openTrainedNetwork } from '../../data/made-by-runs/trained-network.ts'
import { readArrays } from '../read/run-arrays.ts'
import { finiteOrNull } from '../work/run-recorder.ts'
import { EVALUATION_VERSION, keepEvaluation, keptEvaluation } from './kept-evaluation.ts'
import { namedSet } from './named-set.ts'
import { imageOptionsOf, misfits, otherData } from './other-data.ts'
import { scoredIn } from './scored-in.ts'
import type { TrainedRun } from './trained-run.ts'
import { openTrainedRun, requireSameData } from './trained-run.ts'
import { shortSha256 } from '../../disk/sha256.ts'

export interface EvaluationWish {
  readonly members: readonly string[]
  readonly data: string | null
  readonly part: 'test' | 'all'
  readonly conditions: Conditions
}

/** What is scored, found before anything is computed. */
interface Plan {
  readonly key: string
  readonly data: Evaluation['data']
  readonly choice: DatasetChoice
  readonly tasks: readonly TaskName[]
  readonly notes: readonly string[]
}

export interface EvaluationDeps {
  readonly store: RunStore
  readonly deps: DataDeps
  readonly engine: string
}

/** Scores trained networks, alone or as one, and keeps the result beside each run. A result that is there is given as it is. */
export async function evaluateHere(
  wish: EvaluationWish,
  { store, deps, engine }: EvaluationDeps,
): Promise<Evaluation> {
  const runs: TrainedRun[] = []
  for (const id of wish.members) runs.push(await openTrainedRun(store, id, deps))
  const first = runs[0]! // the wish names a run
  const plan = await planOf(wish, runs, deps)
  const known = keptEvaluation(store, first.record.id, plan.key)
  if (known !== null) return known
  const scored = await score(wish, runs, plan, deps)
  const isFilling = wish.data === null && wish.members.length === 1
  const there = isFilling ? readArrays(store, first.record.id) : new Map()
  const arrays = new Map([...scored.arrays].filter(([name]) => !there.has(name)))
  const made: Evaluation = {
    key: plan.key,
    version: EVALUATION_VERSION,
    at: store.now(),
    members: [...wish.members],
    data: plan.data,
    baseline: null,
    conditions: Object.fromEntries(
      Object.entries(wish.conditions).map(([name, levels]) => [name, [...levels]]),
    ),
    engine,
    notes: [...plan.notes, ...cautionsOf(runs), ...scoredIn(runs).notes],
    ...scored.made,
  }
  for (const { record } of runs) await keepEvaluation(store, record.id, made, arrays)
  return made
}

async function planOf(wish: EvaluationWish, runs: readonly TrainedRun[], deps: DataDeps): Promise<Plan> {
  const found = []
  for (const run of runs) found.push(await dataFor(wish, run, deps))
  const first = found[0]! // one for each run
  requireAlike(
    runs,
    found.map(({ choice }) => choice),
  )
  const shared = (runs[0]?.tasks ?? []).filter((task) => runs.every(({ tasks }) => tasks.includes(task)))
  const identity = { members: wish.members, data: first.data, conditions: wish.conditions }
  const key = shortSha256(canonicalJson(identity))
  return {
    key,
    data: first.data,
    choice: first.choice,
    tasks: shared,
    notes: found.flatMap(({ notes }) => notes),
  }
}

async function dataFor(
  { data, part, conditions }: EvaluationWish,
  run: TrainedRun,
  deps: DataDeps,
): Promise<Pick<Plan, 'data' | 'choice' | 'notes'>> {
  const own = { ...deps, folder: run.record.folder }
  if (data === null) {
    await requireSameData(run.record, own)
    return { data: null, choice: ownChoice(run, conditions), notes: [] }
  }
  const set = await namedSet(data, deps)
  const { choice, notes } = await otherData(run, set, conditions, deps)
  const { parts } = await describeData(choice, run.record.config.data_seed, deps)
  const fingerprint = Object.values(parts)[0] ?? ''
  if (part === 'all' && Object.values(run.record.identity.parts ?? {}).includes(fingerprint))
    throw new CotrainError({
      code: 'config-invalid',
      path: '--part',
      message: `run ${run.record.id.slice(0, 10)} was trained on part of ${set.name}.`,
      hint: 'Score its test part only (--part test).',
    })
  return { data: { name: set.name, fingerprint, part }, choice, notes }
}

/** The run's own data, with other corruptions where they are asked for. */
function ownChoice({ record }: TrainedRun, conditions: Conditions): DatasetChoice {
  const { dataset } = record.config
  if (Object.keys(conditions).length === 0) return dataset
  const images = imageOptionsOf({ record })
  if (images === null)
    throw new CotrainError({
      code: 'config-invalid',
      path: '--conditions',
      message: `run ${record.id.slice(0, 10)} does not classify a set of images.`,
      hint: 'Leave them out.',
    })
  const options = {
    ...images,
    add_fly_corrupted_test: conditions,
    add_corrupted_test: false,
    add_imagenet_fly_test: false,
  }
  return dataset.fn === 'mtl_loader'
    ? { ...dataset, config: { ...dataset.config, img_dataset_dict: options } }
    : { fn: 'img_loader', config: options }
}

/** What must be known of each run to read its scores. */
const cautionsOf = (runs: readonly TrainedRun[]): string[] =>
  runs.flatMap(({ record }) => scoreCautions(record).map((text) => `${record.id.slice(0, 10)}: ${text}`))

/** Members of an ensemble must see the same images in the same way. */
function requireAlike(runs: readonly TrainedRun[], choices: readonly DatasetChoice[]): void {
  const names = (run: TrainedRun): string => run.record.id.slice(0, 10)
  for (const [i, run] of runs.entries()) {
    const [odd] = diffConfigs([{ dataset: choices[0]! }, { dataset: choices[i]! }]).filter(
      ({ path }) => !/\.(num_workers|pin_memory|load_all_in_memory|data_dir|batch_size|comment)$/.test(path),
    )
    const first = runs[0]! // there is one for each choice
    const wrong = (what: string): CotrainError =>
      new CotrainError({
        code: 'config-invalid',
        path: names(run),
        message: `cannot be averaged with ${names(first)}: ${what}.`,
        hint: 'Members of an ensemble see the same data in the same way; score the others by themselves.',
      })
    if (odd !== undefined)
      throw wrong(`${odd.path} is ${JSON.stringify(odd.values[1])} and not ${JSON.stringify(odd.values[0])}`)
    if (run.record.identity.data !== first.record.identity.data && choices[0] === first.record.config.dataset)
      throw wrong('they were trained with other data')
    const classes = (r: TrainedRun): string => r.result.classNames.join('\n')
    if (classes(run) !== classes(first)) throw wrong('their classes are others')
  }
}

interface Scored {
  readonly made: Pick<Evaluation, 'scores' | 'classNames' | 'units' | 'counts'>
  readonly arrays: NamedArrays
}

async function score(
  wish: EvaluationWish,
  runs: readonly TrainedRun[],
  plan: Plan,
  deps: DataDeps,
): Promise<Scored> {
  const first = runs[0]! // the wish names a run
  const { record, rules, result } = first
  const { data_seed: dataSeed, seed } = record.config
  const scored = wish.data === null ? null : { part: wish.part, classNames: result.classNames }
  const own = wish.data === null ? { ...deps, folder: record.folder } : deps
  const built = await buildData(plan.choice, dataSeed, own, { scored, rule: ruleOf(record.identity) })
  const opened = []
  try {
    if (wish.data !== null) requireFit(runs, built.shapes, wish.data, built.data, result.units)
    for (const run of runs) opened.push(openTrainedNetwork(run.record.config.model, run.shapes, run.weights))
    const network = ensembleOf(opened.map((one) => one.network))
    setConvPrecision(scoredIn(runs).precision)
    const isMore = Object.keys(wish.conditions).length > 0
    const all =
      wish.data !== null || isMore ? { train: false, validation: false, test: true } : rules.finalSuite
    const data = wish.data === null && isMore ? conditionsOnly(built.data, wish.conditions) : built.data
    const measures = ownMeasures(rules.ownParts)
    const options = { tasks: plan.tasks, ...all, keepClasses: rules.keepClasses, measures }
    const suite = finalSuite(network, data, options, createRng(seed).fork('final'))
    for (;;) {
      const next = await suite.next()
      if (next.done === true) return kept(next.value, data, first, wish)
      deps.progress?.(next.value.detail, next.value.fraction)
    }
  } finally {
    setConvPrecision('float32')
    opened.forEach((one) => one.close())
    built.dispose()
  }
}

/** New corruptions of the own test images; what the run has been scored on already is not scored again. */
function conditionsOnly(data: DataSet, wanted: Conditions): DataSet {
  const names = Object.entries(wanted).flatMap(([name, levels]) =>
    levels.map((level) => `fly_c_test ${name} ${level}`),
  )
  const conditions = new Map([...data.conditions].filter(([mode]) => names.includes(mode)))
  return { ...data, train: {}, validation: {}, test: {}, conditions }
}

function requireFit(
  runs: readonly TrainedRun[],
  shapes: TrainedRun['shapes'],
  name: string,
  data: DataSet,
  units: Readonly<Record<string, readonly string[]>>,
): void {
  const problems = runs.flatMap((run) => misfits(run, shapes, name))
  for (const [key, { units: found }] of data.sessions) {
    const own = units[key]
    const odd = own?.findIndex((unit, i) => unit !== found[i]) ?? -1
    if (own?.length === found.length && odd >= 0)
      problems.push({
        code: 'config-invalid',
        path: name,
        message: `unit ${odd + 1} of session ${key} is ${found[odd]}, the readout of the run belongs to ${own[odd]}.`,
        hint: 'Give the units of the training, in their order.',
      })
  }
  if (problems.length > 0) throw new CotrainError(problems)
}

/** Results of the own data that the run has are left as training made them; the rest is new. */
function kept(
  { scores, arrays }: { scores: Record<string, number>; arrays: NamedArrays },
  data: DataSet,
  { result }: TrainedRun,
  wish: EvaluationWish,
): Scored {
  const isOwn = wish.data === null && wish.members.length === 1
  const news = Object.entries(finiteOrNull(scores)).filter(([key]) => !isOwn || !(key in result.scores))
  const counts = Object.entries(data.test).map(([task, loaders]) => [
    task,
    [...loaders.values()].reduce((n, loader) => n + loader.size, 0),
  ])
  return {
    made: {
      scores: Object.fromEntries(news),
      classNames: [...data.classNames],
      units: Object.fromEntries([...data.sessions].map(([key, session]) => [key, [...session.units]])),
      counts: Object.fromEntries(counts) as Record<string, number>, // pairs of a task and a number
    },
    arrays,
  }
}
