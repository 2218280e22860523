import type { DataAccount } from '../../../src-shared/contract/account.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'
import type { PixelType } from '../../engine/types.ts'
import type { z } from 'zod'
import type { dataPart, dataSession } from '../../../src-shared/contract/views.ts'
import type { DataRecord } from '../places/library-records.ts'

/** What was found in a data set, in the words of the contract. */
export interface DataContent {
  readonly summary: string
  /** Number facts by label, in reading order. */
  readonly facts: DataRecord['facts']
  readonly findings: readonly Finding[]
  readonly account: DataAccount
  readonly parts?: DataPart[]
  readonly sessions?: DataSession[]
  readonly stimuli?: DataRecord['stimuli']
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
const WHITE_BY = { type: 'file', stated: 'option', measured: 'fit' } as const

/** A white of 4095 is not one of 4100. */
const exact = (value: number): string => String(Number(value.toPrecision(9)))

/** The element type with what is black and white in it; of grey levels that came in another type only that they are. */
const rangeOf = ({ stored, black, white, element }: PixelType): string =>
  element === 'uint8' && stored !== 'uint8'
    ? `${stored}, kept as 256 grey levels`
    : `${stored}, black ${exact(black)}, white ${exact(white)}`

/** What the numbers of the images are and which of them is white. */
export const pixelFact = (type: PixelType): DataRecord['facts'][number] => ({
  label: 'Pixels',
  value: `${rangeOf(type)}, white known ${KNOWN[type.whiteFrom]}`,
})

/** The same among the decisions that a look shows. */
export const pixelChoice = (type: PixelType): NonNullable<DataRecord['choices']>[number] => ({
  what: 'Pixels',
  value: rangeOf(type),
  by: WHITE_BY[type.whiteFrom],
})

/** "4", or "2 to 7" where the two differ. */
export const between = (least: number, most: number): string =>
  least === most ? String(least) : `${least} to ${most}`

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** Three significant digits, without an exponent for everyday values. */
export const rounded = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'none'
