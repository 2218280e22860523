import { metricInfo } from '../../src-shared/contract/metrics.ts'
import type { RunSummary } from '../../src-shared/contract/run.ts'
import { formatMetric } from './number.ts'
import { isHeadline, orderedScoreKeys } from '../../src-shared/contract/score-keys.ts'
import { formatDuration } from './time.ts'

/** What a notification says about a run that ended; null while there is nothing to say. */
export function endText(run: RunSummary): { title: string; body: string } | null {
  if (run.status === 'finished') {
    const scores = orderedScoreKeys(Object.keys(run.scores))
      .filter(isHeadline)
      .map((key) => {
        const info = metricInfo(key)
        return `${info.label}: ${formatMetric(run.scores[key], info.unit)} ${info.unit}`.trim()
      })
    return { title: `${run.name} finished`, body: [...scores, formatDuration(run.seconds)].join('\n') }
  }
  if (run.status === 'diverged')
    return { title: `${run.name} diverged`, body: run.problem?.message ?? 'A number was no longer finite.' }
  if (run.status === 'failed')
    return { title: `${run.name} failed`, body: run.problem?.message ?? 'Open the run to see why.' }
  if (run.status === 'interrupted')
    return { title: `${run.name} was interrupted`, body: 'Its process is gone. It can be resumed.' }
  return null
}
