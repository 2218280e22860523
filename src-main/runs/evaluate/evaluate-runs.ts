import { resolve } from 'node:path'
import { z } from 'zod'
import type { Params, Result } from '../../../src-shared/contract/contract.ts'
import { contract } from '../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { Evaluation } from '../../../src-shared/contract/evaluation.ts'
import { evaluation } from '../../../src-shared/contract/evaluation.ts'
import { requireNewFile } from './new-file.ts'
import type { Workspace } from '../home/workspace.ts'

/** How long work is followed and called off. */
export interface EvaluationWatch {
  readonly signal?: AbortSignal
  progress?(text: string, fraction: number | null): void
}

/** Scores runs, each by itself or all as one, in a process of their own. */
export async function evaluateRuns(
  workspace: Workspace,
  { ids, ensemble, baselines, ...wish }: Omit<Params<'runs.evaluate'>, 'job'>,
  watch: EvaluationWatch,
): Promise<Evaluation[]> {
  workspace.store.checkWritable()
  const unique = [...new Set(ids)]
  if (ensemble && unique.length < 2)
    throw new CotrainError({
      code: 'config-invalid',
      path: 'ids',
      message: 'an ensemble needs two runs or more.',
      hint: 'Name further runs, for example the other seeds of the setting.',
    })
  const made: Evaluation[] = []
  if (baselines) {
    requirePlain(ensemble, wish)
    for (const id of unique)
      made.push(...(await answerOf(workspace, 'baselines', [id], { id }, z.array(evaluation), watch)))
    return made
  }
  // In a fixed order, so that the same runs are the same ensemble.
  for (const members of ensemble ? [unique.sort()] : unique.map((id) => [id]))
    made.push(await answerOf(workspace, 'evaluate', members, { ...wish, members }, evaluation, watch))
  return made
}

/** Baselines are scored on the recordings of a run as it used them; nothing else can be chosen. */
function requirePlain(
  ensemble: boolean,
  { data, conditions }: Pick<Params<'runs.evaluate'>, 'data' | 'conditions'>,
): void {
  if (!ensemble && data === null && Object.keys(conditions).length === 0) return
  throw new CotrainError({
    code: 'config-invalid',
    path: 'baselines',
    message: 'baselines are scored on the recordings that a run was trained with.',
    hint: 'Leave data, conditions and ensemble out.',
  })
}

/** Writes what runs answer to images. */
export async function predictWith(
  workspace: Workspace,
  { ids, ...wish }: Omit<Params<'runs.predict'>, 'job'>,
  watch: EvaluationWatch,
): Promise<Result<'runs.predict'>> {
  requireNewFile(resolve(workspace.folder, wish.to))
  const members = [...new Set(ids)].sort()
  return answerOf(workspace, 'predict', members, { members, ...wish }, contract['runs.predict'].result, watch)
}

const answerOf = <S extends z.ZodType>(
  workspace: Workspace,
  job: 'evaluate' | 'predict' | 'baselines',
  members: readonly string[],
  request: unknown,
  answer: S,
  watch: EvaluationWatch,
): Promise<z.output<S>> =>
  workspace.ask({
    job,
    folder: workspace.folder,
    request,
    answer,
    doing: job === 'predict' ? 'predicting' : 'scoring',
    trainers: members.map((id) => workspace.store.read(id).config.trainer),
    ...watch,
  })
