import { partsThere } from '../../../../src-shared/contract/data-parts.ts'
import type { Result } from '../../../../src-shared/contract/contract.ts'

export interface CheckLine {
  readonly label: string
  readonly text: string
  readonly tone: 'good' | 'warn' | 'bad' | 'wait'
}

/** The label of the line on the memory of the card. */
export const CARD_MEMORY = 'Card memory'

/** Whether a line says that memory is tight, so that less of it is worth offering. */
export const isShortOfMemory = ({ label, tone }: CheckLine): boolean =>
  (label === 'Memory' || label === CARD_MEMORY) && tone !== 'good'

/** How values are written; handed in, so that the lines can be tested without a language. */
export interface LineFormats {
  readonly bytes: (n: number) => string
  readonly duration: (seconds: number) => string
}

/** The timed steps: their answer, or whether one is still to come. */
export interface WarmUpState {
  readonly answer: Result<'config.warmUp'> | null
  readonly isWorking: boolean
}

/** More than this part of the free memory or disk is worth a warning before it is all. */
const TIGHT = 0.8

function fitTone(need: number, free: number): CheckLine['tone'] {
  return need > free ? 'bad' : need > TIGHT * free ? 'warn' : 'good'
}

/** The checks before queueing as lines to read; disk and time count all runs, memory one at a time. */
export function preflightLines(
  p: Result<'config.preflight'>,
  warm: WarmUpState,
  runs: number,
  formats: LineFormats,
): readonly CheckLine[] {
  return [
    ...dataLines(p.data),
    ...memoryLines(p, warm, formats),
    ...cardLines(p, formats),
    ...diskLines(p, runs, formats),
    ...timeLines(p, warm, runs, formats),
    ...p.warnings.map((text): CheckLine => ({ label: 'Mind', text, tone: 'warn' })),
  ]
}

/** Files of a set that are there need one line together; what is missing is named. */
function dataLines(data: Result<'config.preflight'>['data']): CheckLine[] {
  const there = partsThere(data).map((text): CheckLine => ({
    label: 'Data',
    text: `${text}, read and fingerprinted`,
    tone: 'good',
  }))
  const missing = data.filter(({ present }) => !present)
  return [
    ...missing.map((d): CheckLine => ({ label: 'Data', text: `${d.name}: ${d.detail}`, tone: 'bad' })),
    ...there,
  ]
}

function memoryLines(
  p: Result<'config.preflight'>,
  { answer }: WarmUpState,
  { bytes }: LineFormats,
): CheckLine[] {
  const measured = answer?.memoryBytes ?? null
  const need = measured ?? p.memoryBytes
  if (need === null) return []
  const how = measured === null ? 'estimated' : 'measured on the first steps'
  const largest = p.biggest[0]
  const isTight = need > TIGHT * p.freeMemoryBytes
  const what = isTight && largest !== undefined ? `; largest: ${largest.name} (${bytes(largest.bytes)})` : ''
  return [
    {
      label: 'Memory',
      text: `about ${bytes(need)} of ${bytes(p.freeMemoryBytes)} free, ${how}${what}`,
      tone: fitTone(need, p.freeMemoryBytes),
    },
  ]
}

/** Estimated alone: what the timed steps measured is main memory. */
function cardLines(
  { deviceMemory, biggest }: Result<'config.preflight'>,
  { bytes }: LineFormats,
): CheckLine[] {
  if (deviceMemory === null) return []
  const { card, needBytes, freeBytes } = deviceMemory
  const tone = fitTone(needBytes, freeBytes)
  const [largest] = biggest
  const what =
    tone === 'good' || largest === undefined ? '' : `; largest: ${largest.name} (${bytes(largest.bytes)})`
  return [
    {
      label: CARD_MEMORY,
      text: `about ${bytes(needBytes)} of ${bytes(freeBytes)} free on ${card}, estimated${what}`,
      tone,
    },
  ]
}

function diskLines(p: Result<'config.preflight'>, runs: number, { bytes }: LineFormats): CheckLine[] {
  if (p.diskBytes === null) return []
  const need = p.diskBytes * runs
  const text = `about ${bytes(need)} of ${bytes(p.freeDiskBytes)} free`
  return [{ label: 'Disk', text, tone: fitTone(need, p.freeDiskBytes) }]
}

function timeLines(
  p: Result<'config.preflight'>,
  { answer, isWorking }: WarmUpState,
  runs: number,
  { duration }: LineFormats,
): CheckLine[] {
  const all = (seconds: number): string =>
    runs > 1
      ? `at most ${duration(seconds)} each, ${duration(seconds * runs)} in all`
      : `at most ${duration(seconds)}`
  if (p.secondsEstimate !== null)
    return [{ label: 'Time', text: `${all(p.secondsEstimate)}, as earlier seeds took`, tone: 'good' }]
  if (isWorking) return [{ label: 'Time', text: 'timing a few steps…', tone: 'wait' }]
  if (answer?.seconds == null) return []
  const { seconds, secondsPerStep, stepsPerEpoch, epochs, timedSteps, workingRuns } = answer
  const step = `${timedSteps} steps of ${((secondsPerStep ?? 0) * 1000).toPrecision(2)} ms`
  const slowed = workingRuns > 0 ? '; a run that is working made them slower' : ''
  return [
    {
      label: 'Time',
      text: `${all(seconds.total)}: ${epochs} epochs of ${stepsPerEpoch} steps, by ${step}${slowed}`,
      tone: 'good',
    },
  ]
}
