import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkerNews } from '../../../src-shared/contract/worker.ts'
import {
  endEvents,
  eventFileName,
  fileVersion,
  givenEvents,
  goesOnAt,
  pointEvent,
} from '../../io/trackers/tensorboard-events.ts'
import type { RunStore } from '../../store/run-store.ts'
import { runFolder } from './export-tracker.ts'
import { trackedRunOf } from './tracked-run-of.ts'

/** Takes the news of a run; what it cannot write stops it alone, which it says once. */
export type TakeNews = (news: WorkerNews) => void

/**
 * Writes a run into TensorBoard's `folder` while it trains, with the content of an export: a folder for the run, in it a file for each process that works
 * on it, to which is only ever added. A process that goes on from a checkpoint says from which step on, so that what the one before wrote beyond
 * it is not shown twice. The run's own folder has everything: what fails here fails no run. @param warn is told why, once
 */
export function liveTensorboard(
  store: RunStore,
  id: string,
  folder: string,
  warn: (text: string) => void,
): TakeNews {
  let file: string | null = null
  let last = 0
  let isBroken = false
  const begin = (segment: number, step: number): string => {
    const run = trackedRunOf(store, id)
    const into = join(folder, runFolder(run))
    mkdirSync(into, { recursive: true })
    const path = join(into, eventFileName({ ...run, startedAt: store.now() }, segment))
    const at = store.now()
    appendFileSync(path, Buffer.concat([fileVersion(at), goesOnAt(at, step), ...givenEvents(run)]))
    return path
  }
  const take: TakeNews = (news) => {
    if (news.type === 'event' && news.event.kind === 'metrics') {
      const { step, values, at, segment } = news.event
      file ??= begin(segment, step)
      last = Math.max(last, step)
      const points = Object.entries(values).map(([key, value]) =>
        pointEvent(key, { at, step, value: value ?? Number.NaN }),
      )
      appendFileSync(file, Buffer.concat(points))
    }
    if (news.type === 'done' && file !== null)
      appendFileSync(file, Buffer.concat([...endEvents(trackedRunOf(store, id), last)]))
  }
  return (news) => {
    if (isBroken) return
    try {
      take(news)
    } catch (error) {
      isBroken = true
      warn(`nothing more of this run goes to TensorBoard's folder ${folder}: ${String(error)}`)
    }
  }
}
