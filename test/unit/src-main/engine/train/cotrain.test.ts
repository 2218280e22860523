import { fill } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DataSet, Loader, TaskName } from '../../../../../src-main/engine/types.ts'
import { useBackend } from '../../../../support/backend.ts'
import { differing, eventsOf, smallData, smallModel, train } from '../../../../support/small-training.ts'

const logs = (run: Awaited<ReturnType<typeof train>>, level: string): readonly string[] =>
  eventsOf(run.events, 'log')
    .filter((e) => e.level === level)
    .map((e) => e.text)

/** The classification loader gives empty numbers from a pass on. */
function spoiled(data: DataSet, from: number): DataSet {
  const [[key, loader] = ['', null as never]] = data.train.img_classification ?? []
  let pass = 0
  const bad: Loader = {
    ...loader,
    async *epoch(rng) {
      const isBad = ++pass >= from
      for await (const batch of loader.epoch(rng)) {
        if (isBad) yield { ...batch, inputs: fill(batch.inputs.shape, NaN) as typeof batch.inputs }
        else yield batch
      }
    },
  }
  return { ...data, train: { ...data.train, img_classification: new Map([[key, bad]]) } }
}

/** Rate so high that scores jump about: the best epoch is not the last. */
const WILD = { max_iter: 6, optimizer_options: { lr: 0.6, momentum: 0.9 }, patience: 10, lr_decay_steps: 1 }

describe('a training run', () => {
  beforeAll(() => useBackend())

  it('learns both tasks', async () => {
    const run = (max_iter: number) =>
      train({ config: { max_iter, restore_best: false, patience: 50, lr_decay_steps: 1 } })
    const [untrained, trained] = [(await run(0)).result.scores, (await run(30)).result.scores]
    const [v1, images] = ['FinalTest/v1/eval', 'FinalTestInDomain/img_classification/eval'] as const
    expect(trained[v1]).toBeGreaterThan((untrained[v1] as number) + 0.2)
    expect(trained[images]).toBeGreaterThan(80)
  })

  it('ends with the best weights, and with the last ones where asked', async () => {
    const [best, last] = [
      await train({ config: WILD }),
      await train({ config: { ...WILD, restore_best: false } }),
    ]
    const saved = eventsOf(best.events, 'checkpoint').filter((e) => e.best)
    const weights = (arrays: ReadonlyMap<string, never>) =>
      new Map(
        [...arrays].filter(([n]) => n.startsWith('param/')).map(([n, a]) => [n.slice('param/'.length), a]),
      )
    const top = saved.at(-1)
    expect(top?.epoch).toBeLessThan(6)
    expect(differing(best.result.weights, weights(top?.checkpoint.arrays as never))).toEqual([])
    expect(differing(best.result.weights, last.result.weights).length).toBeGreaterThan(5)
    const score = eventsOf(best.events, 'metrics').flatMap(
      (e) => e.values['Validation/img_classification/eval'] ?? [],
    )
    expect(top?.score).toBe(Math.max(...score.slice(1)))
    expect(best.result.scores['FinalValidationInDomain/img_classification/eval']).toBe(top?.score)
  })

  it('drops the rate, restores and goes on in rounds', async () => {
    const config = {
      ...WILD,
      patience: 0,
      lr_decay_steps: 3,
      scheduler: 'adaptive',
      scheduler_options: { mtl: true },
      lr_decay: 0.1,
    }
    const { events } = await train({ config: { ...config, max_iter: 12 } })
    const marks = eventsOf(events, 'mark').map((m) => m.mark)
    expect(marks.filter((m) => m === 'lr-decay').length).toBeGreaterThan(0)
    expect(marks.filter((m) => m === 'restore').length).toBeGreaterThan(1)
    const rates = eventsOf(events, 'metrics').flatMap((e) => e.values['LR'] ?? [])
    expect(Math.min(...rates)).toBeCloseTo(0.006, 6)
  })

  it('keeps the momentum when weights are restored, as published, and forgets it where asked', async () => {
    // The weights return between two rounds; what is trained after that shows whether the momentum did not.
    const rounds = { ...WILD, patience: 0, lr_decay_steps: 3 }
    const last = async (reset_optimizer_on_restore: boolean) => {
      const { events } = await train({ config: { ...rounds, reset_optimizer_on_restore } })
      expect(eventsOf(events, 'mark').filter(({ mark }) => mark === 'restore').length).toBeGreaterThan(1)
      return eventsOf(events, 'checkpoint').map(({ checkpoint }) => checkpoint.arrays)
    }
    const [kept, forgotten] = [await last(false), await last(true)]
    const at = kept.findIndex((arrays, i) => differing(arrays, forgotten[i] ?? new Map()).length > 0)
    expect(at).toBeGreaterThan(0)
    expect(differing(kept[0] ?? new Map(), forgotten[0] ?? new Map())).toEqual([])
  })

  it('saves as often as asked, and always the best', async () => {
    const { events } = await train({ config: { ...WILD, chkpt_options: { save_every_n: 4 } } })
    const saved = eventsOf(events, 'checkpoint').filter((e) => !e.best)
    const scores = eventsOf(events, 'metrics').flatMap(
      (e) => e.values['Validation/img_classification/eval'] ?? [],
    )
    const records = scores.slice(1).filter((s, i, all) => all.slice(0, i).every((earlier) => s > earlier))
    expect(eventsOf(events, 'checkpoint').filter((e) => e.best).length).toBe(records.length)
    expect(saved.length).toBeLessThan(scores.length - 1 - records.length + 1)
  })

  it('files patience and marks under the epoch that they judge', async () => {
    const { events } = await train({ config: { max_iter: 2 } })
    const epochs = eventsOf(events, 'metrics')
      .filter((e) => 'Validation/patience' in e.values)
      .map((e) => e.epoch)
    expect(epochs).toEqual([1, 2])
    expect(eventsOf(events, 'checkpoint')[0]?.epoch).toBe(1)
  })

  it('diverges without scores when the loss is not finite before any weights are worth keeping', async () => {
    const { result } = await train({ data: spoiled(smallData(), 1) })
    expect(result.end).toMatchObject({ reason: 'non-finite', scoredEpoch: null })
    expect(result.scores).toEqual({})
    expect(result.weights.size).toBe(0)
  })

  it.each([true, false])(
    'ends with the best weights when it happens later, restore_best %s',
    async (restore_best) => {
      const run = await train({
        data: spoiled(smallData(), 3),
        config: { max_iter: 9, restore_best, add_final_train_eval: false },
      })
      expect(run.result.end).toMatchObject({ reason: 'non-finite', divergence: { what: 'loss', epoch: 3 } })
      expect(run.result.end.scoredEpoch).toBeLessThan(3)
      expect(run.result.end.divergence?.gradientNorms.length).toBeGreaterThan(0)
      expect(logs(run, 'error').join()).toMatch(/no longer finite in epoch 3, batch/)
      for (const { data } of run.result.weights.values()) expect([...data].every(Number.isFinite)).toBe(true)
      expect(run.result.scores['FinalTest/v1/eval']).not.toBeNaN()
    },
  )

  it('trains nothing and still scores with no epochs', async () => {
    const { result, events } = await train({ config: { max_iter: 0 } })
    expect(result.end.reason).toBe('epochs')
    expect(eventsOf(events, 'mark').map((m) => m.mark)).not.toContain('best')
    expect(result.scores['FinalTest/v1/eval']).toBeDefined()
  })

  it('monitors losses where lower is better', async () => {
    const { events } = await train({ config: { ...WILD, maximize: false } })
    const losses = eventsOf(events, 'metrics').flatMap(
      (e) => e.values['Validation/img_classification/loss'] ?? [],
    )
    const best = eventsOf(events, 'checkpoint')
      .filter((e) => e.best)
      .at(-1)
    expect(best?.score).toBe(Math.min(...losses.slice(1)))
  })
})

describe('what a run says before its first step', () => {
  beforeAll(() => useBackend())

  const said = async (run: Parameters<typeof train>[0]): Promise<string> =>
    logs(await train({ ...run, config: { max_iter: 0, ...run?.config } }), 'warn').join('\n')

  it('is that the regulariser has no effect while scaling is off', async () => {
    expect(await said({})).toMatch(/gamma_readout.*no effect.*scale_loss is off/)
    expect(await said({ config: { scale_loss: true } })).toBe('')
    expect(await said({ config: { regularize: 'always' } })).toBe('')
    expect(await said({ config: { regularize: 'never' } })).toBe('')
    expect(await said({ model: smallModel({ gammaReadout: 0 }) })).toBe('')
  })

  it('is that a task has a loss and no data', async () => {
    const data = smallData({ tasks: ['img_classification'] })
    expect(await said({ data })).toMatch(/v1 has a loss but no training data/)
    const none = { ...data, train: {} satisfies Partial<Record<TaskName, never>> }
    await expect(train({ data: none })).rejects.toThrow(/no training data for v1, img_classification/)
  })
})

describe('readouts that get no batch', () => {
  beforeAll(() => useBackend())

  const config = { max_iter: 1, train_cycler: 'LongCycler' }
  const rare = { max_iter: 1, train_cycler_args: { ratio: 0.25 } }

  it('are refused before the first step, by task and by session', async () => {
    await expect(train({ config })).rejects.toThrow(/img_classification gets no batch in any epoch/)
    // Five image batches at this ratio give one neural batch: the second session is never reached.
    await expect(train({ config: rare })).rejects.toThrow(/1 session of v1 gets no batch \(b\)|\(b\)/)
    await expect(train({ config: { max_iter: 1, train_cycler_args: { ratio: 0.1 } } })).rejects.toThrow(
      /v1 gets no batch in any epoch.*Raise the ratio/,
    )
  })

  it('are scored and marked where the config allows it', async () => {
    const whole = await train({ config: { ...config, allow_untrained: true } })
    expect(whole.result.end.untrained).toEqual([
      { task: 'img_classification', sessions: ['img_classification'], whole: true },
    ])
    const part = await train({ config: { ...rare, allow_untrained: true } })
    expect(part.result.end.untrained).toEqual([{ task: 'v1', sessions: ['b'], whole: false }])
    expect(logs(part, 'warn').join()).toMatch(/not trained \(b\); its scores are marked/)
  })

  it('are found after the epochs that a schedule gives them nothing', async () => {
    const late = { train_cycler_args: { ratio: { '1': 0, '3': 1 } } }
    await expect(train({ config: { ...late, max_iter: 2 } })).rejects.toThrow(/v1 gets no batch/)
    const { result } = await train({ config: { ...late, max_iter: 3 } })
    expect(result.end.untrained).toEqual([])
  })
})

describe('the single-task trainer', () => {
  beforeAll(() => useBackend())

  const data = smallData({ tasks: ['v1'] })

  it('trains the responses with the regulariser, scaled or not', async () => {
    const penalty = async (scale_loss: boolean) => {
      const run = await train({
        fn: 'nnvision_trainer',
        data,
        config: { max_iter: 2, scale_loss, lr_init: 0.01 },
      })
      return eventsOf(run.events, 'metrics').flatMap((e) => e.values['Training/v1/regularizer'] ?? [])
    }
    expect(Math.min(...(await penalty(false)), ...(await penalty(true)))).toBeGreaterThan(0)
  })

  it('keeps the untrained weights as a candidate and steps once for all sessions', async () => {
    const { events, result } = await train({ fn: 'nnvision_trainer', data, config: { max_iter: 3 } })
    const saved = eventsOf(events, 'checkpoint')
    expect([saved[0]?.epoch, saved[0]?.best]).toEqual([0, true])
    const steps = eventsOf(events, 'metrics')
      .filter((e) => 'Validation/v1/eval' in e.values)
      .map((e) => e.step)
    expect(steps).toEqual([0, 2, 4, 6])
    expect(result.scores['FinalTest/v1/eval']).toBeDefined()
  })

  it('accumulates the asked number of batches', async () => {
    const config = { max_iter: 1, loss_accum_batch_n: 1 }
    const { events } = await train({ fn: 'nnvision_trainer', data, config })
    expect(eventsOf(events, 'metrics').at(-1)?.step).toBe(4)
  })
})
