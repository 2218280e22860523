import { SECONDS } from '../../../src-shared/contract/metric-keys.ts'
import type { UntrainedTask } from '../../../src-shared/contract/run-end.ts'
import { finalSuite } from '../eval/final-suite.ts'
import { ownMeasures } from '../eval/own-measures.ts'
import { relay } from '../eval/relay.ts'
import type { TrainEnd, TrainerEvent, TrainResult } from '../types.ts'
import type { OpenRun, Steps } from './open-run.ts'
import { checkpoint, isAskedNow, markOf } from './open-run.ts'
import { TASK_ORDER } from './rules/sources.ts'
import { restoreBest } from './run-steps.ts'
import { sharePlan, sizesOf, trainingShare, untrainedParts } from './training-share.ts'
import { UNFINISHED } from './unfinished.ts'

/** Final suite and result. */
export async function* finishRun(run: OpenRun): Steps<TrainResult> {
  const { setup, rules, state, position, divergence, clock } = run
  const reason = position.stop.stopped ?? 'epochs'
  if (reason === 'non-finite' && run.best === null)
    return { ...UNFINISHED, end: { ...UNFINISHED.end, reason, divergence } }
  if (!run.isSaved && reason !== 'non-finite') yield await checkpoint(run, false)
  yield* goodWeights(run, reason)
  const tasks = TASK_ORDER.filter((task) => rules.losses.has(task))
  const measures = ownMeasures(rules.ownParts)
  const options = { tasks, ...rules.finalSuite, keepClasses: rules.keepClasses, measures }
  const suite = finalSuite(run.network, setup.data, options, state.rng.fork('final'))
  const words = (where: { detail: string; fraction: number }) => clock.progress('evaluating', position, where)
  const found = yield* relay(suite, words, () => isAskedNow(run))
  if (found === null) return yield* stopHere(run)
  const weights = await state.store.read(state.modelNames)
  const scores = { ...found.scores, [SECONDS]: clock.seconds() }
  const isBest = reason === 'non-finite' || rules.stop.restoreBest
  const scoredEpoch = (isBest ? position.stop.best?.epoch : null) ?? position.epoch
  const untrained = await untrainedAt(run, position.epoch)
  return { end: { reason, scoredEpoch, divergence, untrained }, scores, arrays: found.arrays, weights }
}

/** The end of a run that was asked to stop: the state of this very moment, unless it was just saved. */
export async function* stopHere(run: OpenRun): Steps<TrainResult> {
  if (!run.isSaved) yield await checkpoint(run, false)
  yield markOf(run, 'stop', 'stopped on request')
  return UNFINISHED
}

/** Spoilt weights are never scored: the best ones replace them whatever the config says. */
function* goodWeights(run: OpenRun, reason: TrainEnd['reason']): Generator<TrainerEvent> {
  if (reason === 'non-finite' && !run.rules.stop.restoreBest)
    yield* restoreBest(run, run.position.stop.best?.epoch ?? 0)
}

/** Weights of another run count as trained where they are used as they are. */
async function untrainedAt({ setup, rules }: OpenRun, epoch: number): Promise<readonly UntrainedTask[]> {
  if (epoch === 0 && setup.start !== null) return []
  return untrainedParts(await trainingShare(sharePlan(rules), sizesOf(setup.data)), epoch)
}
