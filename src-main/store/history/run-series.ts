import type { RunEvent } from '../../../src-shared/contract/run.ts'

/** The metrics of a run as columns; rows in order of time, replaced segments left out. */
export interface RunSeries {
  readonly rows: number
  readonly step: Float64Array
  readonly epoch: Float64Array
  readonly images: Float64Array
  /** Seconds of work since the start of the run, pauses between segments left out. */
  readonly seconds: Float64Array
  /** Seconds since the start of the run, pauses included. */
  readonly elapsed: Float64Array
  readonly keys: ReadonlyMap<string, KeySeries>
}

/** One metric: the rows that have it, and its values there (NaN = was not finite). */
export interface KeySeries {
  readonly rows: Uint32Array
  readonly value: Float64Array
}

export interface Mark {
  readonly mark: string
  readonly step: number
  readonly epoch: number
  readonly text: string
}

interface Row {
  step: number
  epoch: number
  images: number
  seconds: number
  elapsed: number
  values: Record<string, number | null>
}

/** All that can be saved and taken up again: what the events so far amount to. */
export interface SeriesState {
  rows: Row[]
  marks: Mark[]
  segment: number
  /** The segment has given no numbers yet. */
  fresh: boolean
  /** Seconds of work before this segment. */
  base: number
  /** Time of the first event of this segment. */
  startedAt: number
  lastAt: number
  /** Time of the very first event. */
  bornAt: number | null
}

export const emptySeries = (): SeriesState => ({
  rows: [],
  marks: [],
  segment: 0,
  fresh: true,
  base: 0,
  startedAt: 0,
  lastAt: 0,
  bornAt: null,
})

/**
 * Adds one event. A new segment overrules the earlier ones from its first step on: after the mark of its checkpoint
 * where it has one, from its first numbers otherwise.
 */
export function addEvent(state: SeriesState, event: RunEvent): void {
  state.bornAt ??= event.at
  if (event.segment !== state.segment) beginSegment(state, event)
  state.lastAt = Math.max(state.lastAt, event.at)
  if (event.kind === 'mark') {
    if (event.mark === 'resume') cutAfter(state, event.step)
    state.marks.push({ mark: event.mark, step: event.step, epoch: event.epoch, text: event.text })
  }
  if (event.kind === 'metrics') addRow(state, event)
}

function beginSegment(state: SeriesState, event: RunEvent): void {
  state.base += Math.max(0, (state.lastAt - state.startedAt) / 1000)
  state.segment = event.segment
  state.fresh = true
  state.startedAt = event.at
  state.lastAt = event.at
}

function cutAfter(state: SeriesState, step: number): void {
  state.rows = state.rows.filter((row) => row.step <= step)
  state.marks = state.marks.filter((mark) => mark.step <= step)
}

function addRow(state: SeriesState, event: Extract<RunEvent, { kind: 'metrics' }>): void {
  if (state.fresh) cutAfter(state, event.step)
  state.fresh = false
  const seconds = state.base + Math.max(0, (event.at - state.startedAt) / 1000)
  const elapsed = Math.max(0, (event.at - (state.bornAt ?? event.at)) / 1000)
  const { step, epoch, images, values } = event
  state.rows.push({ step, epoch, images, seconds, elapsed, values })
}

/** The columns of a state. A value given twice for one step counts once, the later one. */
export function seriesOf(state: SeriesState): RunSeries {
  const { rows } = state
  const column = (pick: (row: Row) => number): Float64Array => Float64Array.from(rows, pick)
  const building = new Map<string, { rows: number[]; value: number[] }>()
  for (const [index, row] of rows.entries()) {
    for (const [key, value] of Object.entries(row.values)) {
      let at = building.get(key)
      if (at === undefined) building.set(key, (at = { rows: [], value: [] }))
      const previous = at.rows.at(-1)
      if (previous !== undefined && rows[previous]?.step === row.step) {
        at.rows.pop()
        at.value.pop()
      }
      at.rows.push(index)
      at.value.push(value ?? Number.NaN)
    }
  }
  const keys = new Map<string, KeySeries>()
  for (const [key, at] of building)
    keys.set(key, { rows: Uint32Array.from(at.rows), value: Float64Array.from(at.value) })
  return {
    rows: rows.length,
    step: column((r) => r.step),
    epoch: column((r) => r.epoch),
    images: column((r) => r.images),
    seconds: column((r) => r.seconds),
    elapsed: column((r) => r.elapsed),
    keys,
  }
}
