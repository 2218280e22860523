import { readStopOrder } from '../../store/files/run-folder.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { RunRecorder } from './run-recorder.ts'

/** The stop file is looked for this often, and signals and timers get a turn. */
export const LOOK_MS = 100

export type StopRequest = 'no' | 'now' | 'epoch'

/** Whether the run was asked to stop: by this process (signal, stdin), or by any other through the run's folder. */
export function stopRequestOf(
  { asked, store, id }: { asked: () => StopRequest; store: RunStore; id: string },
  recorder: RunRecorder,
): () => StopRequest {
  const { folder } = store.files(id)
  let lastLook = -Infinity
  let fromFile: StopRequest = 'no'
  return () => {
    const own = asked()
    if (own === 'now') return own
    if (performance.now() - lastLook >= LOOK_MS) {
      lastLook = performance.now()
      const next = readStopOrder(folder)?.when ?? 'no'
      if (next !== fromFile) recorder.write({ kind: 'log', level: 'info', text: `Asked to stop (${next}).` })
      fromFile = next
    }
    return fromFile === 'no' ? own : fromFile
  }
}
