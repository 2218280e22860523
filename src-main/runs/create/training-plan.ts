import type { Result } from '../../../src-shared/contract/contract.ts'
import { toProblems } from '../../../src-shared/contract/errors.ts'
import { untrainedText } from '../../../src-shared/contract/run-end.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import {
  rulesOf,
  sharePlan,
  trainingShare,
  untrainedParts,
  untrainedProblem,
} from '../../engine/train/index.ts'
import type { DataFacts } from '../../data/content/stored-shapes.ts'
import { wantedParts } from '../../data/places/wanted-parts.ts'
import { AREAS } from '../../../src-shared/schema/names.ts'

type Preflight = Result<'config.preflight'>
type Sizes = NonNullable<DataFacts['sizes']>

interface Share {
  readonly rows: Preflight['share']
  readonly problems: Preflight['problems']
  readonly warnings: readonly string[]
}

export const NO_SHARE: Share = { rows: [], problems: [], warnings: [] }

/** Batches of each task and session that a run would train with, and what would get none. */
export async function shareOf({ trainer }: RunConfig, sizes: Sizes): Promise<Share> {
  const areas = AREAS.filter((area) => sizes.train[area] !== undefined)
  const rules = rulesOf(trainer, areas)
  const plan = sharePlan(rules)
  const found = await trainingShare(plan, sizes)
  const untrained = plan.maxEpochs === 0 ? [] : untrainedParts(found, plan.maxEpochs)
  const rows = found.map(({ task, session, perEpoch }) => ({
    task,
    session,
    perEpoch: perEpoch.map((e) => ({ ...e })),
  }))
  if (untrained.length === 0) return { ...NO_SHARE, rows }
  if (rules.allowUntrained)
    return {
      ...NO_SHARE,
      rows,
      warnings: untrained.map((part) => `${untrainedText(part)}; its scores are marked.`),
    }
  return {
    ...NO_SHARE,
    rows,
    problems: toProblems(untrainedProblem(plan, untrained)).map((problem) => ({ ...problem })),
  }
}

const OFFERED = 0.2

/** Recordings of which some sessions have no test trials, and the option that keeps some of their images for it. */
export function untestedParts(
  { dataset }: RunConfig,
  sizes: Sizes,
): { readonly warnings: string[]; readonly offers: Preflight['offers'] } {
  const warnings: string[] = []
  const offers: Preflight['offers'] = []
  const { neural } = wantedParts(dataset)
  for (const area of AREAS) {
    const missing = (sizes.scored[area] ?? []).filter((key) => sizes.tested[area]?.includes(key) !== true)
    const part = dataset.fn === 'mtl_loader' ? `config.${area}_dataset_dict` : 'config'
    const options = neural.find((wanted) => wanted.area === area)?.options
    if (missing.length === 0 || options === undefined || options.test_frac > 0) continue
    const path = `dataset.${part}.test_frac`
    warnings.push(
      `${area.toUpperCase()}: ${missing.length === 1 ? 'session' : 'sessions'} ${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} no test part, so nothing is tested there. ${path}: ${OFFERED} keeps a fifth of the images for testing, the same for every session.`,
    )
    offers.push({
      label: `Keep ${100 * OFFERED} % of the ${area.toUpperCase()} images for testing`,
      changes: [{ path, value: OFFERED }],
    })
  }
  return { warnings, offers }
}
