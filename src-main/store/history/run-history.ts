import { statSync } from 'node:fs'
import type { CurvePlace, RunEvent } from '../../../src-shared/contract/run.ts'
import { eachEvent, eachLine, readEvents } from './event-reader.ts'
import type { Mark, RunSeries, SeriesState } from './run-series.ts'
import { addEvent, emptySeries, seriesOf } from './run-series.ts'
import { readSeries, writeSeries } from './series-file.ts'

/** Smaller logs are read faster than their stored columns are worth. */
export const STORE_FROM_BYTES = 200_000

/** The metrics and marks of a run so far, and what of its log could not be read. */
interface RunHistory {
  readonly series: RunSeries
  /** All metrics, also those whose columns were not asked for. */
  readonly names: readonly string[]
  readonly marks: readonly Mark[]
  readonly bad: number
  readonly torn: boolean
}

/** Columns spare the next reader time; where they cannot be written, he reads the events. */
function keep(stored: string, series: Parameters<typeof writeSeries>[1]): void {
  try {
    writeSeries(stored, series)
  } catch {
    // A full or read-only disk does not stop reading.
  }
}

/** Follows one events.jsonl: reads only what has come since the last call. */
export interface HistoryReader {
  /** With the columns of at least these metrics and places; of all unless named. */
  read(wanted?: ReadonlySet<string>, places?: ReadonlySet<CurvePlace>): RunHistory
  /** The events that came since the last call of `news`; the first call returns none. */
  news(): readonly RunEvent[]
}

/** `stored` is where the columns of a long log may be kept. */
export function openHistory(events: string, stored: string): HistoryReader {
  let state: SeriesState | null = null
  let next = 0
  let bad = 0
  let known: RunHistory | null = null
  let knownBytes = -1
  let newsFrom: number | null = null

  const parse = (): RunHistory => {
    const into = state ?? emptySeries()
    // Where reading stops midway the next one begins anew.
    state = null
    const read = eachEvent(events, next, (event) => addEvent(into, event))
    state = into
    next = read.next
    bad += read.bad
    const series = seriesOf(into)
    return { series, names: [...series.keys.keys()], marks: [...into.marks], bad, torn: read.torn }
  }
  const read: HistoryReader['read'] = (wanted, places) => {
    const bytes = statSync(events, { throwIfNoEntry: false })?.size ?? 0
    if (known !== null && knownBytes === bytes) return known
    // Another file took its place, or reading it stopped midway.
    if (bytes < next || state === null) [state, next, bad] = [null, 0, 0]
    const fromStore = state === null ? readSeries(stored, bytes, wanted, places) : null
    // Kept in memory is only what had to be computed: stored columns are read again as they are wanted.
    if (fromStore !== null) return fromStore
    const isFirst = state === null
    known = parse()
    knownBytes = bytes
    if (isFirst && bytes >= STORE_FROM_BYTES) keep(stored, { ...known, bytes })
    return known
  }
  const news = (): readonly RunEvent[] => {
    if (newsFrom === null) {
      newsFrom = eachLine(events, 0, () => undefined).next
      return []
    }
    const batch = readEvents(events, newsFrom)
    newsFrom = batch.next
    return batch.events
  }
  return { read, news }
}
