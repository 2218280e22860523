import { describe, expect, it } from 'vitest'
import {
  advanceStop,
  initialStop,
  reconsider,
  type StopDecision,
  type StopEvent,
  type StopState,
} from '../../../../../../src-main/engine/train/schedule/early-stopping.ts'
import {
  coTrainerStop,
  nnvisionStop,
  type CoTrainerStopOptions,
  type StopConfig,
} from '../../../../../../src-main/engine/train/schedule/stop-config.ts'

const defaults: CoTrainerStopOptions = {
  scheduler: '',
  scheduler_options: {},
  lr_decay: 0.5,
  lr_decay_steps: 2,
  patience: 2,
  threshold: 1e-4,
  threshold_mode: 'rel',
  min_lr: 0,
  to_monitor: ['v1'],
  maximize: true,
  interval: 1,
  max_iter: 100,
  restore_best: true,
}
const configOf = (options: Partial<CoTrainerStopOptions>): StopConfig =>
  coTrainerStop({ ...defaults, ...options })

type Script = readonly number[] | Readonly<Record<string, readonly number[]>>

interface Run {
  readonly decisions: readonly StopDecision[]
  readonly state: StopState
  readonly evaluations: number
}

/** Plays scripted scores (last one repeats) until the machine stops or `until` decisions were carried out. */
function play(
  config: StopConfig,
  script: Script,
  from?: { state: StopState; evaluations: number },
  losses: readonly number[] = [],
): Run {
  const scripts: Readonly<Record<string, readonly number[]>> = Array.isArray(script)
    ? { v1: script }
    : (script as Record<string, readonly number[]>)
  let state = from?.state ?? initialStop(config, [1])
  let evaluations = from?.evaluations ?? 0
  const carried: StopDecision[] = []
  let todo: readonly StopDecision[] = from ? from.state.pending : [{ do: 'evaluate' }]
  for (;;) {
    carried.push(...todo)
    const last = todo.at(-1)
    if (last === undefined || last.do === 'stop') return { decisions: carried, state, evaluations }
    const values = Object.entries(scripts).map(([task, scores]) => [
      task,
      scores[Math.min(evaluations, scores.length - 1)] as number,
    ])
    const loss = last.do === 'train' ? losses[last.epoch - 1] : undefined
    const event: StopEvent =
      last.do === 'evaluate'
        ? { kind: 'evaluated', objective: Object.fromEntries(values) as Record<string, number> }
        : { kind: 'trained', ...(loss === undefined ? {} : { loss }) }
    if (event.kind === 'evaluated') evaluations++
    ;[state, todo] = advanceStop(config, state, event)
  }
}

const pick = <K extends StopDecision['do']>(run: Run, kind: K) =>
  run.decisions.filter((decision): decision is Extract<StopDecision, { do: K }> => decision.do === kind)
const epochs = (run: Run) => pick(run, 'train').map(({ epoch }) => epoch)
const rates = (run: Run) => pick(run, 'train').map((decision) => decision.rates[0])
const patience = (run: Run) => pick(run, 'patience').map(({ value }) => value)
const restored = (run: Run) => pick(run, 'restore-best').map(({ epoch }) => epoch)

const SCORES = [0, 10, 20, 19, 19, 19, 18, 18, 18]

describe('early stopping of the co-trainer', () => {
  it.each([
    ['at round ends', { scheduler: 'adaptive', scheduler_options: { mtl: true } }],
    ['by the plateau scheduler', { scheduler: 'adaptive', scheduler_options: { mtl: false } }],
  ])('runs 8 epochs and halves the rate before epoch 6 %s', (_, options) => {
    const run = play(configOf(options), SCORES)
    expect(epochs(run)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(rates(run)).toEqual([1, 1, 1, 1, 1, 0.5, 0.5, 0.5])
    expect(patience(run)).toEqual([-1, -1, 0, 1, 2, 0, 1, 2])
    expect(restored(run)).toEqual([2, 2, 2])
    expect(run.state.stopped).toBe('rounds')
  })

  it('ends a round after patience + 1 failures, even without a scheduler', () => {
    const run = play(configOf({ lr_decay_steps: 3 }), [5, 4])
    expect(epochs(run)).toHaveLength(9)
    expect(rates(run).every((rate) => rate === 1)).toBe(true)
    expect(restored(run)).toEqual([1, 1, 1, 1])
  })

  it('needs all monitored tasks to improve, and restores the best score of the first one', () => {
    const config = configOf({ to_monitor: ['img', 'v1'], lr_decay_steps: 1 })
    const run = play(config, { img: [0, 10, 20, 30, 30], v1: [0, 0.5, 0.4, 0.4, 0.4] })
    expect(patience(run)).toEqual([-1, 0, 1, 2])
    expect(run.state.reference).toEqual({ img: 10, v1: 0.5 })
    expect(restored(run)).toEqual([3])
  })

  it('evaluates every interval epochs and may pass the maximum by interval - 1', () => {
    const run = play(configOf({ interval: 3, max_iter: 7, patience: 5 }), [0, 1, 2, 3])
    expect(epochs(run)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(pick(run, 'save').map(({ epoch }) => epoch)).toEqual([3, 6, 9])
    expect(run.state.stopped).toBe('epochs')
  })

  it('restores at milestones and lowers the rate there', () => {
    const run = play(
      configOf({
        scheduler: 'manual',
        scheduler_options: { milestones: [2] },
        max_iter: 3,
        lr_decay_steps: 1,
      }),
      [0, 1, 2, 3],
    )
    expect(rates(run)).toEqual([1, 1, 0.5])
    expect(restored(run)).toEqual([2, 3])
  })

  it('stops when a value is not finite, whichever task has it', () => {
    const run = play(configOf({}), { v1: [0, 1, 2], img: [0, 1, NaN] })
    expect(epochs(run)).toEqual([1, 2])
    expect(run.state.stopped).toBe('non-finite')
    expect(restored(run)).toEqual([2])
  })

  it('stops when the training loss is not finite', () => {
    const run = play(configOf({}), [0, 1, 2, 3], undefined, [0.5, NaN])
    expect(epochs(run)).toEqual([1, 2])
    expect(run.state.stopped).toBe('non-finite')
    expect(restored(run)).toEqual([1])
  })

  it('trains nothing when no epoch is allowed', () => {
    const run = play(configOf({ max_iter: 0 }), [0])
    expect(epochs(run)).toEqual([])
    expect(run.decisions).toEqual([
      { do: 'evaluate' },
      { do: 'restore-best', epoch: 0 },
      { do: 'stop', reason: 'epochs' },
    ])
  })

  it('never restores when told not to', () => {
    expect(restored(play(configOf({ restore_best: false }), SCORES))).toEqual([])
  })

  it('follows a loss downwards', () => {
    const run = play(
      configOf({
        maximize: false,
        lr_decay_steps: 1,
        scheduler: 'adaptive',
        scheduler_options: { mtl: false },
      }),
      [5, 4, 3, 3, 3, 3],
    )
    expect(patience(run)).toEqual([-1, -1, 0, 1, 2])
    expect(restored(run)).toEqual([2])
    expect(run.state.scheduler.rates).toEqual([0.5])
  })

  it('counts improvement by an absolute margin', () => {
    const run = play(configOf({ lr_decay_steps: 1 }), [1, 1.00005, 1.00009, 1.0002, 1.00025])
    expect(patience(run)).toEqual([0, 1, 1, 0, 1, 2])
  })

  it('raises the rate linearly over the warm-up epochs', () => {
    expect(rates(play(configOf({ lr_warmup: 4, max_iter: 6 }), [0, 1, 2, 3, 4, 5, 6]))).toEqual([
      0.25, 0.5, 0.75, 1, 1, 1,
    ])
  })

  it('goes on from any checkpoint exactly as without the interruption', () => {
    const config = configOf({
      scheduler: 'adaptive',
      scheduler_options: { mtl: false },
      interval: 2,
      lr_decay_steps: 3,
    })
    const scores = [0, 1, 3, 2, 2, 4, 4, 4, 4, 3, 3, 3]
    const whole = play(config, scores)
    let state = initialStop(config, [1])
    let evaluations = 0
    let event: StopEvent = { kind: 'started' }
    let done: StopDecision[] = []
    for (let guard = 0; guard < 100; guard++) {
      const [next, todo] = advanceStop(config, state, event)
      state = next
      const saved = todo.findIndex((decision) => decision.do === 'save')
      if (saved >= 0) {
        const stored = JSON.parse(JSON.stringify(state)) as StopState
        const resumed = play(config, scores, { state: stored, evaluations })
        expect([...done, ...todo.slice(0, saved + 1), ...resumed.decisions]).toEqual(whole.decisions)
        expect(resumed.state).toEqual(whole.state)
      }
      done = [...done, ...todo]
      const last = todo.at(-1) as StopDecision
      if (last.do === 'stop') break
      event =
        last.do === 'evaluate'
          ? { kind: 'evaluated', objective: { v1: scores[Math.min(evaluations++, 11)] as number } }
          : { kind: 'trained' }
    }
    expect(done).toEqual(whole.decisions)
  })

  it('lets the plateau scheduler see the untrained score, and rest while the rate rises', () => {
    const plateau = { scheduler: 'adaptive', scheduler_options: { mtl: false }, patience: 0 }
    expect(rates(play(configOf({ ...plateau, lr_decay_steps: 3 }), [10, 9]))).toEqual([1, 0.5, 0.25])
    const warm = configOf({ ...plateau, lr_decay_steps: 4, lr_warmup: 2 })
    expect(rates(play(warm, [10, 9]))).toEqual([0.5, 1, 0.5, 0.25])
  })

  it('lowers the rate at round ends alone with mtl, whatever the plateau scheduler would see', () => {
    const told = (mtl: boolean) => {
      const options = { scheduler: 'adaptive', scheduler_options: { mtl }, patience: 0, max_iter: 3 }
      return rates(play(configOf(options), [10_000, 10_000.5, 10_001, 10_001.5])) // gains below the relative margin
    }
    expect([told(true), told(false)]).toEqual([
      [1, 1, 1],
      [1, 0.5, 0.25],
    ])
  })

  it('tells the rates when those of one parameter group alone have moved', () => {
    const plateau = { scheduler: 'adaptive', scheduler_options: { mtl: false }, patience: 0 }
    const start: StopState = {
      ...initialStop(configOf({}), [1, 0.5]),
      pending: [{ do: 'evaluate' }],
    }
    const run = play(configOf({ ...plateau, min_lr: 0.5 }), [10, 9], { state: start, evaluations: 0 })
    expect(pick(run, 'learning-rate')).toEqual([{ do: 'learning-rate', rates: [0.5, 0.5] }])
  })

  it('never takes weights without a score for the best', () => {
    const run = play(configOf({}), [0, NaN])
    expect(pick(run, 'save').map(({ best }) => best)).toEqual([false])
    expect(restored(run)).toEqual([0])
  })

  it('stays stopped, whatever is reported', () => {
    const { state } = play(configOf({ max_iter: 0 }), [0])
    const stop = [{ do: 'stop', reason: 'epochs' }]
    expect(advanceStop(configOf({}), state, { kind: 'trained' })).toEqual([{ ...state, pending: stop }, stop])
  })

  it('names a monitored task that is not evaluated', () => {
    expect(() => play(configOf({ to_monitor: ['v4'] }), [1])).toThrow(
      'trainer.to_monitor: V4 has no validation value; the evaluated tasks are V1.',
    )
  })
})

describe('early stopping of neuralpredictors', () => {
  const options = {
    patience: 2,
    tolerance: 1e-6,
    interval: 1,
    max_iter: 100,
    maximize: true,
    restore_best: true,
  }
  const rate = { lr_decay_steps: 2, lr_decay_factor: 0.3, min_lr: 1e-4 }
  const config = nnvisionStop({ ...options, ...rate }, 'v1')

  it('ends a round after exactly patience failures and counts from 0', () => {
    const run = play(config, SCORES)
    expect(epochs(run)).toEqual([1, 2, 3, 4, 5, 6])
    expect(patience(run)).toEqual([0, 0, 1, 2, 1, 2])
  })

  it('keeps the untrained weights when nothing ever improves', () => {
    const run = play(config, [5, 1, 1, 1, 1])
    expect(pick(run, 'save')[0]).toMatchObject({ epoch: 0, best: true })
    expect(restored(run)).toEqual([0, 0, 0])
  })

  it('keeps the weights of the last improvement, not of a better score within the tolerance', () => {
    const run = play(nnvisionStop({ ...options, ...rate, tolerance: 1 }, 'v1'), [0, 10, 10.5])
    expect(restored(run)).toEqual([1, 1, 1])
    expect(run.state.best).toEqual({ epoch: 1, score: 10 })
  })

  it('shows the plateau scheduler no score of untrained weights', () => {
    expect(rates(play(config, [10, 9, 8, 7, 6]))).toEqual([1, 1, 1, 1])
  })

  it('goes on from the initial checkpoint without evaluating again', () => {
    const [state, decisions] = advanceStop(config, initialStop(config, [0.005]), {
      kind: 'evaluated',
      objective: { v1: 0.1 },
    })
    expect(decisions[0]).toMatchObject({ do: 'save', epoch: 0 })
    expect(state.pending).toEqual([{ do: 'train', epoch: 1, rates: [0.005] }])
  })
})

describe('coTrainerStop', () => {
  it.each<[string, Partial<CoTrainerStopOptions>]>([
    ['trainer.scheduler_options: the adaptive scheduler needs mtl.', { scheduler: 'adaptive' }],
    ['trainer.scheduler_options: the manual scheduler needs milestones.', { scheduler: 'manual' }],
    ['trainer.scheduler: there is no scheduler "cosine".', { scheduler: 'cosine' }],
    ['trainer.to_monitor: no task is monitored.', { to_monitor: [] }],
    ['trainer.interval: expected at least 1, got 0.', { interval: 0 }],
  ])('refuses: %s', (message, options) => {
    expect(() => configOf(options)).toThrow(message)
  })
})

describe('what follows a decision', () => {
  it('tells a changed rate once, and none without a scheduler', () => {
    const told = (options: Partial<CoTrainerStopOptions>) =>
      pick(play(configOf(options), SCORES), 'learning-rate')
    const plateau = told({ scheduler: 'adaptive', scheduler_options: { mtl: false } })
    expect(plateau[0]).toEqual({ do: 'learning-rate', rates: [0.5] })
    expect(new Set(plateau.map((decision) => decision.rates[0])).size).toBe(plateau.length)
    expect(told({})).toEqual([])
  })

  it('takes an improvement by exactly the threshold for none, upwards and downwards', () => {
    const options = { threshold_mode: 'abs', threshold: 1, lr_decay_steps: 1 } as const
    expect(patience(play(configOf(options), [0, 1]))).toEqual([0, 1, 2])
    expect(patience(play(configOf({ ...options, maximize: false }), [1, 0]))).toEqual([0, 1, 2])
    expect(patience(play(configOf(options), [0, 1.5]))).toEqual([-1, 0, 1, 2])
  })

  it('goes on beyond the last epoch as a run that was meant to be longer, and saves nothing twice', () => {
    const longer = configOf({ max_iter: 50 })
    const whole = play(longer, SCORES)
    const short = play(configOf({ max_iter: 3 }), SCORES)
    expect(short.state.stopped).toBe('epochs')
    const [state, pending] = reconsider(longer, short.state)
    expect(pending.map((decision) => decision.do)).not.toContain('save')
    const more = play(longer, SCORES, { state, evaluations: short.evaluations })
    expect([...epochs(short), ...epochs(more)]).toEqual(epochs(whole))
    expect(more.state).toEqual(whole.state)
    const old = { ...short.state, crossroads: null } // a checkpoint of an earlier version
    expect(reconsider(longer, old)).toEqual([old, old.pending])
  })
})
