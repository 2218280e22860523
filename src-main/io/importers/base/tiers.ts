import type { TierCodes } from '../../../../src-shared/schema/importer/array-mapping.ts'
import { TIERS } from '../../canonical/set.ts'
import type { NumpyValues } from '../../formats/numpy/numpy-dtype.ts'
import { invalidFile } from '../../formats/base/problem.ts'

/** A column that says to which tier each trial belongs. */
export interface TierColumn {
  readonly values: NumpyValues
  /** The file stores it as booleans (NumPy bool, MATLAB logical, HDF5 enumeration of FALSE and TRUE). */
  readonly isBoolean?: boolean
  /** Its name in the file; `is_test` says what True means. */
  readonly name: string
}

/** Trials of this tier are dropped: the user said "leave out". */
export const LEAVE_OUT = 255

const CODES: Readonly<Record<string, number>> = {
  pool: TIERS.pool,
  train: TIERS.train,
  validation: TIERS.validation,
  test: TIERS.test,
  final_test: TIERS.finalTest,
  'leave out': LEAVE_OUT,
}

const WORDS: Readonly<Record<string, number>> = {
  ...CODES,
  training: TIERS.train,
  val: TIERS.validation,
  valid: TIERS.validation,
  testing: TIERS.test,
}

/**
 * Tiers by the names of the tiers, by the meaning that the user gives, or by a column whose name says what its True means.
 * Plain numbers are our own codes (0 pool, 1 train, 2 validation, 3 test, 4 final test) only in a column called tier that
 * holds one of the test tiers: 0, 1 and 2 alone mean other things elsewhere. @throws CotrainError with the option to give.
 */
export function readTiers(column: TierColumn, file: string, codes: TierCodes = {}): Uint8Array {
  const values = Array.from<string | number>(column.values).map((value) => String(value).trim())
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const meaning = meaningOf(column, [...counts.keys()], codes)
  const unknown = [...counts.keys()].filter((value) => meaning?.get(value) === undefined)
  if (meaning === null || unknown.length > 0)
    throw question(column, counts, meaning === null ? null : unknown, file)
  const promised = promisedTier(column.name)
  const tiers = Uint8Array.from(values, (value) => meaning.get(value)!) // every value has a meaning, see above
  const isFlag = Object.keys(codes).length === 0 && promised !== null
  if (isFlag && !tiers.includes(promised)) throw question(column, counts, null, file)
  if (isFlag && values.every((value) => meaning.get(value) === promised))
    throw question(column, counts, null, file)
  return tiers
}

/** What each value stands for; null where nothing says it. */
function meaningOf(
  { name, isBoolean = false }: TierColumn,
  values: readonly string[],
  codes: TierCodes,
): ReadonlyMap<string, number> | null {
  const given = Object.entries(codes)
  if (given.length > 0) {
    const said = new Map(given.map(([code, tier]) => [alike(code), CODES[tier]!])) // the schema knows these names
    return new Map(values.flatMap((v) => (said.has(alike(v)) ? [[v, said.get(alike(v))!] as const] : []))) // it has
  }
  if (values.every((value) => WORDS[value.toLowerCase()] !== undefined))
    return new Map(values.map((value) => [value, WORDS[value.toLowerCase()]!])) // every one is known
  if (values.some((value) => !/^(true|false|[0-9.]+(e[+-]?\d+)?)$/i.test(value)))
    return new Map(
      values.flatMap((v) => (WORDS[v.toLowerCase()] === undefined ? [] : [[v, WORDS[v.toLowerCase()]!]])),
    )
  const numbers = values.map((value) => Number(alike(value)))
  const isFlag = isBoolean || numbers.every((value) => value === 0 || value === 1)
  const promised = promisedTier(name)
  if (isFlag && promised === TIERS.test)
    return new Map(values.map((value) => [value, Number(alike(value)) === 1 ? TIERS.test : TIERS.pool]))
  const own =
    /^tiers?$/i.test(name) &&
    !isBoolean &&
    numbers.every((value) => Number.isInteger(value) && value <= TIERS.finalTest)
  const isOurs =
    own && (numbers.some((value) => value >= TIERS.test) || numbers.every((value) => value === TIERS.pool))
  return isOurs ? new Map(values.map((value) => [value, Number(value)])) : null
}

/** True and 1, False and 0, 2 and 2.0 are one code. */
function alike(value: string): string {
  const text = value.trim().toLowerCase()
  if (text === 'true') return '1'
  if (text === 'false') return '0'
  return text !== '' && Number.isFinite(Number(text)) ? String(Number(text)) : text
}

const FLAG_WORDS = new Set(['is', 'in', 'set', 'trial', 'trials', 'mask', 'flag', 'image', 'images'])
const PROMISES: Readonly<Record<string, number>> = {
  test: TIERS.test,
  testing: TIERS.test,
  testset: TIERS.test,
  heldout: TIERS.test,
}

/** The tier that a name such as `is_test` or `testMask` promises for True; null where it promises none alone. */
function promisedTier(name: string): number | null {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/held_?out/, 'heldout')
    .split(/[^a-z]+/)
  const rest = words.filter((word) => word !== '' && !FLAG_WORDS.has(word))
  return rest.length === 1 ? (PROMISES[rest[0] ?? ''] ?? null) : null
}

function question(
  { name, isBoolean = false }: TierColumn,
  counts: ReadonlyMap<string, number>,
  unknown: readonly string[] | null,
  file: string,
): Error {
  const show = (value: string): string => (isBoolean ? (value === '1' ? 'true' : 'false') : value)
  const listed = [...counts]
    .slice(0, 8)
    .map(([value, count]) => `${show(value) || 'nothing'} (${count} trials)`)
  const example = [...counts.keys()]
    .slice(0, 3)
    .map((value, i) => `"${show(value)}": "${['train', 'test', 'validation'][i] ?? 'pool'}"`)
  const kind = isBoolean ? 'is boolean: ' : ''
  return invalidFile(
    file,
    name,
    unknown === null
      ? `${kind}its values ${listed.join(', ')} do not say which tier they mean.`
      : `${kind}the tier ${unknown
          .slice(0, 8)
          .map((value) => `"${show(value)}"`)
          .join(', ')} is not known; values: ${listed.join(', ')}.`,
    `Say it with the option tiers, such as {${example.join(', ')}}; tiers are pool, train, validation, test, final_test, or "leave out".`,
    ['tiers'],
  )
}

const TIER_COLUMN =
  /^(tiers?|splits?|data_?split|partitions?|subsets?|is_?test|test_?(set|mask|flag)|held_?out)$/i

/** Columns of a table whose name says that they hold tiers. */
export const tierColumns = (names: readonly string[]): string[] =>
  names.filter((name) => TIER_COLUMN.test(name))
