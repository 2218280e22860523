import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRun } from '../../../../../src-main/runs/create/create-run.ts'
import { momentOf } from '../../../../../src-main/runs/read/moment.ts'
import { checkpointOf } from '../../../../../src-main/runs/read/kept-moments.ts'
import { checkpointFiles, keptWeights } from '../../../../../src-main/runs/weights/checkpoint-files.ts'
import { executeRun } from '../../../../../src-main/runs/work/execute-run.ts'
import { saveCheckpoint } from '../../../../../src-main/store/files/checkpoint-folder.ts'
import type { NamedArrays } from '../../../../../src-main/engine/types.ts'
import { fakeEngine } from '../../../../support/fake-engine.ts'
import { labs, smallConfig } from '../../../../support/lab.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { differing, eventsOf, smallModel, train } from '../../../../support/small-training.ts'
import { useBackend } from '../../../../support/backend.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const lab = labs()
const folder = temporaryFolder()
const KEPT = { trainer: { fn: 'cotrainer', config: { chkpt_options: { keep_every_n: 1 } } } }

/** A home with a trained run that kept every checkpoint, and a way to train more; `starts`: what each training began with. */
async function home() {
  const here = lab()
  const starts: (NamedArrays | null)[] = []
  const parts = {
    ...fakeEngine,
    train: (setup: Parameters<typeof fakeEngine.train>[0]) => {
      starts.push(setup.start)
      return fakeEngine.train(setup)
    },
  }
  const work = (id: string) =>
    executeRun({
      store: here.store,
      id,
      parts,
      appVersion: 'test',
      news: () => undefined,
      asked: () => 'no',
    })
  const parent = await here.add(1, KEPT)
  await work(parent)
  const branch = async (start: object, seed = 2): Promise<string> =>
    (await createRun(here.create, smallConfig(seed, { parent: { run: parent, ...start } }))).id
  const moment = (epoch: number, verify = false) => momentOf(here.store, { id: parent, epoch, verify })
  const checkpoint = (epoch: number) => checkpointOf(here.store, here.store.read(parent), epoch)
  return { ...here, starts, work, parent, branch, moment, checkpoint }
}

describe('a branch', () => {
  it('trains its first step from the weights of the checkpoint, with options of its own', async () => {
    const { starts, work, branch, checkpoint, store, parent } = await home()
    const id = await branch({ epoch: 2 })
    await work(id)
    const weights = keptWeights(checkpoint(2))
    expect([...weights.keys()]).toEqual(['w'])
    expect(differing(starts[1] ?? new Map(), weights)).toEqual([])
    expect(differing(weights, keptWeights(checkpoint(3)))).toEqual(['w'])
    expect(store.read(id)).toMatchObject({
      parent,
      config: { parent: { run: parent, epoch: 2, use: 'weights' } },
    })
  })

  it('is a run of its own for each epoch, and without an epoch the run that it always was', async () => {
    const { branch } = await home()
    const [final, same, second, third] = [
      await branch({}),
      await branch({ epoch: null }),
      await branch({ epoch: 2 }),
      await branch({ epoch: 3 }),
    ]
    expect(same).toBe(final)
    expect(new Set([final, second, third]).size).toBe(3)
  })

  it('is refused where the checkpoint is not kept, and fails by name where it is gone when it starts', async () => {
    const { branch, work, store, parent, checkpoint } = await home()
    const short = parent.slice(0, 10)
    expect(await problemOf(() => branch({ epoch: 9 }))).toMatchObject({
      code: 'run-state',
      path: short,
      message: 'there is no checkpoint of epoch 9; kept are those of 1, 2, 3, 4.',
    })
    const id = await branch({ epoch: 2 })
    rmSync(checkpoint(2).folder, { recursive: true })
    expect(await work(id)).toBe('failed')
    expect(store.read(id).problem).toMatchObject({
      path: short,
      message: 'there is no checkpoint of epoch 2; kept are those of 1, 3, 4.',
    })
  })

  it('starts a real training at the very weights, without loss weights and without the optimizer', async () => {
    await useBackend()
    const learned = { loss_weighing: true, avg_loss: undefined, max_iter: 1 }
    const first = await train({ config: learned })
    const [event] = eventsOf(first.events, 'checkpoint')
    if (event === undefined) throw new Error('no checkpoint was made')
    const files = checkpointFiles(event.checkpoint)
    const kept = keptWeights(
      saveCheckpoint(folder, { step: 1, epoch: 1, score: 1, best: true, config: 'c', files }),
    )
    expect([...kept.keys()].sort()).toEqual(
      smallModel()
        .specs.map(({ name }) => name)
        .sort(),
    )
    expect([...event.checkpoint.arrays.keys()].some((name) => name.includes('log_w'))).toBe(true)
    const begun = await train({ start: kept, seed: 7, stopRequest: () => 'now' })
    const before = new Map([...kept].map(([name, array]) => [`param/${name}`, array]))
    const params = new Map([...begun.last.arrays].filter(([name]) => name.startsWith('param/')))
    expect(differing(params, before)).toEqual([])
  })
})

describe('a moment of a run', () => {
  it('has what was logged in its epoch, when it was saved, and what its files are', async () => {
    const { moment, store, parent } = await home()
    const second = moment(2)
    expect(second).toMatchObject({
      epoch: 2,
      step: 40,
      best: false,
      fault: null,
      verified: false,
      scoredEpoch: 4,
    })
    expect(second.values['Validation/img_classification/eval']).toBe(52)
    expect(second.at).toBeGreaterThanOrEqual(store.read(parent).createdAt)
    expect(second.files.map(({ name }) => name)).toEqual(['arrays.safetensors', 'state.json'])
  })

  it('is seen to be spoilt by its sizes at once, by its content when that is read', async () => {
    const { moment, checkpoint, branch } = await home()
    const file = join(checkpoint(2).folder, 'state.json')
    const { bytes } = moment(2).files[1] ?? { bytes: 0 }
    writeFileSync(file, 'x'.repeat(bytes))
    expect(moment(2).fault).toBeNull()
    expect(moment(2, true).fault).toContain('state.json does not have the content that was written')
    writeFileSync(file, 'x')
    expect(moment(2).fault).toBe(`state.json has 1 bytes, expected ${bytes}.`)
    rmSync(file)
    expect(moment(2).fault).toBe('state.json is missing.')
    expect(() => moment(7)).toThrow('kept are those of 1, 2, 3, 4')
    expect(await branch({ epoch: 3 })).toMatch(/^[0-9a-f]{64}$/)
  })
})
