import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../../../src-shared/contract/run.ts'
import { encodeEvent } from '../../../../../src-main/store/history/event-line.ts'
import { openEventWriter } from '../../../../../src-main/store/history/event-writer.ts'
import { openHistory } from '../../../../../src-main/store/history/run-history.ts'
import { addEvent, emptySeries, seriesOf } from '../../../../../src-main/store/history/run-series.ts'
import { hasSeries, readSeries } from '../../../../../src-main/store/history/series-file.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const metrics = (
  segment: number,
  step: number,
  at: number,
  values: Record<string, number | null>,
): RunEvent => ({
  kind: 'metrics',
  segment,
  at,
  step,
  epoch: step / 10,
  images: step,
  values,
})
const resume = (segment: number, step: number, at: number) => markOf('resume', segment, step, at)
const markOf = (mark: 'resume' | 'lr-decay', segment: number, step: number, at: number): RunEvent => ({
  kind: 'mark',
  segment,
  at,
  mark,
  step,
  epoch: 0,
  text: '',
})

function columns(events: readonly RunEvent[]) {
  const state = emptySeries()
  for (const event of events) addEvent(state, event)
  const series = seriesOf(state)
  const of = (key: string) => {
    const at = series.keys.get(key)
    return [...(at?.rows ?? [])].map((row, i) => [series.step[row], at?.value[i]])
  }
  return { series, of }
}

describe('the series of a run', () => {
  it('takes the newest segment from the step it went on from', () => {
    const { of } = columns([
      metrics(1, 10, 0, { loss: 1 }),
      metrics(1, 20, 1, { loss: 2 }),
      metrics(1, 30, 2, { loss: 3 }),
      resume(2, 20, 100),
      metrics(2, 30, 101, { loss: 33 }),
      metrics(2, 40, 102, { loss: 4 }),
    ])
    expect(of('loss')).toEqual([
      [10, 1],
      [20, 2],
      [30, 33],
      [40, 4],
    ])
  })

  it('drops what came after the checkpoint, also where the segment gives its first numbers later', () => {
    const { of } = columns([
      ...[10, 20, 30].map((step) => metrics(1, step, step, { loss: step })),
      resume(2, 20, 100),
      metrics(2, 40, 101, { loss: 44 }),
    ])
    expect(of('loss')).toEqual([
      [10, 10],
      [20, 20],
      [40, 44],
    ])
  })

  it('forgets everything of a run that began again', () => {
    const { of } = columns([metrics(1, 10, 0, { loss: 1 }), resume(2, -1, 5), metrics(2, 5, 6, { loss: 9 })])
    expect(of('loss')).toEqual([[5, 9]])
  })

  it('counts a value given again for the same step once', () => {
    const { of } = columns([
      metrics(1, 10, 0, { loss: 1, score: 5 }),
      resume(2, 10, 50),
      metrics(2, 10, 51, { loss: 2 }),
    ])
    expect(of('loss')).toEqual([[10, 2]])
    expect(of('score')).toEqual([[10, 5]])
  })

  it('leaves pauses between segments out of the seconds', () => {
    const { series } = columns([
      metrics(1, 10, 0, { loss: 1 }),
      metrics(1, 20, 4_000, { loss: 1 }),
      resume(2, 20, 1_000_000),
      metrics(2, 30, 1_003_000, { loss: 1 }),
    ])
    expect([...series.seconds]).toEqual([0, 4, 7])
    expect([...series.elapsed]).toEqual([0, 4, 1003])
  })

  it('goes on from the first numbers of a segment that tells no checkpoint, and drops the marks after one', () => {
    const { of, series } = columns([
      metrics(1, 10, 1_000, { loss: 1 }),
      metrics(1, 20, 2_000, { loss: 2 }),
      metrics(2, 15, 9_000, { loss: 3 }),
      metrics(2, 15, 8_000, { loss: 4 }),
      metrics(2, 12, 9_500, { loss: 5 }),
    ])
    expect(of('loss')).toEqual([
      [10, 1],
      [15, 4],
      [12, 5],
    ])
    expect([...series.seconds]).toEqual([0, 1, 1, 1.5])
    expect([...series.elapsed]).toEqual([0, 8, 7, 8.5])
    expect([[...series.epoch], [...series.images], series.rows]).toEqual([
      [1, 1.5, 1.5, 1.2],
      [10, 15, 15, 12],
      4,
    ])
    const state = emptySeries()
    for (const event of [resume(1, 5, 0), resume(1, 30, 1), resume(2, 20, 2), resume(3, 20, 3)])
      addEvent(state, event)
    expect(state.marks.map(({ step }) => step)).toEqual([5, 20, 20])
    addEvent(state, markOf('lr-decay', 3, 5, 4))
    expect(state.marks).toHaveLength(4)
  })

  it('keeps values that were not finite as gaps', () => {
    const { of } = columns([metrics(1, 1, 0, { loss: null })])
    expect(of('loss')).toEqual([[1, Number.NaN]])
  })
})

describe('the history of a run', () => {
  const long = (name: string): string => {
    const path = join(folder, name)
    const writer = openEventWriter(path)
    for (let step = 1; step <= 3000; step++)
      writer.add(metrics(1, step, step, { loss: 1 / step, odd: step % 2 ? step : null }))
    writer.close()
    return path
  }

  it('reads the same from its stored columns as from the events', () => {
    const events = long('long.jsonl')
    const stored = join(folder, 'series', 'long.bin')
    const parsed = openHistory(events, stored).read()
    const again = openHistory(events, stored).read()
    expect(again.series.keys.get('odd')).toEqual(parsed.series.keys.get('odd'))
    expect(again.series.seconds).toEqual(parsed.series.seconds)
    expect(readSeries(stored, 1)).toBeNull()
  })

  it('reads of the stored columns only what is wanted', () => {
    const events = long('wanted.jsonl')
    const stored = join(folder, 'series', 'wanted.bin')
    const whole = openHistory(events, stored).read()
    const { series, names } = openHistory(events, stored).read(new Set(['odd', 'absent']))
    expect(names).toEqual(['loss', 'odd'])
    expect([...series.keys]).toEqual([['odd', whole.series.keys.get('odd')]])
    expect(openHistory(events, stored).read(new Set()).series.keys.size).toBe(0)
  })

  it('keeps with the columns what could not be read, and the marks', () => {
    const events = long('spoilt.jsonl')
    const stored = join(folder, 'series', 'spoilt.bin')
    appendFileSync(events, `garbled\n${encodeEvent(resume(1, 3000, 3000))}torn`)
    const { marks, bad, torn, names } = openHistory(events, stored).read()
    expect([marks, bad, torn, names]).toEqual([
      [{ mark: 'resume', step: 3000, epoch: 0, text: '' }],
      1,
      true,
      ['loss', 'odd'],
    ])
    expect(openHistory(events, stored).read()).toMatchObject({ marks, bad, torn, names })
    expect([hasSeries(stored, statSync(events).size), hasSeries(stored, 1)]).toEqual([true, false])
  })

  it('keeps no columns of a short log, and goes on where none can be kept', () => {
    const path = join(folder, 'short.jsonl')
    writeFileSync(path, encodeEvent(metrics(1, 1, 0, { loss: 1 })))
    expect(openHistory(path, join(folder, 'short.bin')).read().series.rows).toBe(1)
    expect(existsSync(join(folder, 'short.bin'))).toBe(false)
    const events = long('unkept.jsonl')
    expect(openHistory(events, join(path, 'no folder', 'series.bin')).read().series.rows).toBe(3000)
  })

  it('reads nothing twice, and anew when another file took the place', () => {
    const path = join(folder, 'replaced.jsonl')
    const lines = [1, 2, 3].map((step) => encodeEvent(metrics(1, step, 0, { loss: step })))
    writeFileSync(path, lines.join(''))
    const history = openHistory(path, join(folder, 'replaced.bin'))
    const first = history.read()
    expect(history.read()).toBe(first)
    writeFileSync(path, `garbled\n${lines[2] ?? ''}`)
    const { series, bad } = history.read()
    expect([[...series.step], bad]).toEqual([[3], 1])
    rmSync(path)
    expect(history.read()).toMatchObject({ series: { rows: 0 }, bad: 0, torn: false })
  })

  it('builds stored columns that were deleted or damaged again', () => {
    const events = long('damaged.jsonl')
    const stored = join(folder, 'series', 'damaged.bin')
    const first = openHistory(events, stored).read()
    writeFileSync(stored, 'nonsense')
    expect(openHistory(events, stored).read().series.rows).toBe(first.series.rows)
    rmSync(stored)
    expect(openHistory(events, stored).read().series.rows).toBe(3000)
    const { size } = statSync(events)
    const whole = readFileSync(stored)
    writeFileSync(stored, whole.subarray(0, -16))
    expect([readSeries(stored, size), readSeries(stored, size, new Set(['loss']))?.names]).toEqual([
      null,
      ['loss', 'odd'],
    ])
    const text = '"version":2'
    whole.write('"version":1', whole.indexOf(text), 'latin1')
    writeFileSync(stored, whole)
    expect([whole.includes(text), readSeries(stored, size)]).toEqual([false, null])
  })

  it('grows with the log, and tells only what is new', () => {
    const path = join(folder, 'grow.jsonl')
    const writer = openEventWriter(path)
    writer.add(metrics(1, 1, 0, { loss: 1 }))
    writer.flush()
    const history = openHistory(path, join(folder, 'series', 'grow.bin'))
    expect(history.news()).toEqual([])
    expect(history.read().series.rows).toBe(1)
    writer.add(metrics(1, 2, 0, { loss: 2 }))
    writer.flush()
    expect(history.news()).toHaveLength(1)
    expect(history.news()).toHaveLength(0)
    expect(history.read().series.rows).toBe(2)
    writer.close()
  })
})
