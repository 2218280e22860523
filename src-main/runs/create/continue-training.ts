import type { RunRecord } from '../../store/files/run-record.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { endWords } from '../../../src-shared/contract/run-end.ts'
import { diffConfigs } from '../../../src-shared/schema/diff.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { changedConfig } from '../../../src-shared/schema/run-config.ts'
import { adoptCheckpoint } from '../../store/files/checkpoint-folder.ts'
import { readEvents } from '../../store/history/event-reader.ts'
import { openEventWriter } from '../../store/history/event-writer.ts'
import type { RunStore } from '../../store/run-store.ts'
import { checkpointOf } from '../read/kept-moments.ts'

/** What a run that goes on from another's checkpoint asks for. */
export interface LongerTraining {
  readonly maxIter: number | null
  readonly patience: number | null
  /** Rounds of patience. */
  readonly rounds: number | null
  /** A kept checkpoint; null: the last one. */
  readonly fromEpoch: number | null
}

/** Options in which a run may differ from the one whose training it takes over: how long, and what is kept. */
const MAY_CHANGE = ['max_iter', 'patience', 'lr_decay_steps', 'allow_untrained', 'chkpt_options']

/**
 * The config of a run that goes on from a checkpoint of `record`, and what a person should know about its numbers.
 * @throws CotrainError for a wish that leaves nothing to train, or that the trainer refuses
 */
export function longerConfig(
  store: RunStore,
  record: RunRecord,
  wish: LongerTraining,
): { config: RunConfig; note: string } {
  const before = record.config
  const { epoch } = checkpointOf(store, record, wish.fromEpoch).manifest
  const changes = {
    ...(wish.maxIter === null ? {} : { max_iter: wish.maxIter }),
    ...(wish.patience === null ? {} : { patience: wish.patience }),
    ...(wish.rounds === null ? {} : { lr_decay_steps: wish.rounds }),
  }
  const { trainer: own } = before
  // The options of either trainer, each with its own.
  const trainer =
    own.fn === 'cotrainer'
      ? { ...own, config: { ...own.config, ...changes } }
      : { ...own, config: { ...own.config, ...changes } }
  checkGoesOn(record, wish, epoch)
  const parent = { run: record.id, file: null, use: 'training' as const, strict: false, epoch }
  const { config, problems, inherited } = changedConfig(before, { ...before, trainer, parent })
  if (problems.length > 0) throw new CotrainError(problems)
  const kept =
    inherited.length === 0
      ? ''
      : ` Kept as they were, though refused in new configs: ${inherited.join(', ')}.`
  return { config, note: `${noteOf(record, wish, epoch)}${kept}` }
}

function checkGoesOn(record: RunRecord, wish: LongerTraining, epoch: number): void {
  const refuse = (path: string, message: string, hint: string): never => {
    throw new CotrainError({ code: 'config-invalid', path, message, hint })
  }
  const { trainer } = record.config
  const maxIter = wish.maxIter ?? trainer.config.max_iter
  const prunes = trainer.fn === 'cotrainer' && (trainer.config.lottery_ticket ?? null) !== null
  if (wish.maxIter !== null && prunes)
    refuse(
      'max_iter',
      'pruning rounds set the number of epochs.',
      'Change lottery_ticket in a copy of the config.',
    )
  if (maxIter <= epoch)
    refuse(
      '--max-iter',
      `the checkpoint is of epoch ${epoch}, so ${maxIter} epochs leave nothing to train.`,
      `Give more than ${epoch}, or an earlier checkpoint (--from-epoch).`,
    )
  const stoppedEarly = record.end?.reason === 'early-stopping' && record.end.epoch === epoch
  if (stoppedEarly && wish.patience === null && wish.rounds === null)
    refuse(
      '--max-iter',
      `it ended by ${endWords('early-stopping')} in epoch ${epoch}: more epochs alone change nothing.`,
      'Give a larger --patience or more --rounds, or an earlier checkpoint (--from-epoch).',
    )
}

function noteOf({ environment }: RunRecord, { patience, rounds }: LongerTraining, epoch: number): string {
  const from = `Goes on after epoch ${epoch}.`
  if (patience !== null || rounds !== null)
    return `${from} The stopping rules change there: it is not the run that they give from the start.`
  const loose = environment?.nondeterministic ?? []
  if (loose.length > 0)
    return `${from} Repeats on ${environment?.device} are not bit for bit equal (${loose.join(', ')}).`
  return `${from} On the same engine it equals, bit for bit, the run that this config gives from the start.`
}

/** @throws CotrainError naming an option that cannot change while a training goes on, or data that are not the same. */
export function checkSameTraining(record: RunRecord, config: RunConfig, data: string): void {
  const before = record.config
  const allowed = MAY_CHANGE.map((name) => `trainer.config.${name}`)
  const free = ['name', 'comment', 'tags', 'parent', ...allowed]
  const other = diffConfigs([before, config]).find(
    ({ path }) => !free.some((name) => path === name || path.startsWith(`${name}.`)),
  )
  if (other !== undefined)
    throw new CotrainError({
      code: 'config-invalid',
      path: other.path,
      message: `a run that takes over a training has its options; this one is ${JSON.stringify(other.values[0])} there.`,
      hint: 'Start from its weights instead (parent.use: weights) to change other options.',
    })
  if (record.identity.data !== data)
    throw new CotrainError({
      code: 'data-changed',
      path: 'dataset',
      message: `the data are not those of run ${record.id.slice(0, 10)}.`,
    })
}

/** Gives a new run the checkpoint that it goes on from, and the curves up to there. */
export async function takeOverTraining(store: RunStore, record: RunRecord, parent: RunRecord): Promise<void> {
  const checkpoint = checkpointOf(store, parent, record.config.parent?.epoch ?? null)
  const { step, epoch } = checkpoint.manifest
  adoptCheckpoint(checkpoint, store.files(record.id).checkpoints, record.identity.config)
  const events = openEventWriter(store.files(record.id).events)
  try {
    for (const event of readEvents(store.files(parent.id).events, 0).events)
      if ((event.kind === 'metrics' || event.kind === 'mark') && event.step <= step) events.add(event)
  } finally {
    events.close()
  }
  // The next segment begins after those of the parent, so that its numbers overrule none of them.
  await store.write({ ...record, step, epoch, segment: parent.segment })
}
