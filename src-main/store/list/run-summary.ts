import type { Problem } from '../../../src-shared/contract/errors.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import type { Evaluation } from '../../../src-shared/contract/evaluation.ts'
import { scoresOfEvaluation } from '../../../src-shared/contract/evaluation.ts'
import type { RunNotes, RunRecord, RunRetry } from '../files/run-record.ts'

/** The row of a run in lists. Scores of training stand before those that were made later. */
export function summaryOf(
  record: RunRecord,
  notes: RunNotes,
  evaluations: readonly Evaluation[],
): RunSummary {
  const { config } = record
  return {
    id: record.id,
    shortId: shortId(record.id),
    name: notes.name ?? record.name,
    status: record.status,
    createdAt: record.createdAt,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    seconds: record.seconds,
    epoch: record.epoch,
    epochs: record.epochs,
    seed: config.seed,
    dataset: config.dataset.fn,
    model: config.model.fn,
    trainer: config.trainer.fn,
    groupId: record.identity.group,
    scores: { ...record.scores, ...laterScores(record.id, evaluations), ...record.scores },
    latest: record.latest,
    tags: notes.tags ?? config.tags,
    star: notes.star,
    note: notes.note === '' ? config.comment : notes.note,
    parent: record.parent,
    end: record.end,
    problem: record.problem,
    backend: record.environment?.backend ?? null,
    readable: true,
    ...(record.retry && { retry: triesOf(record.retry) }),
    ...(record.origin && { packaged: true }),
  }
}

const triesOf = ({ attempts, most, nextAt, why }: RunRetry): RunSummary['retry'] => ({
  tried: attempts.length,
  most,
  nextAt,
  why,
})

/** An ensemble is listed with all its members and scored at the first one: as a score it is one, not one for each seed. */
function laterScores(id: string, evaluations: readonly Evaluation[]): RunSummary['scores'] {
  const own = evaluations.filter(({ members }) => members[0] === id)
  return Object.assign({}, ...own.reverse().map(scoresOfEvaluation)) as RunSummary['scores'] // records of scores, merged
}

/** The row of a folder that cannot be read: it says why, and the others are not affected. */
export function unreadableSummary(id: string, problem: Problem, createdAt: number): RunSummary {
  return {
    id,
    shortId: shortId(id),
    name: '',
    status: 'failed',
    createdAt,
    startedAt: null,
    endedAt: null,
    seconds: 0,
    epoch: 0,
    epochs: 0,
    seed: 0,
    dataset: '',
    model: '',
    trainer: '',
    groupId: '',
    scores: {},
    latest: {},
    tags: [],
    star: false,
    note: '',
    parent: null,
    end: null,
    problem: { ...problem },
    backend: null,
    readable: false,
  }
}

/** First ten letters: enough to tell the runs of one home apart. */
export const shortId = (id: string): string => id.slice(0, 10)
