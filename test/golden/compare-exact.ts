import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { GoldenOutcome } from './golden-case.ts'
import { readGoldenFolder, type GoldenFile } from './read-golden.ts'

/** The first place where two plain values differ beyond a relative tolerance, and the largest numeric error. */
export interface Difference {
  readonly maxError: number
  readonly where: string | null
}

const NONE: Difference = { maxError: 0, where: null }

/** Compares plain values; an expected null or undefined is not compared, key order does not count. */
export function differ(actual: unknown, expected: unknown, rtol = 0, path = ''): Difference {
  if (expected === null || expected === undefined) return NONE
  if (typeof expected === 'number' && typeof actual === 'number')
    return differNumber(actual, expected, rtol, path)
  if (typeof expected !== 'object') return actual === expected ? NONE : mismatch(path, actual, expected)
  if (typeof actual !== 'object' || actual === null) return mismatch(path, actual, expected)
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) {
    return mismatch(`${path}.length`, (actual as unknown[]).length, expected.length)
  }
  const parts = Object.entries(expected).map(([key, value]) =>
    differ((actual as Record<string, unknown>)[key], value, rtol, `${path}.${key}`),
  )
  return parts.reduce(worse, NONE)
}

function differNumber(actual: number, expected: number, rtol: number, path: string): Difference {
  if (Object.is(actual, expected) || actual === expected) return NONE
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE)
  return error <= rtol
    ? { maxError: error, where: null }
    : { ...mismatch(path, actual, expected), maxError: error }
}

const mismatch = (path: string, actual: unknown, expected: unknown): Difference => ({
  maxError: Infinity,
  where: `${path}: expected ${text(expected)}, got ${text(actual)}`,
})

/** Long enough to recognise a value, short enough for one line. */
const text = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 120)

const worse = (a: Difference, b: Difference): Difference => ({
  maxError: Math.max(a.maxError, b.maxError),
  where: a.where ?? b.where,
})

/** Outcome of a comparison that must hold exactly, numbers to `rtol`. */
export function exactOutcome(actual: unknown, expected: unknown, rtol = 0): GoldenOutcome {
  const { maxError, where } = differ(actual, expected, rtol)
  const tolerance = rtol === 0 ? 'exact' : `exact order, numbers rtol ${rtol}`
  return { maxError, tolerance, ok: where === null, ...(where === null ? {} : { detail: where }) }
}

/** Outcome of a case in which the published code raises: ours must refuse too. */
export async function expectFailure(play: () => unknown, published: string): Promise<GoldenOutcome> {
  try {
    await play()
    return {
      maxError: Infinity,
      tolerance: 'refused',
      ok: false,
      detail: `published: ${published}; ours went on`,
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { maxError: 0, tolerance: 'refused', ok: true, detail: `${published}: ${message}` }
  }
}

export interface FoundEntry<T> {
  readonly file: GoldenFile
  readonly entry: T
  readonly index: number
}

/** Files of `<folder>/<area>`; none where the folder has no such area. */
export async function filesOf(folder: string, area: string): Promise<GoldenFile[]> {
  const path = join(folder, area)
  return existsSync(path) ? readGoldenFolder(path) : []
}

/** Every entry of the list `field` in every file of the area. */
export async function casesOf<T>(folder: string, area: string, field: string): Promise<FoundEntry<T>[]> {
  const files = await filesOf(folder, area)
  return files.flatMap((file) => {
    const list = (file.values as Record<string, T[] | undefined>)[field] ?? []
    return list.map((entry, index) => ({ file, entry, index }))
  })
}

export const entryName = (file: GoldenFile, name: string): string => `${file.name}/${name}`
