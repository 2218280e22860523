import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { advanceFamilies, continueFamily, stopFamily } from '../../../../../src-main/runs/families/advance.ts'
import {
  addSeeds,
  createFamily,
  getFamily,
  queueAsFamily,
} from '../../../../../src-main/runs/families/families.ts'
import type { RunStatus } from '../../../../../src-shared/contract/run.ts'
import { CHAIN, depsOf } from '../../../../support/graph-recipe.ts'
import type { Lab } from '../../../../support/lab.ts'
import { labs, openLab } from '../../../../support/lab.ts'

const lab = labs()
const asked = { recipe: CHAIN, inputs: {} }
const NAME = 'chain'

/** A worker's end: the run leaves the queue with a status and its score on validation data. */
async function end(
  { store, queue }: Lab,
  id: string,
  status: RunStatus = 'finished',
  score = 1,
): Promise<void> {
  await queue.remove(id)
  const { to_monitor: monitored = [] } = store.read(id).config.trainer.config as { to_monitor?: string[] }
  const scores = { [`FinalValidation/${monitored[0]}/eval`]: score }
  await store.write({ ...store.read(id), status, scores })
}
/** Each run of the family as "setting seed: status", with what it waits for or is blocked by. */
const board = (at: Lab): string[] =>
  getFamily(depsOf(at), NAME).settings.flatMap(({ label, runs }) =>
    runs.map(({ seed, status, waitsFor, blockedBy }) => {
      const waits = waitsFor.map((one) => `${one.step} ${one.label} ${one.seed}`.replace('  ', ' '))
      const why = blockedBy === null ? waits.join(', ') : `blocked by ${blockedBy.step} ${blockedBy.seed}`
      return `${label} ${seed}: ${status ?? why}`
    }),
  )
const idOf = (at: Lab, label: string, seed: number): string =>
  getFamily(depsOf(at), NAME)
    .settings.find((s) => s.label === label)
    ?.runs.find((r) => r.seed === seed)?.id ?? ''
const runsIn = ({ store }: Lab): number => readdirSync(store.layout.runs).length

describe('a recipe of steps', () => {
  it('queues what needs nothing, then each step as its parents finish, to the end', async () => {
    const at = lab()
    const deps = depsOf(at)
    expect(await queueAsFamily(deps, asked)).toMatchObject({ family: NAME, queued: 4, known: 0, waiting: 4 })
    expect(board(at)).toEqual([
      'V1 model 1: queued',
      'V1 model 2: queued',
      'Baseline 1: queued',
      'Baseline 2: queued',
      'MTL 1: V1 model 1, V1 model 2',
      'MTL 2: V1 model 1, V1 model 2',
      'Tuned 1: Co-training MTL 1',
      'Tuned 2: Co-training MTL 2',
    ])
    await end(at, idOf(at, 'V1 model', 1), 'finished', 0.3)
    await advanceFamilies(deps)
    expect(runsIn(at)).toBe(4)
    await end(at, idOf(at, 'V1 model', 2), 'finished', 0.4)
    const { queued, problems } = await advanceFamilies(deps)
    expect([queued.get(NAME)?.length, problems]).toEqual([2, []])
    // The best of both by its validation score, named by its whole id in what the run is.
    const mtl = at.store.read(idOf(at, 'MTL', 1))
    expect(mtl.config.dataset.config).toMatchObject({
      v1_dataset_dict: { dataset: `predicted:${idOf(at, 'V1 model', 2)}` },
    })
    await end(at, mtl.id)
    await advanceFamilies(deps)
    expect(board(at).slice(4)).toEqual([
      'MTL 1: finished',
      'MTL 2: queued',
      'Tuned 1: queued',
      'Tuned 2: Co-training MTL 2',
    ])
    expect(at.store.read(idOf(at, 'Tuned', 1)).config.parent?.run).toBe(mtl.id)
    await end(at, idOf(at, 'MTL', 2))
    await advanceFamilies(deps)
    expect(runsIn(at)).toBe(8)
    const { settings, baseline, seeds, steps } = getFamily(deps, NAME)
    expect([baseline, seeds, steps.map((s) => s.depth)]).toEqual(['Baseline', [1, 2], [0, 1, 2]])
    for (const { groupId, runs } of settings.filter(({ label }) => label !== 'Tuned'))
      for (const { id } of runs) expect(at.store.summary(id ?? '').groupId).toBe(groupId)
  })

  it('takes the smaller seed of equals', async () => {
    const at = lab()
    await queueAsFamily(depsOf(at), asked)
    const first = idOf(at, 'V1 model', 1)
    await end(at, idOf(at, 'V1 model', 2), 'finished', 0.4)
    await end(at, first, 'finished', 0.4)
    await advanceFamilies(depsOf(at))
    expect(JSON.stringify(at.store.read(idOf(at, 'MTL', 1)).config.dataset)).toContain(first)
  })

  it('loses and doubles nothing, wherever it is cut off between two runs', async () => {
    const whole = lab()
    await queueAsFamily(depsOf(whole), asked)
    const finishAll = async (at: Lab): Promise<void> => {
      for (const { id } of at.queue.read().waiting)
        await end(at, id, 'finished', at.store.read(id).config.seed)
    }
    const cut = lab()
    await createFamily(depsOf(cut), asked, { queue: true })
    for (let round = 0; round < 3; round++) {
      // A disk that fails at the second run of the advance, as a kill would.
      await finishAll(cut)
      let made = 0
      const create: Lab['store']['create'] = (record) =>
        ++made > 1 ? Promise.reject(new Error('killed')) : cut.store.create(record)
      await advanceFamilies({ ...depsOf(cut), store: { ...cut.store, create } })
      const again = openLab(cut.home)
      await again.queue.reconcile()
      await advanceFamilies(depsOf(again))
      await advanceFamilies(depsOf(again))
      await finishAll(whole)
      await advanceFamilies(depsOf(whole))
      expect(board(again)).toEqual(board(whole))
      expect(
        again.queue
          .read()
          .waiting.map(({ id }) => id)
          .sort(),
      ).toEqual(
        whole.queue
          .read()
          .waiting.map(({ id }) => id)
          .sort(),
      )
    }
    expect(runsIn(cut)).toBe(8)
  })

  it('says which run blocks the others, and goes on when it was tried again', async () => {
    const at = lab()
    const deps = depsOf(at)
    await queueAsFamily(deps, asked)
    await end(at, idOf(at, 'V1 model', 1))
    await end(at, idOf(at, 'V1 model', 2), 'failed')
    await advanceFamilies(deps)
    expect(board(at).slice(4)).toEqual([
      'MTL 1: blocked by V1 model 2',
      'MTL 2: blocked by V1 model 2',
      'Tuned 1: blocked by V1 model 2',
      'Tuned 2: blocked by V1 model 2',
    ])
    expect(await continueFamily(deps, NAME)).toMatchObject({ queued: 1, known: 3, waiting: 4 })
    await end(at, idOf(at, 'V1 model', 2))
    await advanceFamilies(deps)
    expect(board(at)[4]).toBe('MTL 1: queued')
  })

  it('does not repeat by itself what failed or diverged', async () => {
    const at = lab()
    await queueAsFamily(depsOf(at), asked)
    await end(at, idOf(at, 'Baseline', 1), 'failed')
    await end(at, idOf(at, 'Baseline', 2), 'diverged')
    await advanceFamilies(depsOf(at))
    expect(board(at).slice(2, 4)).toEqual(['Baseline 1: failed', 'Baseline 2: diverged'])
    expect(await continueFamily(depsOf(at), NAME)).toMatchObject({ queued: 1, diverged: 1 })
  })

  it('that is stopped leaves the queue and stays out of it until it is continued', async () => {
    const at = lab()
    const deps = depsOf(at)
    await queueAsFamily(deps, asked)
    const file = join(at.store.layout.families, `${NAME}.yaml`)
    writeFileSync(file, `# For the poster.\n${readFileSync(file, 'utf8')}`)
    await end(at, idOf(at, 'V1 model', 1))
    await end(at, idOf(at, 'V1 model', 2))
    await stopFamily(deps, NAME)
    expect(at.queue.read().waiting).toEqual([])
    await advanceFamilies(deps)
    expect(at.queue.read().waiting).toEqual([])
    expect(getFamily(deps, NAME)).toMatchObject({
      stopped: true,
      counts: { finished: 2, stopped: 2, new: 4 },
    })
    expect(await continueFamily(deps, NAME)).toMatchObject({ queued: 4, known: 2, waiting: 2 })
    expect(getFamily(deps, NAME).stopped).toBe(false)
    expect(readFileSync(file, 'utf8')).toContain('# For the poster.')
  })

  it('that is only kept begins when it is started', async () => {
    const at = lab()
    await createFamily(depsOf(at), asked, { queue: false })
    await advanceFamilies(depsOf(at))
    expect(runsIn(at)).toBe(0)
    expect(await queueAsFamily(depsOf(at), asked)).toMatchObject({ family: NAME, queued: 4 })
    expect(getFamily(depsOf(at), NAME).stopped).toBe(false)
  })

  it('takes further seeds where its steps have none of their own', async () => {
    const at = lab()
    const deps = depsOf(at)
    await queueAsFamily(deps, asked)
    expect(await addSeeds(deps, NAME, [3])).toMatchObject({ queued: 1, waiting: 2 })
    expect(getFamily(deps, NAME).seeds).toEqual([1, 2, 3])
    expect(board(at).filter((line) => line.startsWith('V1 model'))).toHaveLength(2)
  })
})
