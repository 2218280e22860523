import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from '../../src-main/disk/atomic-write.ts'
import { openRunQueue } from '../../src-main/runs/queue/run-queue.ts'
import { openRunStore } from '../../src-main/store/run-store.ts'
import { makeFinishedRun, makeWaitingRun } from '../support/made-runs.ts'
import { shippedConfig } from '../support/shipped-config.ts'
import { encodedImage, writeTree } from '../support/sample-images.ts'
import { fillSearch } from './filled-search.ts'

export interface FullStore {
  /** Finished runs: a baseline and a co-trained setting, three seeds each. */
  readonly finished: readonly string[]
  readonly failed: string
  /** Name of the family of the finished runs. */
  readonly family: string
  /** Name of the family of a search, older than all of these. */
  readonly search: string
  /** A folder of images to add. */
  readonly images: string
}

/** As long as names of a laboratory get, in words that do not break. */
const LONG_NAME =
  'Größenänderung der Pupille bei natürlichen Bildern, Augenbewegungsartefaktkorrektur und Reizwiederholungsmittelung, zweiter Versuch'

const TRIALS = 4
const DAY_MINUTES = 24 * 60

/** The recipe of the finished runs. */
const FAMILY_NAME = 'Does co-training help?'
const FAMILY = `name: ${FAMILY_NAME}
question: Is a network that also predicts V1 responses more robust?
baseline: demo-baseline
list:
  - label: pictures alone
  - label: co-trained
    from: demo-cotrained
seeds: [1, 2, 3]
compareTo: pictures alone
`

/** A home as after some days of work: finished, failed and waiting runs, a paused queue. */
export async function fillHome(home: string): Promise<FullStore> {
  const store = openRunStore({ home, disk: { writeFile: writeFileAtomic } })
  const finished: string[] = []
  for (const [i, file] of (['demo-baseline', 'demo-cotrained'] as const).entries()) {
    for (const seed of [1, 2, 3])
      finished.push(
        await makeFinishedRun(store, {
          config: shippedConfig(file, { seed, tags: [FAMILY_NAME] }),
          skill: 0.4 + 0.4 * i,
          minutesAgo: 60 * seed,
        }),
      )
  }
  const failed = await makeFinishedRun(store, {
    config: shippedConfig('demo-shuffled', {
      name: LONG_NAME,
      seed: 4,
      tags: ['Größenänderung der Pupille'],
    }),
    skill: 0.2,
  })
  const problem = {
    code: 'engine-failed',
    message: 'the loss was not finite at step 120.',
    hint: 'Lower the learning rate.',
  }
  await store.write({ ...store.read(failed), status: 'failed', problem, reason: problem.message, scores: {} })
  const queue = openRunQueue(store)
  await queue.setPaused(true)
  for (const seed of [5, 6]) await makeWaitingRun(store, queue, shippedConfig('demo-baseline', { seed }))
  const family = 'does-co-training-help'
  mkdirSync(store.layout.families, { recursive: true })
  await store.disk.writeFile(join(store.layout.families, `${family}.yaml`), FAMILY)
  const search = await fillSearch(store, TRIALS, DAY_MINUTES)
  store.close()
  const images = join(home, '../images')
  for (const part of ['train', 'test']) {
    for (const [c, name] of ['bars', 'rings'].entries()) {
      for (let i = 0; i < 4; i++)
        writeTree(images, {
          [`${part}/${name}/${i}.png`]: await encodedImage(20 + 100 * c + 10 * i, { size: 16 }),
        })
    }
  }
  return { finished, failed, family, search, images }
}
