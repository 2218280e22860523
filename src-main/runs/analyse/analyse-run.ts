import type { Analysis } from '../../../src-shared/contract/analysis.ts'
import { analysis } from '../../../src-shared/contract/analysis.ts'
import type { Params } from '../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { ANALYSES, parseAnalysisOptions, takesOthers } from '../../../src-shared/schema/analysis/analyses.ts'
import type { EvaluationWatch } from '../evaluate/evaluate-runs.ts'
import type { Workspace } from '../home/workspace.ts'

/**
 * Analyses units of a finished run in a process of its own; the answer is kept beside the run.
 * @throws CotrainError `config-invalid` naming the option, or what the worker says
 */
export async function analyseRun(
  workspace: Workspace,
  { id, what, units, best, options, others }: Omit<Params<'runs.analyse'>, 'job'>,
  watch: EvaluationWatch,
): Promise<Analysis> {
  const { store } = workspace
  store.checkWritable()
  const parsed = parseAnalysisOptions(what, options)
  if ('problems' in parsed) throw new CotrainError([...parsed.problems])
  if (others.length > 0 && !takesOthers(what))
    throw new CotrainError({
      code: 'config-invalid',
      path: 'others',
      message: 'other runs answer most exciting inputs and take part in similarity only.',
      hint: `Leave them out, or analyse each run by itself and compare.`,
    })
  const asked = [...new Set(others)].filter((other) => other !== id)
  return workspace.ask({
    job: 'analyse',
    folder: workspace.folder,
    request: { id, what, units, best, options: parsed.options, others: asked },
    answer: analysis,
    doing: ANALYSES[what].title.toLowerCase(),
    trainers: [id, ...asked].map((run) => store.read(run).config.trainer),
    ...watch,
  })
}
