import { describe, expect, it } from 'vitest'
import { preflightLines } from '../../../../../src-renderer/components/editor/preflight-lines.ts'

const base = {
  id: null,
  problems: [],
  warnings: ['A warning.'],
  config: null,
  identicalRun: null,
  data: [{ name: 'MNIST', present: false, detail: 'the folder is gone' }],
  memoryBytes: 90,
  freeMemoryBytes: 100,
  diskBytes: 60,
  freeDiskBytes: 100,
  secondsEstimate: 10,
}
const lines = (runs: number) =>
  preflightLines(
    base,
    runs,
    (n) => `${n} B`,
    (s) => `${s} s`,
  )
const tone = (label: string, runs = 1) => lines(runs).find((l) => l.label === label)?.tone

describe('preflightLines', () => {
  it('warns before memory is all and refuses disk that is not there', () => {
    expect(tone('Memory')).toBe('warn')
    expect(tone('Disk')).toBe('good')
    expect(tone('Disk', 2)).toBe('bad')
  })

  it('counts disk and time for all runs', () => {
    expect(lines(3).find((l) => l.label === 'Disk')?.text).toBe('about 180 B of 100 B free')
    expect(lines(3).find((l) => l.label === 'Time')?.text).toBe('at most 10 s each, 30 s in all')
  })

  it('names missing data and passes warnings on', () => {
    expect(lines(1)[0]).toEqual({ label: 'Data', text: 'MNIST: the folder is gone', tone: 'bad' })
    expect(lines(1).at(-1)?.text).toBe('A warning.')
  })
})
