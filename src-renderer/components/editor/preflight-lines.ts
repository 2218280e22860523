import type { Result } from '../../../src-shared/contract/contract.ts'

export interface CheckLine {
  readonly label: string
  readonly text: string
  readonly tone: 'good' | 'warn' | 'bad'
}

/** More than this part of the free memory or disk is worth a warning before it is all. */
const TIGHT = 0.8

function fitTone(need: number, free: number): CheckLine['tone'] {
  return need > free ? 'bad' : need > TIGHT * free ? 'warn' : 'good'
}

/** The checks before queueing as lines to read; disk and time count all runs, memory one at a time. */
export function preflightLines(
  p: Result<'config.preflight'>,
  runs: number,
  bytes: (n: number) => string,
  duration: (seconds: number) => string,
): readonly CheckLine[] {
  const lines: CheckLine[] = p.data.map((d) => ({
    label: 'Data',
    text: `${d.name}: ${d.detail}`,
    tone: d.present ? 'good' : 'bad',
  }))
  if (p.memoryBytes !== null) {
    lines.push({
      label: 'Memory',
      text: `about ${bytes(p.memoryBytes)} of ${bytes(p.freeMemoryBytes)} free`,
      tone: fitTone(p.memoryBytes, p.freeMemoryBytes),
    })
  }
  if (p.diskBytes !== null) {
    const need = p.diskBytes * runs
    lines.push({
      label: 'Disk',
      text: `about ${bytes(need)} of ${bytes(p.freeDiskBytes)} free`,
      tone: fitTone(need, p.freeDiskBytes),
    })
  }
  if (p.secondsEstimate !== null) {
    const each = duration(p.secondsEstimate)
    lines.push({
      label: 'Time',
      text:
        runs > 1 ? `at most ${each} each, ${duration(p.secondsEstimate * runs)} in all` : `at most ${each}`,
      tone: 'good',
    })
  }
  for (const text of p.warnings) lines.push({ label: 'Mind', text, tone: 'warn' })
  return lines
}
