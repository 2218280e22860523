import type { UntrainedTask } from '../../../src-shared/contract/run-end.ts'
import { untrainedText } from '../../../src-shared/contract/run-end.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { DataSet, TaskName } from '../types.ts'
import { buildCycler } from './cyclers/build-cycler.ts'
import type { CyclerArgs } from './cyclers/build-cycler.ts'
import type { BatchCounts } from './cyclers/count-batches.ts'
import { trainedBatches } from './cyclers/count-batches.ts'
import type { TrainingRules } from './rules/rules.ts'
import { TASK_ORDER } from './rules/sources.ts'

/** What must be known to say which batches a run trains with; loaders are not needed. */
export interface SharePlan {
  readonly tasks: readonly TaskName[]
  readonly cycler: { readonly name: string; readonly args: CyclerArgs }
  readonly maxEpochs: number
}

/** What of the rules decides which batches move the optimizer. */
export const sharePlan = (rules: Pick<TrainingRules, 'losses' | 'cycler' | 'stop'>): SharePlan => ({
  tasks: TASK_ORDER.filter((task) => rules.losses.has(task)),
  cycler: rules.cycler,
  maxEpochs: rules.stop.maxEpochs,
})

/** Sizes of a data set: batches in one pass of each training set, and the sessions of each task that are scored. */
export interface DataSizes {
  readonly train: BatchCounts
  readonly scored: Readonly<Record<string, readonly string[]>>
}

/** Batches in one pass of each training set, and the sessions of each task that are scored. */
export function sizesOf({ train, validation, test }: DataSet): DataSizes {
  const batches = TASK_ORDER.flatMap((task) => {
    const sessions = [...(train[task] ?? [])].map(([key, loader]) => [key, loader.batches] as const)
    return sessions.length === 0 ? [] : [[task, Object.fromEntries(sessions)] as const]
  })
  const scored = TASK_ORDER.map((task) => {
    const keys = [train, validation, test].flatMap((part) => [...(part[task]?.keys() ?? [])])
    return [task, [...new Set(keys)]] as const
  })
  return { train: Object.fromEntries(batches), scored: Object.fromEntries(scored) }
}

/** One row of the table before training: the batches with which a session moves the optimizer, by epoch. */
export interface ShareRow {
  readonly task: string
  readonly session: string
  /** Batches an epoch from the epoch on at which they change; one entry unless the ratio has a schedule. */
  readonly perEpoch: readonly { readonly from: number; readonly batches: number }[]
}

/** Epochs at which an epoch begins to look different. */
const changes = ({ cycler, maxEpochs }: SharePlan): readonly number[] => {
  const { ratio } = cycler.args
  if (cycler.name !== 'MTL_Cycler' || typeof ratio !== 'object') return [1]
  const epochs = Object.keys(ratio).map((epoch) => Math.max(1, Number(epoch)))
  return [...new Set(epochs)].filter((epoch) => epoch <= maxEpochs).sort((a, b) => a - b)
}

/** Batches of every task and session that is scored, per epoch; sessions without training data count 0. */
export async function trainingShare(plan: SharePlan, sizes: DataSizes): Promise<readonly ShareRow[]> {
  const train = Object.fromEntries(
    plan.tasks.flatMap((task) => (sizes.train[task] === undefined ? [] : [[task, sizes.train[task]]])),
  )
  const cycler = buildCycler(plan.cycler.name, plan.cycler.args)
  const counted = await Promise.all(
    changes(plan).map(async (from) => ({ from, counts: await trainedBatches(cycler, train, from) })),
  )
  return plan.tasks.flatMap((task) =>
    (sizes.scored[task] ?? []).map((session) => ({
      task,
      session,
      perEpoch: counted.map(({ from, counts }) => ({ from, batches: counts[task]?.[session] ?? 0 })),
    })),
  )
}

/** `v1/a 3`, or with a schedule `v1/a 3 (6 from epoch 20)`. */
export function shareText({ task, session, perEpoch }: ShareRow): string {
  const [first, ...later] = perEpoch
  const name = session === task ? task : `${task}/${session}`
  const more = later.map(({ from, batches }) => `${batches} from epoch ${from}`).join(', ')
  return `${name} ${first?.batches ?? 0}${more === '' ? '' : ` (${more})`}`
}

/** Tasks and sessions that get no batch in the first `epochs` epochs. */
export function untrainedParts(rows: readonly ShareRow[], epochs: number): readonly UntrainedTask[] {
  const isUntrained = ({ perEpoch }: ShareRow): boolean =>
    !perEpoch.some(({ from, batches }) => from <= epochs && batches > 0)
  const tasks = [...new Set(rows.map(({ task }) => task))]
  return tasks.flatMap((task) => {
    const own = rows.filter((row) => row.task === task)
    const sessions = own.filter(isUntrained).map(({ session }) => session)
    return sessions.length === 0 ? [] : [{ task, sessions, whole: sessions.length === own.length }]
  })
}

/** Why these parts would be scored untrained, and what to change. */
export function untrainedProblem({ cycler }: SharePlan, parts: readonly UntrainedTask[]): CotrainError {
  const what = parts.map(untrainedText).join('; ').replaceAll('was not trained', 'gets no batch')
  const hint =
    cycler.name === 'MTL_Cycler'
      ? 'Raise the ratio or use smaller classification batches; or set allow_untrained: true to score it as it is.'
      : `${cycler.name} goes through the sessions of the first task only: use MTL_Cycler, or take the loss away; or set allow_untrained: true to score it as it is.`
  return new CotrainError({
    code: 'config-invalid',
    path:
      cycler.name === 'MTL_Cycler' ? 'trainer.config.train_cycler_args.ratio' : 'trainer.config.train_cycler',
    message: `${what.replaceAll('were not trained', 'get no batch')} in any epoch: its readout would be scored untrained.`,
    hint,
  })
}
