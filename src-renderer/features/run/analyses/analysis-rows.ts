import type { AnalysedUnit, Analysis } from '../../../../src-shared/contract/analysis.ts'
import { isOfUnits } from '../../../../src-shared/schema/analysis/analyses.ts'
import { counted } from '../../../../src-shared/util/counted.ts'
import { MISSING } from '../../../format/number.ts'
import type { TableColumn } from '../../../ui/table/table-column.ts'
import { columnWidth } from '../../../ui/table/table-column.ts'

/** One analysed unit. */
export interface UnitRow extends AnalysedUnit {
  readonly key: string
  /** Its place in the analysis. */
  readonly at: number
  readonly values: Readonly<Record<string, number | null>>
}

export const unitRows = ({ units, numbers }: Analysis): UnitRow[] =>
  units.map((unit, at) => ({
    ...unit,
    at,
    key: `${unit.session} ${unit.unit}`,
    values: Object.fromEntries(numbers.map(({ name, values }) => [name, values[at] ?? null])),
  }))

export const unitColumns = ({ numbers }: Analysis): TableColumn<UnitRow>[] => [
  { id: 'unit', label: 'Unit', value: (r) => r.unit, width: 8 },
  { id: 'session', label: 'Session', value: (r) => r.session, width: 8 },
  ...numbers.map(({ name, label, unit, help, digits }) => ({
    id: name,
    label,
    unit,
    help,
    value: (r: UnitRow) => r.values[name] ?? null,
    text: (r: UnitRow) => numberText(r.values[name] ?? null, digits),
    width: columnWidth(`${label} ${unit}`),
    isNumber: true,
  })),
]

export const numberText = (value: number | null, digits: number): string =>
  value === null ? MISSING : value.toFixed(digits).replace('-', '−')

/** An ellipse or a cross over an image, in percent of its width and height. */
export interface Mark {
  readonly kind: 'field' | 'readout'
  readonly x: number
  readonly y: number
  readonly radiusX: number
  readonly radiusY: number
  /** Degrees. */
  readonly angle: number
}

/** Where the field of a unit is, two standard deviations wide, and where its readout looks with its spread. */
export function marksOf({ values }: UnitRow, { width, height }: Analysis['size']): Mark[] {
  const at = (name: string): number | null => values[name] ?? null
  // Pixel centres are whole numbers: the left edge of an image is at -0.5.
  const place = (x: number, y: number) => ({ x: (100 * (x + 0.5)) / width, y: (100 * (y + 0.5)) / height })
  const [x, y, major, minor] = ['x', 'y', 'major', 'minor'].map(at)
  const [readX, readY] = ['readout_x', 'readout_y'].map(at)
  const marks: Mark[] = []
  if (isNumber(x) && isNumber(y) && isNumber(major) && isNumber(minor))
    marks.push({
      ...{ kind: 'field', ...place(x, y), angle: at('angle') ?? 0 },
      ...{ radiusX: (200 * major) / width, radiusY: (200 * minor) / width },
    })
  if (isNumber(readX) && isNumber(readY))
    marks.push({
      ...{ kind: 'readout', ...place(readX, readY), angle: 0 },
      ...{
        radiusX: (200 * (at('readout_sd_x') ?? 0)) / width,
        radiusY: (200 * (at('readout_sd_y') ?? 0)) / height,
      },
    })
  return marks
}

const isNumber = (value: number | null | undefined): value is number => value !== null && value !== undefined

/** `12 units`, or `24 layers`. */
export function sizeWords({ what, units, layers }: Analysis): string {
  if (isOfUnits(what)) return counted(units.length, 'unit')
  return counted(
    layers.reduce((n, own) => n + own.layers.length, 0),
    'layer',
  )
}

/** `n = 12 units, 100 images`; layers are compared on images that have a name. */
export const analysisFacts = (made: Analysis): string =>
  isOfUnits(made.what)
    ? `n = ${sizeWords(made)}, ${made.images.count} images`
    : `${sizeWords(made)}, n = ${made.images.set?.words ?? made.images.count}`
