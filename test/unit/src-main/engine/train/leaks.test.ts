import { memory } from '@tensorflow/tfjs-core'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeAll, describe, expect, it } from 'vitest'
import { nativeHandleCount } from '../../../../../src-main/engine/tensor/index.ts'
import type { TrainerEvent } from '../../../../../src-main/engine/types.ts'
import { nativeAvailable, useBackend } from '../../../../support/backend.ts'
import type { SmallRun } from '../../../../support/small-training.ts'
import { smallData, smallModel, train } from '../../../../support/small-training.ts'

interface Count {
  readonly tensors: number
  readonly handles: number
}

const count = (): Count => ({ tensors: memory().numTensors, handles: nativeHandleCount() })

const RUNS: readonly (readonly [string, SmallRun])[] = [
  ['a plain co-trained run', {}],
  [
    'a run with every module',
    {
      data: smallData({ pairedViews: true }),
      model: smallModel({ dropout: { shared: 0.2, unshared: 0.2 } }),
      config: {
        optimizer: 'Adam',
        optimizer_options: { lr: 1e-3, amsgrad: true },
        loss_weighing: true,
        avg_loss: undefined,
        grad_clip: 1,
        freeze_bn: { last_layer: 2 },
        representation_matching: { second_noise_std: {} },
        noise_augmentation: { noise_std: { '0.1': 0.5 } },
        reset_linear_frequency: { batch: 4 },
        lottery_ticket: { rounds: 2, round_length: 1, percent_to_prune: 40 },
      },
    },
  ],
  ['a run that is stopped', { stopRequest: stopAfter(13) }],
]

function stopAfter(looks: number): () => 'no' | 'now' {
  let left = looks
  return () => (left-- > 0 ? 'no' : 'now')
}

/** Counts after every step and every validation batch, by epoch. */
function ledger() {
  const rows = new Map<string, Count[]>()
  return {
    rows,
    see: (event: TrainerEvent): void => {
      if (event.kind !== 'progress') return
      const key = `${event.phase} ${event.epoch}`
      rows.set(key, [...(rows.get(key) ?? []), count()])
    },
  }
}

const hasNative = await nativeAvailable()

describe.each(['wasm', 'native'] as const)('tensors and handles, %s', (name) => {
  const usable = name === 'wasm' || hasNative
  const test = it.skipIf(!usable)
  beforeAll(async () => {
    if (usable) await useBackend(name)
  })

  test.each(RUNS)('are as many after %s as before', async (_title, run) => {
    const before = count()
    await train({ ...run, ...(run.stopRequest === undefined ? {} : { stopRequest: stopAfter(13) }) })
    expect(count()).toEqual(before)
  })

  test.each(RUNS.slice(0, 2))(
    'are as many after each step, epoch and evaluation of %s',
    async (_title, run) => {
      const book = ledger()
      await train({ ...run, config: { ...run.config, max_iter: 4 }, onEvent: book.see })
      const third = book.rows.get('training 3') ?? []
      expect(third.length).toBeGreaterThan(2)
      expect(new Set(third.map((c) => JSON.stringify(c))).size).toBe(1)
      expect(book.rows.get('training 4')).toEqual(third)
      expect(book.rows.get('validating 4')).toEqual(book.rows.get('validating 3'))
    },
  )

  test('are as many after a run whose reader leaves in the middle', async () => {
    const before = count()
    const steps = await leaveAfter(20)
    expect(steps).toBe(20)
    expect(count()).toEqual(before)
  })

  test('do not let memory grow over 500 steps', { timeout: 300_000 }, async () => {
    const sizes: number[] = []
    const onEvent = (event: TrainerEvent): void => {
      if (event.kind === 'progress' && event.phase === 'training' && event.step % 100 === 0)
        sizes.push(residentMiB())
    }
    const data = smallData({ tasks: ['img_classification'] })
    const config = {
      loss_functions: { img_classification: 'CrossEntropyLoss' },
      avg_loss: undefined,
      max_iter: 100,
      patience: 100,
      interval: 10,
      chkpt_options: { save_every_n: 10 },
    }
    await train({ data, config, onEvent })
    expect(sizes.length).toBe(5)
    expect((sizes[4] as number) - (sizes[1] as number)).toBeLessThan(NOISE_MIB)
  })
})

/** What garbage not yet returned to the system may add; 300 steps that each lost one activation would add far more. */
const NOISE_MIB = 24

function residentMiB(): number {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().rss / 2 ** 20
}

async function leaveAfter(progress: number): Promise<number> {
  let seen = 0
  const leave = new Error('left')
  const onEvent = (event: TrainerEvent): void => {
    if (event.kind === 'progress' && ++seen === progress) throw leave
  }
  await train({ onEvent }).catch((error: unknown) => {
    if (error !== leave) throw error
  })
  return seen
}
