import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { BaselineFeatures, Evaluation } from '../../../src-shared/contract/evaluation.ts'
import { baselineFeatures } from '../../../src-shared/contract/evaluation.ts'
import type { BaselineScores } from '../../engine/eval/baselines/neural-baseline.ts'
import { neuralBaselines } from '../../engine/eval/baselines/neural-baseline.ts'
import { responseScores } from '../../engine/eval/final-suite.ts'
import type { DataSet, NamedArray, NamedArrays, NeuralSet } from '../../engine/types.ts'
import { buildData } from '../../data/assemble/build-data.ts'
import { finiteOrNull } from '../work/run-recorder.ts'
import type { EvaluationDeps } from './evaluate-here.ts'
import { EVALUATION_VERSION, keepEvaluation, keptEvaluation } from './kept-evaluation.ts'
import { requireSameData } from './trained-run.ts'
import { shortSha256 } from '../../disk/sha256.ts'

/**
 * Ridge regressions on the recordings of a run, taught and scored with its own trials, kept beside it as evaluations: what its
 * network has to beat. Results that are there are given as they are.
 * @throws CotrainError `config-invalid` for a run without recordings, `data-changed`
 */
export async function baselinesHere(
  { id }: { readonly id: string },
  { store, deps, engine }: EvaluationDeps,
): Promise<Evaluation[]> {
  const wanted = baselineFeatures.options.map((baseline) => ({ baseline, key: keyOf(id, baseline) }))
  const kept = wanted.flatMap(({ key }) => keptEvaluation(store, id, key) ?? [])
  if (kept.length === wanted.length) return kept
  const record = store.read(id)
  const own = { ...deps, folder: record.folder }
  await requireSameData(record, own)
  const built = await buildData(record.config.dataset, record.config.data_seed, own)
  try {
    if (built.data.sessions.size === 0)
      throw new CotrainError({
        code: 'config-invalid',
        path: id.slice(0, 10),
        message: 'the run has no recordings, so there is nothing that a baseline could predict.',
        hint: 'Choose a run with V1 or V4 sessions.',
      })
    const made: Evaluation[] = []
    for (const { baseline, key } of wanted) {
      const found = await scored(built.data, baseline, deps)
      const { scores, arrays } = scoresOf(found)
      const evaluation: Evaluation = {
        ...{ key, version: EVALUATION_VERSION, at: store.now(), members: [id], data: null },
        ...{ conditions: {}, baseline, engine, classNames: [] },
        scores: finiteOrNull(scores),
        notes: found.map(
          ({ scores: { session }, part, taught, scored: n }) =>
            `${session}: taught with ${taught} images, scored on ${n} of the ${part} part`,
        ),
        units: Object.fromEntries([...built.data.sessions].map(([name, { units }]) => [name, [...units]])),
        counts: countsOf(found),
      }
      await keepEvaluation(store, id, evaluation, arrays)
      made.push(evaluation)
    }
    return made
  } finally {
    built.dispose()
  }
}

const keyOf = (id: string, baseline: BaselineFeatures): string => shortSha256(`${id} ${baseline}`)

async function scored(
  data: DataSet,
  baseline: BaselineFeatures,
  { progress }: EvaluationDeps['deps'],
): Promise<readonly BaselineScores[]> {
  const work = neuralBaselines(data, baseline)
  for (;;) {
    const next = await work.next()
    if (next.done === true) return next.value
    progress?.(`ridge on ${baseline}`, next.value)
  }
}

/** Under the keys of the final evaluation, so that they stand beside those of the network. */
function scoresOf(found: readonly BaselineScores[]): { scores: Record<string, number>; arrays: NamedArrays } {
  const scores: Record<string, number> = {}
  const arrays = new Map<string, NamedArray>()
  for (const area of areasOf(found))
    for (const part of ['test', 'validation'] as const) {
      const sessions = found.filter((one) => one.area === area && one.part === part).map((one) => one.scores)
      if (sessions.length === 0) continue
      const filed = responseScores(part === 'test' ? 'FinalTest' : 'FinalValidation', area, sessions)
      Object.assign(scores, filed.scores)
      filed.arrays.forEach((array, name) => arrays.set(name, array))
    }
  return { scores, arrays }
}

const areasOf = (found: readonly BaselineScores[]): readonly NeuralSet[] => [
  ...new Set(found.map(({ area }) => area)),
]

const countsOf = (found: readonly BaselineScores[]): Record<string, number> =>
  Object.fromEntries(
    areasOf(found).map((area) => [
      area,
      found.filter((one) => one.area === area).reduce((n, { scored }) => n + scored, 0),
    ]),
  )
