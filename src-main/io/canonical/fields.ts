import type { Hdf5File } from '../formats/hdf5/hdf5.ts'
import type { NumericValues } from '../formats/hdf5/hdf5-values.ts'
import { invalidFile } from '../formats/base/problem.ts'

type Need = 'required' | 'optional'

/** Typed access to the arrays of a data file; each error names file and field. */
export interface FieldReader {
  text(path: string, name: string): string
  json(path: string, name: string): Readonly<Record<string, unknown>>
  optionalNumber(path: string, name: string): number | undefined
  numbers(path: string, length: number | null): NumericValues
  numbers(path: string, length: number | null, need: Need): NumericValues | null
  ints(path: string, length: number | null): Int32Array
  ints(path: string, length: number | null, need: Need): Int32Array | null
  floats(path: string, length: number | null): Float32Array
  floats(path: string, length: number | null, need: Need): Float32Array | null
  strings(path: string, length: number | null): string[]
  strings(path: string, length: number | null, need: Need): string[] | null
}

export function fieldReader(file: Hdf5File): FieldReader {
  const values = (path: string, length: number | null, need: Need): NumericValues | string[] | null => {
    if (need === 'optional' && file.kind(path) === null) return null
    const { shape } = file.dataset(path)
    const count = shape.reduce((a, b) => a * b, 1)
    if (length !== null && count !== length)
      throw invalidFile(file.name, path, `has ${count} values, expected ${length}.`, 'The file is damaged.')
    return file.read(path)
  }
  const numbers = (path: string, length: number | null, need: Need = 'required'): NumericValues | null => {
    const found = values(path, length, need)
    if (Array.isArray(found)) throw invalidFile(file.name, path, 'holds text, expected numbers.')
    return found
  }
  const ints = (path: string, length: number | null, need: Need = 'required'): Int32Array | null => {
    const found = numbers(path, length, need)
    if (found === null || found instanceof Int32Array) return found
    const wrong = found.findIndex((value) => value !== (value | 0))
    if (wrong >= 0)
      throw invalidFile(file.name, path, `value ${found[wrong]} at ${wrong} is not a 32-bit integer.`)
    return Int32Array.from(found)
  }
  const floats = (path: string, length: number | null, need: Need = 'required'): Float32Array | null => {
    const found = numbers(path, length, need)
    return found === null || found instanceof Float32Array ? found : Float32Array.from(found)
  }
  const strings = (path: string, length: number | null, need: Need = 'required'): string[] | null => {
    const found = values(path, length, need)
    return found === null || Array.isArray(found) ? found : Array.from(found, String)
  }
  const text = (path: string, name: string): string => {
    const value = file.attribute(path, name)
    return typeof value === 'string' ? value : ''
  }
  // The overloads say that a required field is never null, which the shared bodies cannot.
  return { text, json, optionalNumber, numbers, ints, floats, strings } as FieldReader

  function json(path: string, name: string): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(text(path, name) || '{}')
      return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
    } catch {
      throw invalidFile(file.name, `${path}, attribute ${name}`, 'is not JSON.')
    }
  }

  function optionalNumber(path: string, name: string): number | undefined {
    const value = file.attribute(path, name)
    if (value === undefined) return undefined
    if (typeof value !== 'number')
      throw invalidFile(file.name, `${path}, attribute ${name}`, 'is not a number.')
    return value
  }
}
