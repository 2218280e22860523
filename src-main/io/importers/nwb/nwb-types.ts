import type { ImportOption, ImportOptions } from '../../../../src-shared/schema/importer/importers.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { Hdf5File } from '../../formats/hdf5/hdf5.ts'
import type { NumericValues } from '../../formats/hdf5/hdf5-values.ts'

export type NwbOptions = ImportOptions<'nwb'>

export interface Measured {
  readonly unitIds: readonly string[]
  /** Area of each unit; empty where the file says nothing. */
  readonly areas: readonly string[]
  readonly quality?: readonly string[]
  /** [trials, units, bins]; NaN where a unit was not observed. */
  readonly responses: Float32Array
  readonly bins: number
}

export interface Window {
  readonly t0Ms: number
  readonly binMs: number
  readonly bins: number
}

/** Edges of the bins after a start, in seconds; each is computed once, so that a spike on it falls into one bin only. */
export const binEdges = (startS: number, { t0Ms, binMs, bins }: Window): number[] =>
  Array.from({ length: bins + 1 }, (_, i) => startS + (t0Ms + i * binMs) / 1000)

/** Number of times before `time` in an ascending list, by bisection. */
export function countBefore(times: NumericValues, time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}

/** Numbers of a data set; text is an error. */
export function numbersAt(file: Hdf5File, path: string): NumericValues {
  const values = file.read(path)
  if (Array.isArray(values)) throw invalidFile(file.name, path, 'holds text, expected numbers.')
  return values
}

/** A column of a table as text, or null where the table has none. */
export const textColumn = (file: Hdf5File, path: string): string[] | null =>
  file.kind(path) === 'dataset' ? Array.from<string | number>(file.read(path)).map(String) : null

export const isTyped = (file: Hdf5File, path: string, ...types: readonly string[]): boolean => {
  const type = file.kind(path) === null ? undefined : file.attribute(path, 'neurodata_type')
  return type === undefined || (typeof type === 'string' && types.includes(type))
}

/** Paths of a group's members; none where there is no such group. */
export const childrenOf = (file: Hdf5File, path: string): string[] =>
  file.kind(path) === 'group' ? file.names(path).map((name) => `${path}/${name}`) : []

/** Groups below a path, the path itself first, to a limited depth: NWB nests modules, interfaces and series. */
export function groupsBelow(file: Hdf5File, path: string, depth = 4): string[] {
  if (file.kind(path) !== 'group') return []
  const inner =
    depth === 0 ? [] : childrenOf(file, path).flatMap((child) => groupsBelow(file, child, depth - 1))
  return [path, ...inner]
}

/** One of several things in the file that could be meant. @throws CotrainError listing them with the option that chooses. */
export function onlyOne(
  found: readonly string[],
  what: string,
  option: ImportOption,
  file: Hdf5File,
  at: string,
): string | null {
  if (found.length > 1)
    throw invalidFile(
      file.name,
      at,
      `holds ${found.length} ${what}: ${found.join(', ')}.`,
      `Choose one with the option ${option}, such as {"${option}": "${found[0] ?? ''}"}.`,
      [option],
    )
  return found[0] ?? null
}

/** Paths that an option names, which must be among those found. */
export function chosenPaths(
  given: string | readonly string[],
  found: readonly string[],
  option: ImportOption,
  file: Hdf5File,
): string[] {
  const wanted = typeof given === 'string' ? [given] : [...given]
  return wanted.map((name) => {
    const path = found.find(
      (candidate) => candidate === name || candidate.endsWith(`/${name.replace(/^\//, '')}`),
    )
    if (path !== undefined) return path
    throw invalidFile(
      file.name,
      name,
      `the option ${option} names what the file does not have.`,
      found.length === 0 ? 'It has none.' : `It has: ${found.join(', ')}.`,
      [option],
    )
  })
}
