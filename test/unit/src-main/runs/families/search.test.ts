import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { executeRun } from '../../../../../src-main/runs/work/execute-run.ts'
import { advanceFamilies, continueFamily, stopFamily } from '../../../../../src-main/runs/families/advance.ts'
import { createFamily, getFamily, queueAsFamily } from '../../../../../src-main/runs/families/families.ts'
import { pruneTrials } from '../../../../../src-main/runs/families/prune-trials.ts'
import { getSearch } from '../../../../../src-main/runs/families/search-view.ts'
import { tryLock } from '../../../../../src-main/disk/file-lock.ts'
import { readStopOrder } from '../../../../../src-main/store/files/run-folder.ts'
import { openEventWriter } from '../../../../../src-main/store/history/event-writer.ts'
import type { RunStatus } from '../../../../../src-shared/contract/run.ts'
import { parseRecipe } from '../../../../../src-shared/schema/recipe.ts'
import { fakeEngine } from '../../../../support/fake-engine.ts'
import { depsOf } from '../../../../support/graph-recipe.ts'
import type { Lab } from '../../../../support/lab.ts'
import { labs, openLab } from '../../../../support/lab.ts'
import { problemOf } from '../../../../support/problem-of.ts'

const lab = labs()
const NAME = 'rates'
const LR = 'trainer.optimizer_options.lr'
const SCORE = 'FinalValidationInDomain/img_classification/eval'
const baseline = {
  dataset: { fn: 'img_loader' },
  model: { fn: 'classification_cnn_builder' },
  trainer: { fn: 'cotrainer', config: { to_monitor: ['img_classification'], max_iter: 9 } },
}
const search = {
  method: 'bayesian',
  trials: 7,
  initial: 3,
  seed: 4,
  space: [{ kind: 'float', path: LR, min: 1e-4, max: 1e-1, log: true }],
}
const asked = (changes: object = {}, more: object = {}) => ({
  recipe: { name: 'Rates', baseline, search: { ...search, ...changes }, ...more },
  inputs: {},
})

/** Best at a rate of 0.01. */
const scoreOf = (at: Lab, id: string): number => {
  const { optimizer_options: options } = at.store.read(id).config.trainer.config as {
    optimizer_options: { lr: number }
  }
  return 90 - 5 * Math.log10(options.lr / 0.01) ** 2
}
async function end(at: Lab, id: string, status: RunStatus = 'finished'): Promise<void> {
  if (waiting(at).includes(id)) await at.queue.remove(id)
  const scores = status === 'finished' ? { [SCORE]: scoreOf(at, id) } : {}
  await at.store.write({ ...at.store.read(id), status, scores })
}
const waiting = ({ queue }: Pick<Lab, 'queue'>): string[] => queue.read().waiting.map(({ id }) => id)
const runsIn = ({ store }: Lab): number => readdirSync(store.layout.runs).length
const states = (at: Lab): string[] => getSearch(depsOf(at), NAME)!.trials.map(({ state }) => state)
const rates = (at: Lab): unknown[] => getSearch(depsOf(at), NAME)!.trials.map(({ settings }) => settings[0])

async function toTheEnd(at: Lab): Promise<void> {
  for (let round = 0; waiting(at).length > 0 && round < 20; round++) {
    for (const id of waiting(at)) await end(at, id)
    await advanceFamilies(depsOf(at))
  }
}

describe('a Bayesian search as a family', () => {
  it('queues its even spread, then one trial after the other, each by what those before came to', async () => {
    const at = lab()
    expect(await queueAsFamily(depsOf(at), asked())).toMatchObject({ family: NAME, queued: 3 })
    await advanceFamilies(depsOf(at))
    expect(waiting(at)).toHaveLength(3)
    for (const id of waiting(at)) await end(at, id)
    const { problems } = await advanceFamilies(depsOf(at))
    expect([problems, waiting(at).length]).toEqual([[], 1])
    await toTheEnd(at)
    expect(states(at)).toEqual(Array.from({ length: 7 }, () => 'finished'))
    const view = getSearch(depsOf(at), NAME)!
    expect(view.objectives).toEqual([{ metric: SCORE, direction: 'max' }])
    const best = view.trials[view.best[0]! - 1]!
    expect(Math.abs(Math.log10(Number(best.settings[0]) / 0.01))).toBeLessThan(0.1)
    expect(view.slices[0]?.at.length).toBeGreaterThan(30)
    expect(view.importance).toEqual({ trials: 7, needed: 20, options: [] })
    // Everything is in the file of the family: no other place knows of a search.
    expect(
      readFileSync(join(at.store.layout.families, `${NAME}.yaml`), 'utf8').match(/optimizer_options.lr: /g),
    ).toHaveLength(4)
  })

  it('loses and doubles nothing, wherever it is cut off, and comes to the same trials', async () => {
    const whole = lab()
    await queueAsFamily(depsOf(whole), asked())
    await toTheEnd(whole)
    const cut = lab()
    await queueAsFamily(depsOf(cut), asked())
    for (let round = 0; round < 6; round++) {
      for (const id of waiting(cut)) await end(cut, id)
      // Killed after the trial was written and before its run was made.
      const create: Lab['store']['create'] = () => Promise.reject(new Error('killed'))
      await advanceFamilies({ ...depsOf(cut), store: { ...cut.store, create } })
      const again = openLab(cut.home)
      await again.queue.reconcile()
      await advanceFamilies(depsOf(again))
      await advanceFamilies(depsOf(again))
    }
    expect(rates(cut)).toEqual(rates(whole))
    expect(runsIn(cut)).toBe(7)
    // The same recipe again is the same family, and does nothing.
    expect(await queueAsFamily(depsOf(cut), asked())).toMatchObject({ family: NAME, queued: 0, known: 7 })
  })

  it('tries two at a time, counts what fails as the worst, and does not repeat it by itself', async () => {
    const at = lab()
    await queueAsFamily(depsOf(at), asked({ parallel: 2 }))
    const [first, second, third] = waiting(at)
    await end(at, first!)
    await end(at, second!, 'diverged')
    await advanceFamilies(depsOf(at))
    expect(waiting(at)).toHaveLength(2)
    await end(at, third!, 'failed')
    await advanceFamilies(depsOf(at))
    expect(waiting(at)).toHaveLength(2)
    expect(states(at)).toEqual(['finished', 'diverged', 'failed', 'queued', 'queued'])
    expect(new Set(rates(at)).size).toBe(5)
    await continueFamily(depsOf(at), NAME)
    expect(states(at).slice(0, 3)).toEqual(['finished', 'diverged', 'queued'])
  })

  it('that is stopped asks for nothing, and goes on when it is continued', async () => {
    const at = lab()
    await queueAsFamily(depsOf(at), asked())
    for (const id of waiting(at)) await end(at, id)
    await stopFamily(depsOf(at), NAME)
    await advanceFamilies(depsOf(at))
    expect(waiting(at)).toEqual([])
    await continueFamily(depsOf(at), NAME)
    await advanceFamilies(depsOf(at))
    expect(waiting(at)).toHaveLength(1)
  })

  it('goes on where it was when it is given more trials', async () => {
    const at = lab()
    await queueAsFamily(depsOf(at), asked({ trials: 4 }))
    await toTheEnd(at)
    const before = rates(at)
    expect(await queueAsFamily(depsOf(at), asked({ trials: 6 }))).toMatchObject({ family: NAME })
    await advanceFamilies(depsOf(at))
    await toTheEnd(at)
    expect(rates(at)).toHaveLength(6)
    expect(rates(at).slice(0, 4)).toEqual(before)
  })

  it('takes the mean over seeds', async () => {
    const at = lab()
    await queueAsFamily(depsOf(at), asked({}, { seeds: [1, 2] }))
    expect(waiting(at)).toHaveLength(6)
    for (const id of waiting(at).slice(0, 3)) await end(at, id)
    await advanceFamilies(depsOf(at))
    expect(waiting(at)).toHaveLength(3)
    for (const id of waiting(at)) await end(at, id)
    await advanceFamilies(depsOf(at))
    expect(waiting(at)).toHaveLength(2)
  })

  it('starts from runs that are there, and refuses those that say nothing about it', async () => {
    const at = lab()
    await queueAsFamily(depsOf(at), {
      ...asked({ method: 'sobol', trials: 5 }),
      recipe: {
        ...asked({ method: 'sobol', trials: 5, initial: undefined }).recipe,
        name: 'Before',
        tag: 'before',
      },
    })
    const known = waiting(at)
    for (const id of known) await end(at, id)
    const other = await at.add(9, { tags: ['before'] })
    await end(at, other)
    const warm = asked({ seed: 8, initial: 1, trials: 3, warm_start: ['tag:before'] })
    await queueAsFamily(depsOf(at), warm)
    for (const id of waiting(at)) await end(at, id)
    await advanceFamilies(depsOf(at))
    const { warm: counted, trials } = getSearch(depsOf(at), NAME)!
    expect(counted).toEqual({ used: 5, leftOut: 1 })
    expect(Math.abs(Math.log10(Number(trials[1]!.settings[0]) / 0.01))).toBeLessThan(0.5)
    const wrong = { ...asked({ warm_start: [other.slice(0, 10), 'abcdef'] }).recipe, name: 'Wrong' }
    const refused = () => createFamily(depsOf(at), { recipe: wrong, inputs: {} }, { queue: true })
    expect((await problemOf(refused)).path).toBe('search.warm_start.0')
    expect(existsSync(join(at.store.layout.families, 'wrong.yaml'))).toBe(false)
  })
})

describe('pruning', () => {
  /** A run at work in this process that has come so far. */
  async function working(at: Lab, id: string, values: readonly number[]) {
    await at.queue.remove(id)
    const { events, lock } = at.store.files(id)
    const held = tryLock(lock)!
    await at.store.write({
      ...at.store.read(id),
      status: 'running',
      segment: 1,
      epoch: values.length,
      epochs: 9,
    })
    const writer = openEventWriter(events)
    for (const [i, value] of values.entries())
      writer.add({
        ...{ kind: 'metrics', segment: 1, at: 1000 + i, step: 10 * (i + 1), epoch: i + 1, images: 80 },
        values: { 'Validation/img_classification/eval': value },
      })
    writer.close()
    return held
  }

  it('ends what falls behind, leaves the others, and is neither repeated nor forgotten', async () => {
    const at = lab()
    const prune = { rule: 'median', trials: 2, epochs: 1 }
    await queueAsFamily(depsOf(at), asked({ method: 'random', trials: 4, initial: undefined, prune }))
    const [a, b, good, bad] = waiting(at)
    for (const id of [a!, b!]) {
      ;(await working(at, id, [50, 60, 70])).release()
      await end(at, id)
    }
    const held = [await working(at, good!, [50, 61]), await working(at, bad!, [50, 55])]
    expect(await pruneTrials({ ...depsOf(at), queue: at.queue })).toEqual([])
    expect(readStopOrder(at.store.files(good!).folder)).toBeNull()
    expect(readStopOrder(at.store.files(bad!).folder)).toMatchObject({
      when: 'now',
      pruned: 'ended at epoch 2: below the median of 2 finished trials',
    })
    for (const lock of held) lock.release()
    // The worker that finds the order ends the run with its reason.
    await at.store.write({ ...at.store.read(bad!), status: 'queued' })
    const outcome = await executeRun({
      ...{ store: at.store, id: bad!, parts: fakeEngine, appVersion: '1' },
      ...{ news: () => undefined, asked: () => 'no' as const },
    })
    expect(outcome).toBe('stopped')
    expect(at.store.read(bad!)).toMatchObject({
      reason: expect.stringContaining('median') as string,
      end: { reason: 'pruned' },
    })
    expect(getSearch(depsOf(at), NAME)?.trials[3]).toMatchObject({ state: 'pruned', values: [55] })
    await continueFamily(depsOf(at), NAME)
    expect(states(at)[3]).toBe('pruned')
    expect(getFamily(depsOf(at), NAME).searches).toBe(true)
  })
})

describe('a search that cannot be', () => {
  const problemsOf = (changes: object): string[] => {
    const parsed = parseRecipe(asked(changes).recipe)
    return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`)
  }
  it.each<[object, string]>([
    [{ space: [] }, 'search.space: names no option'],
    [{ space: [search.space[0], search.space[0]] }, 'is there twice'],
    [
      { space: [{ ...search.space[0], when: { 'trainer.optimizer': 'SGD' } }] },
      'is no choice that stands before it',
    ],
    [{ method: 'grid', initial: undefined }, 'a grid needs points'],
    [{ constraints: [{ sum: { width: 1 }, most: 2 }] }, '"width" is no number of the space'],
    [{ objectives: [{ metric: 'FinalTest/img_classification/eval' }] }, 'chosen by a test score'],
    [{ objectives: [{ metric: 'FinalValidation/v1/fev' }] }, 'it is not known whether more'],
    [{ trials: undefined }, 'says how many trials'],
    [{ trials: 500 }, 'at most 200 trials'],
    [{ prune: { rule: 'medain' } }, 'search.prune.rule'],
    [{ methods: 'grid' }, 'search.methods: unknown'],
  ])('is refused: %j', (changes, message) => {
    expect(problemsOf(changes).join('\n')).toContain(message)
  })

  it.each<[object, string, string]>([
    [{ space: [{ kind: 'float', path: 'trainer.rate', min: 0, max: 1 }] }, 'trainer.config.rate', 'unknown'],
    [
      { space: [{ ...search.space[0], min: 0, max: 1, log: false }] },
      LR.replace('trainer', 'trainer.config'),
      'searched up to',
    ],
    [
      { objectives: [{ metric: 'FinalValidation/v1/eval' }] },
      'search.objectives.0.metric',
      'no run will have',
    ],
    [
      { objectives: [{ metric: 'FinalValidation/img_classification/loss' }] },
      'search.objectives.0.metric',
      'no run will have',
    ],
    [{ constraints: [{ sum: { [LR]: 1 }, most: 0 }] }, 'search.constraints', 'leave no setting'],
  ])('queues nothing and says where: %j', async (changes, path, message) => {
    const at = lab()
    const problem = await problemOf(() => queueAsFamily(depsOf(at), asked(changes)))
    expect(problem.path).toContain(path)
    expect(problem.message).toContain(message)
    expect(existsSync(at.store.layout.runs) ? runsIn(at) : 0).toBe(0)
  })

  it('says of a damaged file where the damage is', async () => {
    const at = lab()
    await queueAsFamily(depsOf(at), asked())
    const file = join(at.store.layout.families, `${NAME}.yaml`)
    writeFileSync(file, readFileSync(file, 'utf8').replace('method: bayesian', 'method: bayes'))
    expect(() => getSearch(depsOf(at), NAME)).toThrow('method')
  })
})
