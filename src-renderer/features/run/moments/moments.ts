import type { RunDetail } from '../../../../src-shared/contract/run.ts'

/** A kept checkpoint as a place of the slider. */
export interface Moment {
  readonly epoch: number
  readonly step: number
  /** The best in validation of the whole run. */
  readonly isBest: boolean
  readonly isLast: boolean
}

/** The kept checkpoints in order of time. Earlier best ones were overtaken: the newest best is the best. */
export function momentsOf(checkpoints: RunDetail['checkpoints']): readonly Moment[] {
  const inOrder = checkpoints.toSorted((a, b) => a.epoch - b.epoch)
  const best = inOrder.findLastIndex((c) => c.best)
  return inOrder.map(({ epoch, step }, i) => ({
    epoch,
    step,
    isBest: i === best,
    isLast: i === inOrder.length - 1,
  }))
}

/** The moment that is looked at: the one asked for, else the best, else the last; null without checkpoints. */
export const momentAt = (moments: readonly Moment[], epoch: number | null): Moment | null =>
  moments.find((m) => m.epoch === epoch) ?? moments.find((m) => m.isBest) ?? moments.at(-1) ?? null

/** What a moment is, in words: "epoch 12, best validation, 2 of 5". */
export const momentWords = (moments: readonly Moment[], moment: Moment): string =>
  [
    `epoch ${moment.epoch}`,
    ...(moment.isBest ? ['best validation'] : []),
    ...(moment.isLast ? ['last'] : []),
    `${moments.indexOf(moment) + 1} of ${moments.length}`,
  ].join(', ')

/** Why the address does not lead to a moment; empty where it does, or names none. */
export function lostMoment(moments: readonly Moment[], epoch: number | null): string {
  if (epoch === null || moments.length === 0 || moments.some((m) => m.epoch === epoch)) return ''
  const kept = moments.map((m) => m.epoch).join(', ')
  return `No checkpoint of epoch ${epoch} is kept: there ${moments.length === 1 ? 'is one of epoch' : 'are those of'} ${kept}.`
}

/** Of which weights the scores of units are, seen from a moment. */
export function unitsWords(epoch: number, scoredEpoch: number | null): string {
  if (scoredEpoch === epoch) return 'Scored after training, with the weights of this epoch.'
  return scoredEpoch === null
    ? 'Scores of units are kept of the final evaluation alone; this run does not say with the weights of which epoch.'
    : `Scores of units are kept of epoch ${scoredEpoch} alone, from the evaluation after training: shown are these.`
}
