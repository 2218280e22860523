import type { Analysis } from '../../../src-shared/contract/analysis.ts'
import type { ImageScale } from '../../engine/analysis/gratings.ts'
import type { NamedArray, NamedArrays } from '../../engine/types.ts'

/** What one analysis found, before it is filed. */
export interface Findings
  extends
    Pick<Analysis, 'numbers' | 'maps' | 'curves' | 'notes'>,
    Partial<Pick<Analysis, 'layers' | 'matrices' | 'profiles' | 'rdms'>> {
  /** `map/<name>` [units, height, width, channels]; `curve/<name>/x`, `y` and `fit` [units, points]; of layers see similarity-findings.ts. */
  readonly arrays: NamedArrays
}

export const mapArray = (name: string): string => `map/${name}`
export const curveArray = (name: string, part: 'x' | 'y' | 'fit'): string => `curve/${name}/${part}`
export const rdmArray = (name: string): string => `rdm/${name}`

/** What is not finite is absent. */
export const finite = (v: number | null | undefined): number | null =>
  v === null || v === undefined || !Number.isFinite(v) ? null : v

type Size = Analysis['size']

/** Images of all units as one array; a unit without one has zeros. */
export function stackedMaps(
  images: readonly (Float32Array | null)[],
  { height, width, channels }: Size,
): NamedArray {
  const size = height * width * channels
  const data = new Float32Array(images.length * size)
  images.forEach((image, i) => {
    if (image !== null) data.set(image, i * size)
  })
  return { shape: [images.length, height, width, channels], dtype: 'float32', data }
}

/** One row for each unit, all of one length. */
export function stackedRows(rows: readonly (readonly number[])[]): NamedArray {
  const width = rows[0]?.length ?? 0
  return { shape: [rows.length, width], dtype: 'float32', data: Float32Array.from(rows.flat()) }
}

/** A column of numbers; what is not finite is absent. */
export const column = (
  {
    name,
    label,
    unit = '',
    digits = 2,
    help,
  }: { name: string; label: string; unit?: string; digits?: number; help: string },
  values: readonly (number | null | undefined)[],
): Analysis['numbers'][number] => ({
  ...{ name, label, unit, help, digits },
  values: values.map(finite),
})

/** Name of the array of grey, spread, black and white: how images lie on the scale that the network reads. */
export const SCALE = 'scale'
export const scaleArray = ({ grey, sd, black, white }: ImageScale): NamedArray => ({
  shape: [4],
  dtype: 'float32',
  data: Float32Array.of(grey, sd, black, white),
})
