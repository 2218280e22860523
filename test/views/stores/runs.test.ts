import { waitFor } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunProgress, RunSummary } from '../../../src-shared/contract/run.ts'
import { useRuns } from '../../../src-renderer/stores/runs.ts'
import type { Showing } from '../../support/show.ts'
import { settled, show } from '../../support/show.ts'
import { demoRuns } from '../../support/fake-renderer/made-up-runs.ts'

const RUNS = demoRuns().map(({ summary }) => summary)
const run = (i: number): RunSummary => {
  const found = RUNS[i]
  if (found === undefined) throw new Error(`there is no run ${i}`)
  return found
}
async function started(given: Showing = {}) {
  const shown = await show({ render: () => null }, given)
  const runs = useRuns()
  runs.start()
  await settled()
  return { ...shown, runs }
}
const statusOf = (i: number) => useRuns().byId.get(run(i).id)?.status

describe('the runs', () => {
  it('are asked for once, and stand newest first', async () => {
    const { runs, paramsOf } = await started()
    expect(paramsOf('runs.list')).toHaveLength(1)
    expect(runs.state).toBe('ready')
    const times = runs.list.map((r) => r.createdAt)
    expect(times).toHaveLength(9)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(runs.live.map(({ id }) => id)).toEqual([run(5).id])
  })

  it('show the answer to the last question where an earlier one is still open', async () => {
    const open: ((value: unknown) => void)[] = []
    const answer = () => new Promise<never>((done) => open.push(done as (value: unknown) => void))
    const { runs } = await started({ answers: { 'runs.list': answer } })
    const again = runs.load()
    await settled()
    expect(open).toHaveLength(2)
    open[1]?.({ total: 1, runs: [run(1)] })
    await again
    open[0]?.({ total: 1, runs: [run(0)] })
    await settled()
    expect([runs.state, runs.list.map(({ id }) => id)]).toEqual(['ready', [run(1).id]])
  })

  it('change by the news of the service, gathered', async () => {
    const { runs, news } = await started()
    const added: RunSummary = { ...run(8), id: 'f'.repeat(64), createdAt: Date.now() + 1000 }
    await news('runs.changed', { runs: [{ ...run(6), status: 'running' }, added], removed: [run(0).id] })
    await news('runs.changed', { runs: [{ ...run(6), status: 'stopping' }], removed: [] })
    await waitFor(() => expect(statusOf(6)).toBe('stopping'))
    expect(runs.list[0]?.id).toBe(added.id)
    expect(runs.byId.has(run(0).id)).toBe(false)
    expect(runs.live.map(({ id }) => id)).toContain(run(6).id)
  })

  it('have the newest progress of each', async () => {
    const { runs, news } = await started()
    const at = (epoch: number): RunProgress => ({
      phase: 'training',
      detail: '',
      epoch,
      epochs: 9,
      step: 1,
      stepOfEpoch: 1,
      stepsPerEpoch: 2,
      fraction: 0.1,
      imagesPerSecond: 1,
      secondsLeft: null,
      loaderWait: 0,
      memoryBytes: 1,
      at: 1,
    })
    await news('run.progress', { id: 'a', progress: at(1) })
    await news('run.progress', { id: 'b', progress: at(5) })
    await news('run.progress', { id: 'a', progress: at(2) })
    await waitFor(() =>
      expect([...runs.progress].map(([id, p]) => [id, p.epoch])).toEqual([
        ['a', 2],
        ['b', 5],
      ]),
    )
  })

  it('take an answer at once, without waiting for the news', async () => {
    const { runs } = await started()
    runs.put({ ...run(0), star: true })
    expect(runs.byId.get(run(0).id)?.star).toBe(true)
    runs.drop(run(0).id)
    expect(runs.byId.has(run(0).id)).toBe(false)
    expect(runs.list).toHaveLength(8)
  })

  it('could not be loaded, and why; and then they could', async () => {
    let isDown = true
    const { runs } = await started({
      answers: {
        'runs.list': () => {
          if (isDown) throw new CotrainError({ code: 'internal', message: 'No index.', hint: 'Delete it.' })
          return { total: 1, runs: RUNS }
        },
      },
    })
    expect(runs.state).toBe('failed')
    expect(runs.problems).toEqual([{ code: 'internal', message: 'No index.', hint: 'Delete it.' }])
    isDown = false
    await runs.load()
    expect(runs.state).toBe('ready')
    expect(runs.list).toHaveLength(9)
    isDown = true
    await runs.load()
    expect(runs.state).toBe('ready')
    expect(runs.list).toHaveLength(9)
  })

  it('are none, which is not the same as not loaded', async () => {
    const { runs } = await started({ state: 'empty' })
    expect(runs.state).toBe('ready')
    expect(runs.list).toEqual([])
    const { runs: waiting } = await started({ state: 'loading' })
    expect(waiting.state).toBe('loading')
  })
})
