import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { BaselineFeatures, Evaluation } from '../../../src-shared/contract/evaluation.ts'
import type { BaselineScores } from '../../engine/eval/baselines/neural-baseline.ts'
import { neuralBaselines } from '../../engine/eval/baselines/neural-baseline.ts'
import { responseScores } from '../../engine/eval/final-suite.ts'
import type { NamedArray, NamedArrays, NeuralSet } from '../../engine/types.ts'
import { writeSafetensors } from '../../io/formats/safetensors.ts'
import {
  evaluationArrays,
  evaluationFolder,
  readEvaluation,
  writeEvaluation,
} from '../../store/evaluation-files.ts'
import { buildData } from '../data/build-data.ts'
import { finiteOrNull } from '../run-recorder.ts'
import type { EvaluationDeps } from './evaluate-here.ts'
import { EVALUATION_VERSION } from './evaluate-here.ts'
import { requireSameData } from './trained-run.ts'

/**
 * Ridge regressions on the recordings of a run, taught and scored with its own trials, kept beside it as an evaluation: what
 * its network has to beat. A result that is there is given as it is.
 * @throws CotrainError `config-invalid` for a run without recordings, `data-changed`
 */
export async function baselineHere(
  { id, baseline }: { readonly id: string; readonly baseline: BaselineFeatures },
  { store, deps, engine }: EvaluationDeps,
): Promise<Evaluation> {
  const record = store.read(id)
  const { folder } = store.files(id)
  const key = createHash('sha256').update(`${id} ${baseline}`).digest('hex').slice(0, 16)
  const known = readEvaluation(folder, key)
  if (known?.version === EVALUATION_VERSION && existsSync(evaluationArrays(folder, key))) return known
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
    const work = neuralBaselines(built.data, baseline)
    let next = await work.next()
    for (; next.done !== true; next = await work.next()) deps.progress?.('ridge regressions', next.value)
    const { scores, arrays } = scoresOf(next.value)
    const made: Evaluation = {
      ...{ key, version: EVALUATION_VERSION, at: store.now(), members: [id], data: null },
      ...{ conditions: {}, baseline, engine, classNames: [] },
      scores: finiteOrNull(scores),
      notes: next.value.map(
        ({ scores: { session }, part, taught, scored }) =>
          `${session}: taught with ${taught} pictures, scored on ${scored} of the ${part} part`,
      ),
      units: Object.fromEntries([...built.data.sessions].map(([name, { units }]) => [name, [...units]])),
      counts: countsOf(next.value),
    }
    evaluationFolder(folder)
    await writeSafetensors(evaluationArrays(folder, key), arrays, { run: id })
    await writeEvaluation(store.disk, folder, made)
    return made
  } finally {
    built.dispose()
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
