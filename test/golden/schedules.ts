import {
  advanceStop,
  initialStop,
  type StopDecision,
  type StopEvent,
} from '../../src-main/engine/train/schedule/early-stopping.ts'
import { initialScheduler, stepScheduler } from '../../src-main/engine/train/schedule/scheduler.ts'
import { casesOf, entryName, exactOutcome } from './compare-exact.ts'
import type { GoldenCase, GoldenOutcome } from './golden-case.ts'
import { publishedRules } from './published-trainer.ts'
import { type SchedulerCase, schedulerSpec } from './scheduler-spec.ts'

export const area = 'schedules'

const RTOL = 1e-9

type Row = Readonly<Record<string, unknown>>

interface StoppingCase {
  readonly name: string
  readonly objectives: Readonly<Record<string, readonly number[]>>
  readonly config: Readonly<Record<string, unknown>>
  /** Where the run goes on; absent: at its start. */
  readonly resume?: readonly [epoch: number, patience: number]
  readonly initial_lr: number
  readonly epochs_run: readonly number[]
  readonly lr_per_epoch: readonly number[]
  readonly final_lr: number
  readonly events: readonly Row[]
  readonly error?: string
}

/** Epoch and patience count of a run that begins. */
const START: NonNullable<StoppingCase['resume']> = [0, -1]

/** More transitions than any scripted run needs. */
const ENOUGH = 100_000

/** Plays the scripted objectives against the state machine and writes down what the published loop would. */
function play(entry: StoppingCase): {
  events: Row[]
  epochs_run: number[]
  lr_per_epoch: number[]
  final_lr: number
} {
  const config = publishedRules(entry.config).stop
  const [epoch, patienceCounter] = entry.resume ?? START
  let state = initialStop(config, [entry.initial_lr], { epoch, patienceCounter })
  let lr = entry.initial_lr
  let evaluations = 0
  let objective: Readonly<Record<string, number>> = {}
  const epochs: number[] = []
  const rates: number[] = []
  const events: Row[] = [{ event: 'restore', action: 'last', only_state: false }]

  const evaluate = (): StopEvent => {
    const script = Object.entries(entry.objectives)
    objective = Object.fromEntries(
      script.map(([task, values]) => [task, values[Math.min(evaluations, values.length - 1)] as number]),
    )
    evaluations++
    for (const [task, value] of Object.entries(objective)) events.push({ event: 'evaluate', task, value })
    return { kind: 'evaluated', objective }
  }
  const carryOut = (decision: StopDecision): StopEvent | null => {
    switch (decision.do) {
      case 'evaluate':
        return evaluate()
      case 'train':
        epochs.push(decision.epoch)
        rates.push(decision.rates[0] as number)
        events.push({ event: 'epoch', epoch: decision.epoch, lr: decision.rates[0], objective })
        return { kind: 'trained' }
      case 'learning-rate':
        lr = decision.rates[0] as number
        return null
      case 'patience':
        events.push({ event: 'patience', value: decision.value })
        return null
      case 'save':
        events.push({
          event: 'save',
          epoch: decision.epoch,
          score: decision.score,
          patience_counter: decision.patience,
          lr,
        })
        return null
      case 'restore-best':
        events.push({ event: 'restore', action: 'best', only_state: true, epoch: decision.epoch, lr })
        return null
      case 'stop':
        return null
    }
  }

  let event: StopEvent | null = { kind: 'started' }
  for (let i = 0; event !== null && i < ENOUGH; i++) {
    const [next, decisions] = advanceStop(config, state, event)
    state = JSON.parse(JSON.stringify(next)) as typeof next // a checkpoint must carry everything
    event = decisions.map(carryOut).findLast((answer) => answer !== null) ?? null
  }
  return { events, epochs_run: epochs, lr_per_epoch: rates, final_lr: lr }
}

/** The order counts, so rows are compared one by one; where the published loop raises, ours goes on past its trace. */
async function runStopping(entry: StoppingCase): Promise<GoldenOutcome> {
  const ours = play(entry)
  if (entry.error === undefined) {
    const { events, epochs_run, lr_per_epoch, final_lr } = entry
    return exactOutcome(ours, { events, epochs_run, lr_per_epoch, final_lr }, RTOL)
  }
  const outcome = exactOutcome(ours.events.slice(0, entry.events.length), entry.events, RTOL)
  return { ...outcome, detail: outcome.detail ?? `published code raises ${entry.error} here; ours goes on` }
}

async function runScheduler(entry: SchedulerCase): Promise<GoldenOutcome> {
  const spec = schedulerSpec(entry)
  let state = initialScheduler([entry.initial_lr])
  const rates = entry.metrics.map((metric) => {
    state = stepScheduler(spec, state, metric ?? NaN)
    return state.rates[0]
  })
  return exactOutcome(rates, entry.lr_after_step, RTOL)
}

/** Scripted early stopping and bare schedulers, told apart by what an entry holds. */
export async function cases(folder: string): Promise<GoldenCase[]> {
  const found = await casesOf<StoppingCase | SchedulerCase>(folder, area, 'cases')
  return found.map(({ file, entry }) => ({
    name: entryName(file, entry.name),
    run: () => ('objectives' in entry ? runStopping(entry) : runScheduler(entry)),
  }))
}
