import type { Result } from '../../../src-shared/contract/contract.ts'
import type { RunDetail } from '../../../src-shared/contract/run.ts'
import { LIVE } from '../../../src-shared/contract/run.ts'
import { readShapes } from '../../data/content/stored-shapes.ts'
import { filesOf, readLive } from '../../store/files/run-folder.ts'
import { segmentsOf } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import { keptMoments } from './kept-moments.ts'

/** Everything about one run but its curves. */
export function runDetails(store: RunStore, id: string): Result<'runs.get'> {
  const record = store.read(id)
  const { folder } = store.files(id)
  const { names, marks } = store.history(id).read(new Set())
  return {
    summary: store.summary(id),
    config: record.config,
    environment: record.environment,
    segments: segmentsOf(record),
    progress: LIVE.has(record.status) ? readLive(folder) : null,
    marks: marks.filter(({ mark }) => mark !== 'checkpoint').map((mark) => ({ ...mark })),
    metricKeys: [...names].sort(),
    files: filesOf(folder),
    checkpoints: keptMoments(store, record).map(({ manifest: { epoch, step, best, score } }) => ({
      epoch,
      step,
      best,
      score,
    })),
    folder,
    command: `cotrain show ${id.slice(0, 10)}`,
    dataFingerprint: record.identity.data === '' ? null : record.identity.data,
    ...(record.dataSets && { dataSets: record.dataSets }),
    ...seenBy(store.files(id).shapes),
    ...(record.origin && { origin: record.origin }),
  }
}

function seenBy(file: string): Pick<RunDetail, 'seen'> {
  const shapes = readShapes(file)
  if (shapes === null) return {}
  const { classes, inputs, sessions } = shapes
  const image = inputs.img_classification ?? null
  return {
    seen: { image, classes, sessions: sessions.map(({ area, key, units }) => ({ area, key, units })) },
  }
}
