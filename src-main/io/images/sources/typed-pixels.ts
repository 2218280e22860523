import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { ImportOption } from '../../../../src-shared/schema/importer/importers.ts'
import { BYTES } from '../../../engine/data/pixels.ts'
import type { PixelType } from '../../../engine/types.ts'
import type { NumericValues } from '../../formats/hdf5/hdf5-values.ts'

/** What the user says about the numbers of the images; before what the type and the values tell. */
export interface StatedPixels {
  /** Value that is black; 0 where not given. */
  readonly valueMin?: number | undefined
  /** Value that is white. */
  readonly valueMax?: number | undefined
}

/** Pixels of one array of a file; the arrays of a set (its parts) are decided together. */
export interface StoredPixels {
  readonly values: NumericValues
  /** Element type of the file: bool, uint8, int16, float64, ...; that of the values where not given. */
  readonly stored?: string
  /** File and array, for messages. */
  readonly where: string
}

export interface TypedPixels {
  readonly values: Uint8Array | Float32Array
  readonly type: PixelType
}

/** Options of an import that say what is white. */
const OF_WHITE: readonly ImportOption[] = ['valueMax', 'valueMin']

type White = Pick<PixelType, 'black' | 'white' | 'whiteFrom'>

/**
 * Decides once, from element type and all values, what is black and what is white, and holds the pixels accordingly.
 * Images whose every value is one of the 256 grey levels between the two are bytes, whatever they were stored as: a set
 * is the same set as uint8, as uint16, as floats from 0 to 1 and, where it is black and white, as booleans. All others are
 * 32-bit floats with their own values. CotrainError names the option that answers where several readings are possible, and
 * pixels that are no numbers unless a later rule keeps them.
 */
export function typedPixels(
  arrays: readonly StoredPixels[],
  stated: StatedPixels = {},
  holes: 'refuse' | 'keep' = 'refuse',
): readonly TypedPixels[] {
  const out = new Map<StoredPixels, TypedPixels>()
  for (const stored of new Set(arrays.map(storedType))) {
    const alike = arrays.filter((array) => storedType(array) === stored)
    const white = whiteOf(stored, alike, stated, holes)
    const bytes = alike.map(({ values }) => asGreyLevels(values, white))
    const isBytes = bytes.every((values) => values !== null)
    alike.forEach((array, i) => {
      const grey = bytes[i]
      out.set(
        array,
        isBytes && grey
          ? { values: grey, type: { ...BYTES, stored, whiteFrom: white.whiteFrom } }
          : { values: asFloats(array.values), type: { ...white, element: 'float32', stored } },
      )
    })
  }
  return arrays.map((array) => out.get(array)!) // every array is of one of the types
}

const storedType = ({ stored, values }: StoredPixels): string =>
  stored ?? values.constructor.name.replace('Array', '').toLowerCase()

const asFloats = (values: NumericValues): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values)

interface Range {
  readonly least: number
  readonly largest: number
  readonly isWhole: boolean
}

/** CotrainError `file-invalid` for values that are no numbers: what they stand for is the user's decision. */
function rangeOf(arrays: readonly StoredPixels[], holes: 'refuse' | 'keep'): Range {
  let [least, largest, isWhole] = [Infinity, -Infinity, true]
  for (const { values, where } of arrays) {
    let odd = 0
    let first = -1
    for (let i = 0; i < values.length; i++) {
      const value = values[i]! // i < length
      if (!Number.isFinite(value)) {
        if (odd++ === 0) first = i
        continue
      }
      if (value < least) least = value
      if (value > largest) largest = value
      isWhole &&= Number.isInteger(value)
    }
    if (odd > 0 && holes === 'refuse')
      throw new CotrainError({
        code: 'file-invalid',
        path: where,
        message: `${odd} of ${values.length} pixel values are not finite, the first at ${first}.`,
        hint: 'Replace them in the file, or leave out the images that hold them.',
      })
  }
  return { least, largest, isWhole }
}

function whiteOf(
  stored: string,
  arrays: readonly StoredPixels[],
  stated: StatedPixels,
  holes: 'refuse' | 'keep',
): White {
  const range = rangeOf(arrays, holes)
  const where = arrays[0]?.where ?? ''
  const { valueMin: black = 0, valueMax: white } = stated
  if (white !== undefined || stated.valueMin !== undefined) return statedWhite(where, range, black, white)
  const measured = (value: number): White => ({ black: 0, white: value, whiteFrom: 'measured' })
  if (stored === 'bool') return { black: 0, white: 1, whiteFrom: 'type' }
  const { least, largest, isWhole } = range
  // Nothing but 0 and 1 in any type: black and white. As grey levels of 255 nobody could see them.
  if (isWhole && least === 0 && largest === 1) return measured(1)
  if (stored === 'uint8') return { black: 0, white: 255, whiteFrom: 'type' }
  if (!(least >= 0)) throw ask(where, stored, range)
  if (!isWhole && largest <= 1) return measured(1)
  if (largest === 0) return measured(stored.startsWith('float') ? 1 : 255)
  if (largest >= 128 && largest <= 255) return measured(255)
  if (isWhole && largest >= 2 ** 15 && largest <= 65535)
    return { black: 0, white: 65535, whiteFrom: stored === 'uint16' ? 'type' : 'measured' }
  throw ask(where, stored, range)
}

function statedWhite(where: string, range: Range, black: number, white: number | undefined): White {
  const top = white ?? range.largest
  if (top > black) return { black, white: top, whiteFrom: 'stated' }
  throw new CotrainError({
    code: 'config-invalid',
    path: where,
    message: `white (valueMax ${top}) has to be above black (valueMin ${black}).`,
    hint: `The pixels go from ${shown(range.least)} to ${shown(range.largest)}.`,
    asks: OF_WHITE,
  })
}

/** A question in the form of an error: what the values are, what they may mean, and the option that says it. */
function ask(where: string, stored: string, range: Range): CotrainError {
  const { least, largest, isWhole } = range
  const depth = 2 ** Math.ceil(Math.log2(largest + 1)) - 1
  const choices =
    least < 0
      ? [`valueMin ${shown(least)} with valueMax ${shown(largest)}`]
      : isWhole
        ? [...new Set([depth, ...(stored === 'uint16' ? [65535] : largest <= 255 ? [255] : [])])].map(
            (value) => `valueMax ${value}`,
          )
        : [`valueMax ${shown(largest)}`, 'valueMax 1', ...(largest <= 255 ? ['valueMax 255'] : [])]
  return new CotrainError({
    code: 'config-invalid',
    path: where,
    message: `the pixels (${stored}) go from ${shown(least)} to ${shown(largest)}, which does not tell what is white.`,
    hint: `State the value that is white with the option valueMax (and valueMin where black is not 0; value_max and value_min in a config), for example ${choices.join(' or ')}.`,
    asks: OF_WHITE,
  })
}

const shown = (value: number): string => String(Number(value.toPrecision(6)))

/** Rounding of 32-bit floats stays far below this; other images miss it at almost every pixel. */
const TOLERANCE = 1e-3

/** The grey levels 0..255 where every value is one, else null. */
function asGreyLevels(values: NumericValues, { black, white }: White): Uint8Array | null {
  if (values instanceof Uint8Array && black === 0 && white === 255) return values
  const scale = 255 / (white - black)
  const out = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const level = (values[i]! - black) * scale // i < length
    const nearest = Math.round(level)
    if (!(Math.abs(level - nearest) <= TOLERANCE && nearest >= 0 && nearest <= 255)) return null
    out[i] = nearest
  }
  return out
}
