import type { Finding } from '../../engine/data/doctor/finding.ts'
import type { DataRecord } from './library-records.ts'

/** What was found in a data set, in the words of the contract. */
export interface DataContent {
  readonly summary: string
  /** Number facts by label, in reading order. */
  readonly facts: DataRecord['facts']
  readonly findings: readonly Finding[]
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** Three significant digits, without an exponent for everyday values. */
export const rounded = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'none'
