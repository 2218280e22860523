import type { RunEvent } from '../../../src-shared/contract/run.ts'

/** Columns of a run with a number for each row, in the order of the file that keeps them. */
export const PLACES = ['step', 'epoch', 'images', 'seconds', 'elapsed'] as const

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

/** What belongs to a step, one number a row in each. */
type PlaceColumns = Record<(typeof PLACES)[number], number[]>

/** All that can be saved and taken up again: what the events so far amount to. */
export interface SeriesState {
  places: PlaceColumns
  keys: Map<string, { rows: number[]; value: number[] }>
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
  places: { step: [], epoch: [], images: [], seconds: [], elapsed: [] },
  keys: new Map(),
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

/** Takes out all rows after a step, and the keys that had no others. */
function cutAfter(state: SeriesState, step: number): void {
  state.marks = state.marks.filter((mark) => mark.step <= step)
  const { places, keys } = state
  if (places.step.every((s) => s <= step)) return
  /** The place of each row among those that stay; -1 for one that goes. */
  let count = 0
  const to = places.step.map((s) => (s <= step ? count++ : -1))
  for (const place of PLACES) places[place] = places[place].filter((_, row) => to[row] !== -1)
  for (const [key, { rows, value }] of keys) {
    const stays = rows.map((row) => to[row] !== -1)
    const left = {
      rows: rows.flatMap((row) => withoutGone(to[row])),
      value: value.filter((_, i) => stays[i]),
    }
    if (left.rows.length > 0) keys.set(key, left)
    else keys.delete(key)
  }
}

const withoutGone = (row = -1): number[] => (row === -1 ? [] : [row])

function addRow(state: SeriesState, event: Extract<RunEvent, { kind: 'metrics' }>): void {
  if (state.fresh) cutAfter(state, event.step)
  state.fresh = false
  const { places, keys } = state
  const { step, values } = event
  const row = places.step.length
  places.step.push(step)
  places.epoch.push(event.epoch)
  places.images.push(event.images)
  places.seconds.push(state.base + Math.max(0, (event.at - state.startedAt) / 1000))
  places.elapsed.push(Math.max(0, (event.at - (state.bornAt ?? event.at)) / 1000))
  for (const key in values) {
    let at = keys.get(key)
    if (at === undefined) keys.set(key, (at = { rows: [], value: [] }))
    // A value given twice for one step counts once, the later one.
    const previous = at.rows.at(-1)
    if (previous !== undefined && places.step[previous] === step) {
      at.rows.pop()
      at.value.pop()
    }
    at.rows.push(row)
    at.value.push(values[key] ?? Number.NaN)
  }
}

/** The columns of a state, which may go on. */
export function seriesOf({ places, keys }: SeriesState): RunSeries {
  const { step, epoch, images, seconds, elapsed } = places
  return {
    rows: step.length,
    step: new Float64Array(step),
    epoch: new Float64Array(epoch),
    images: new Float64Array(images),
    seconds: new Float64Array(seconds),
    elapsed: new Float64Array(elapsed),
    keys: new Map(
      [...keys].map(([key, { rows, value }]) => [
        key,
        { rows: new Uint32Array(rows), value: new Float64Array(value) },
      ]),
    ),
  }
}
