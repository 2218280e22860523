import { invalidFile } from '../../formats/base/problem.ts'

/** Where something lies, for messages. */
export interface Place {
  readonly file: string
  readonly field: string
}

const range = (values: Iterable<number>): string => {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return `${low} to ${high}`
}

/**
 * Whether numbers of images count from 0 or 1, by which of both names known images only: 0, or -1 to be added to each.
 * @throws CotrainError where both fit and nobody said it, or none does.
 */
export function idOffset(
  ids: readonly number[],
  known: ReadonlySet<number>,
  stated: 0 | 1 | undefined,
  place: Place,
): 0 | -1 {
  const fits = ([0, 1] as const).filter((from) => ids.every((id) => known.has(id - from)))
  const [only] = stated === undefined ? fits : fits.filter((from) => from === stated)
  if (stated === undefined && fits.length === 2)
    throw invalidFile(
      place.file,
      place.field,
      `the ids ${range(ids)} may count the images (${range(known)}) from 0 or from 1: both name images that are there.`,
      'Say it with the option idsFrom: 0 or 1.',
      ['idsFrom'],
    )
  if (only !== undefined) return only === 1 ? -1 : 0
  const trial = ids.findIndex((id) => !known.has(id - (stated ?? 0)))
  throw invalidFile(
    place.file,
    place.field,
    `trial ${trial} shows image ${ids[trial]}${stated === 1 ? ', counted from 1' : ''}, which does not exist: the ids here are ${range(ids)}, those of the images ${range(known)}.`,
    'Say whether the ids count from 1 (option idsFrom), or choose the ids that belong to these images.',
    ['idsFrom'],
  )
}

export type ResponseOrder = 'trial,unit' | 'unit,trial'

/** Sizes that the axes of the responses must agree with; null where nothing in the file tells. */
export interface ResponseSizes {
  readonly trials: number
  readonly units: number | null
  readonly stated?: ResponseOrder | undefined
}

/** Order of the axes of a table of responses, by the number of trials and of units. @throws CotrainError where both orders fit, or none. */
export function responseOrder(
  shape: readonly number[],
  { trials, units, stated }: ResponseSizes,
  place: Place,
): ResponseOrder {
  const [a = 0, b = 0] = shape
  const fits = (rows: number, columns: number): boolean =>
    rows === trials && (units === null || columns === units)
  const found = [
    ...(shape.length === 2 && fits(a, b) ? (['trial,unit'] as const) : []),
    ...(shape.length === 2 && fits(b, a) ? (['unit,trial'] as const) : []),
  ]
  const [only, other] = stated === undefined ? found : found.filter((order) => order === stated)
  const told = `${trials} trials${units === null ? '' : ` and ${units} units`}`
  if (other !== undefined)
    throw invalidFile(
      place.file,
      place.field,
      `shape (${shape.join(', ')}) fits ${told} in both orders.`,
      'Say it with the option responseAxes: "trial,unit" or "unit,trial".',
      ['responseAxes'],
    )
  if (only !== undefined) return only
  throw invalidFile(
    place.file,
    place.field,
    `shape (${shape.join(', ')})${stated === undefined ? '' : ` read as ${stated}`} does not fit ${told}.`,
    'Check that responses, image ids and tiers belong together; the option responseAxes states the order of the axes.',
    ['responseAxes'],
  )
}

const USUAL_CHANNELS = [1, 3]
const RARE_CHANNELS = [2, 4]

/** Letters of one image's axes by their sizes: hw, hwc or chw. @throws CotrainError where both fit, or none. */
export function imageLetters(shape: readonly number[], stated: string | undefined, place: Place): string {
  const own = stated?.replace('i', '')
  if (own !== undefined) {
    if (
      own.length !== shape.length ||
      new Set(own).size !== own.length ||
      !own.includes('h') ||
      !own.includes('w')
    )
      throw invalidFile(
        place.file,
        place.field,
        `the option imageAxes ("${stated}") does not fit shape (${shape.join(', ')}).`,
        'Give one letter for each axis: h, w and if there is one c.',
        ['imageAxes'],
      )
    return own
  }
  if (shape.length === 2) return 'hw'
  if (shape.length !== 3)
    throw invalidFile(place.file, place.field, `an image has 2 or 3 axes, got shape (${shape.join(', ')}).`)
  for (const channels of [USUAL_CHANNELS, RARE_CHANNELS]) {
    const [first, last] = [shape[0]!, shape[2]!].map((n) => channels.includes(n))
    if (first && last)
      throw invalidFile(
        place.file,
        place.field,
        `shape (${shape.join(', ')}) has its channels first or last: both fit.`,
        'Say it with the option imageAxes: "chw" or "hwc".',
        ['imageAxes'],
      )
    if (first || last) return first ? 'chw' : 'hwc'
  }
  throw invalidFile(
    place.file,
    place.field,
    `shape (${shape.join(', ')}) has no axis of 1 to 4 channels.`,
    'State the order of the axes with the option imageAxes, such as "hwc".',
    ['imageAxes'],
  )
}
