import { z } from 'zod'
import { capital } from '../util/capital.ts'
import { isTestMode, metricParts } from './metric-keys.ts'

/** Why training ended. `early-stopping` and `all-epochs` are the two ways to finish; `pruned`: a search ended it, since others were ahead. */
export const endReason = z.enum([
  'early-stopping',
  'all-epochs',
  'asked-to-stop',
  'pruned',
  'out-of-queue',
  'not-finite',
  'error',
  'process-gone',
])
export type EndReason = z.infer<typeof endReason>

/** What was seen when a number stopped being finite. */
const divergence = z.object({
  what: z.enum(['loss', 'weights', 'validation']),
  /** Task of the batch or of the validation value; null where the weights were found spoilt after an epoch. */
  task: z.string().nullable(),
  /** First layer, in the order of the network, with a value that is not finite. */
  layer: z.string().nullable(),
  /** From 1. */
  epoch: z.number(),
  /** Batch of the epoch, from 1; null after the epoch. */
  batch: z.number().nullable(),
  /** Optimizer steps before. */
  step: z.number(),
  /** Gradient norms measured last before it, oldest first. */
  gradientNorms: z.array(z.object({ step: z.number(), norm: z.number().nullable() })),
})
export type Divergence = z.infer<typeof divergence>

/** Tasks and sessions whose readouts never got a gradient; `whole`: no session of the task did. */
const untrainedTask = z.object({
  task: z.string(),
  sessions: z.array(z.string()),
  whole: z.boolean(),
})
export type UntrainedTask = z.infer<typeof untrainedTask>

/** How a run ended, as part of its result. */
export const runEnd = z.object({
  reason: endReason,
  /** Epochs trained. */
  epoch: z.number(),
  /** Epoch of the weights that were scored; null where nothing was. */
  scoredEpoch: z.number().nullable(),
  divergence: divergence.nullable(),
  untrained: z.array(untrainedTask),
})
export type RunEnd = z.infer<typeof runEnd>

/** The end of a run that was not trained to its end. */
export const plainEnd = (reason: EndReason, epoch: number): RunEnd => ({
  reason,
  epoch,
  scoredEpoch: null,
  divergence: null,
  untrained: [],
})

const WORDS: Readonly<Record<EndReason, string>> = {
  'early-stopping': 'early stopping',
  'all-epochs': 'all epochs',
  'asked-to-stop': 'asked to stop',
  pruned: 'ended early by its search',
  'out-of-queue': 'taken out of the queue',
  'not-finite': 'not finite',
  error: 'error',
  'process-gone': 'process gone',
}
export const endWords = (reason: EndReason): string => WORDS[reason]

/** One sentence: which number, where. */
export function divergenceText({ what, task, layer, epoch, batch, step, gradientNorms }: Divergence): string {
  const where = batch === null ? `after epoch ${epoch}` : `in epoch ${epoch}, batch ${batch}`
  const number =
    what === 'weights'
      ? `weights (${layer ?? 'of the network'}) are no longer finite`
      : `the ${task ?? ''} ${what === 'loss' ? 'loss' : 'validation value'} is no longer finite`
  const spoilt = what === 'weights' || layer === null ? '' : `; first layer concerned: ${layer}`
  const norms = gradientNorms.map(({ norm }) => norm?.toPrecision(3) ?? 'not finite')
  const before = norms.length === 0 ? '' : `; gradient norms before: ${norms.join(', ')}`
  return `${number} ${where}, step ${step}${spoilt}${before}.`
}

interface Ended {
  readonly status: string
  readonly end: RunEnd | null
  readonly scores?: Readonly<Record<string, number | null>>
}

/** What a reader of the scores must know; empty for most runs. Lists, pages, comparisons and exports say exactly this. */
export function scoreCautions({ status, end, scores = {} }: Ended): string[] {
  return [...endCautions({ status, end }), ...fewImages(scores)]
}

/** Test sets of so few images that their number must stand beside the scores. */
const fewImages = (scores: Readonly<Record<string, number | null>>): string[] =>
  Object.entries(scores).flatMap(([key, n]) => {
    const parts = metricParts(key)
    if (parts?.measure !== 'images' || !isTestMode(parts.mode) || n === null) return []
    return [
      `${capital(parts.task)} was tested on ${n} ${n === 1 ? 'image' : 'images'}; such scores say little.`,
    ]
  })

function endCautions({ status, end }: Ended): string[] {
  if (end === null) return []
  const diverged =
    status !== 'diverged'
      ? []
      : [
          end.scoredEpoch === null
            ? 'Diverged before any weights were worth keeping: there are no scores but those from before training.'
            : `Diverged: the scores are those of the last good weights (epoch ${end.scoredEpoch}).`,
        ]
  return [...diverged, ...end.untrained.map((part) => `${capital(untrainedText(part))}.`)]
}

/** `v1 was not trained`, `v1: 2 sessions were not trained (a, b)`. */
export function untrainedText({ task, sessions, whole }: UntrainedTask): string {
  if (whole) return `${task} was not trained`
  const n = sessions.length
  return `${n} ${n === 1 ? 'session' : 'sessions'} of ${task} ${n === 1 ? 'was' : 'were'} not trained (${sessions.join(', ')})`
}

/** Mark beside one score: `untrained`, `partly untrained`, `last good weights`, `before training`, or nothing. */
export function scoreMark(key: string, { status, end }: Ended): string {
  const task = key.split('/')[1]
  const untrained = end?.untrained.find((part) => part.task === task)
  if (untrained !== undefined) return untrained.whole ? 'untrained' : 'partly untrained'
  if (status !== 'diverged') return ''
  return end !== null && end.scoredEpoch === null ? 'before training' : 'last good weights'
}

/** Status with its reason, for lists: `finished (early stopping)`. */
export function statusText({ status, end }: Ended): string {
  return end === null ? status : `${status} (${endWords(end.reason)})`
}

/** What is done by itself about an end that may pass: "Tried 1 of 3, next at 14:03:10." Empty where nothing is, or was. */
export function triesText(
  {
    retry,
    status,
  }: {
    readonly status: string
    readonly retry?: { tried: number; most: number; nextAt: number | null; why: string } | undefined
  },
  clock: (at: number) => string,
): string {
  if (retry === undefined || status === 'finished') return ''
  const tried = `Tried ${retry.tried} of ${retry.most}`
  if (retry.nextAt !== null) return `${tried}, next at ${clock(retry.nextAt)}.`
  return retry.why === '' ? `${tried}.` : `${tried}; it is not tried again by itself: ${retry.why}`
}
