import type { DataAccount } from '../../../src-shared/contract/account.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'
import type { PixelType } from '../../engine/types.ts'
import type { z } from 'zod'
import type { dataPart, dataSession } from '../../../src-shared/contract/views.ts'
import type { DataRecord } from './library-records.ts'

/** What was found in a data set, in the words of the contract. */
export interface DataContent {
  readonly summary: string
  /** Number facts by label, in reading order. */
  readonly facts: DataRecord['facts']
  readonly findings: readonly Finding[]
  readonly account: DataAccount
  readonly parts?: DataPart[]
  readonly sessions?: DataSession[]
  /** What the import of a recording decided. */
  readonly choices?: DataRecord['choices']
}

export type DataPart = z.infer<typeof dataPart>
export type DataSession = z.infer<typeof dataSession>

const KNOWN: Readonly<Record<PixelType['whiteFrom'], string>> = {
  type: 'by the type',
  stated: 'as stated',
  measured: 'by the values',
}

/** What the numbers of the pictures are and which of them is white. */
export function pixelFact({
  stored,
  black,
  white,
  element,
  whiteFrom,
}: PixelType): DataRecord['facts'][number] {
  const kept = element === 'uint8' && stored !== 'uint8' ? ', kept as 256 grey levels' : ''
  const range = kept === '' ? `black ${rounded(black)}, white ${rounded(white)} ` : ''
  return { label: 'Pixels', value: `${stored}, ${range}white known ${KNOWN[whiteFrom]}${kept}` }
}

/** "4", or "2 to 7" where the two differ. */
export const between = (least: number, most: number): string =>
  least === most ? String(least) : `${least} to ${most}`

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** Three significant digits, without an exponent for everyday values. */
export const rounded = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'none'
