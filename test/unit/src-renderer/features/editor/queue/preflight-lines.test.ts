import { describe, expect, it } from 'vitest'
import { preflightLines } from '../../../../../../src-renderer/features/editor/queue/preflight-lines.ts'

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
  secondsEstimate: 10 as number | null,
  deviceMemory: null,
  biggest: [{ name: 'output of conv1', bytes: 40 }],
  fixes: [],
  offers: [],
  share: [],
}
const formats = { bytes: (n: number) => `${n} B`, duration: (s: number) => `${s} s` }
const none = { answer: null, isWorking: false }
const answer = {
  problems: [],
  seconds: { start: 1, training: 15, evaluation: 4, total: 20 },
  secondsPerStep: 0.05,
  stepsPerEpoch: 100,
  epochs: 3,
  timedSteps: 8,
  memoryBytes: 95,
  backend: 'native',
  workingRuns: 0,
}
const lines = (runs: number) => preflightLines(base, none, runs, formats)
const tone = (label: string, runs = 1) => lines(runs).find((l) => l.label === label)?.tone

describe('preflightLines', () => {
  it('warns before memory is all and refuses disk that is not there', () => {
    expect(tone('Memory')).toBe('warn')
    expect(tone('Disk')).toBe('good')
    expect(tone('Disk', 2)).toBe('bad')
  })

  it('says what the card has room for, beside main memory', () => {
    const deviceMemory = { card: 'A100', freeBytes: 100, totalBytes: 200, needBytes: 60, parts: [] }
    const on = (needBytes: number) =>
      preflightLines({ ...base, deviceMemory: { ...deviceMemory, needBytes } }, none, 1, formats).find(
        ({ label }) => label === 'Card memory',
      )
    expect(on(60)).toMatchObject({ text: 'about 60 B of 100 B free on A100, estimated', tone: 'good' })
    expect(on(120)).toMatchObject({
      text: 'about 120 B of 100 B free on A100, estimated; largest: output of conv1 (40 B)',
      tone: 'bad',
    })
    expect(lines(1).some(({ label }) => label === 'Card memory')).toBe(false)
  })

  it('counts disk and time for all runs', () => {
    expect(lines(3).find((l) => l.label === 'Disk')?.text).toBe('about 180 B of 100 B free')
    expect(lines(3).find((l) => l.label === 'Time')?.text).toBe(
      'at most 10 s each, 30 s in all, as earlier seeds took',
    )
  })

  it('names missing data and passes warnings on', () => {
    expect(lines(1)[0]).toEqual({ label: 'Data', text: 'MNIST: the folder is gone', tone: 'bad' })
    expect(lines(1).at(-1)?.text).toBe('A warning.')
  })

  it('prefers what was measured, and says how it knows', () => {
    const untimed = { ...base, secondsEstimate: null }
    const of = (warm: Parameters<typeof preflightLines>[1], label: string) =>
      preflightLines(untimed, warm, 1, formats).find((l) => l.label === label)?.text
    expect(of(none, 'Memory')).toBe('about 90 B of 100 B free, estimated; largest: output of conv1 (40 B)')
    expect(of({ answer, isWorking: false }, 'Memory')).toContain('about 95 B of 100 B free, measured')
    expect(of({ answer: null, isWorking: true }, 'Time')).toBe('timing a few steps…')
    expect(of({ answer, isWorking: false }, 'Time')).toBe(
      'at most 20 s: 3 epochs of 100 steps, by 8 steps of 50 ms',
    )
    expect(of({ answer: { ...answer, workingRuns: 1 }, isWorking: false }, 'Time')).toContain('slower')
    expect(of(none, 'Time')).toBeUndefined()
  })
})
