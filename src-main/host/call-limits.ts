import type { Problem } from '../../src-shared/contract/errors.ts'

/** Configs have some ten levels; readers that call themselves would run out of stack at some thousands. */
const MAX_DEPTH = 100
/** A config of 1 MB and a comparison of all runs are far below. */
const MAX_VALUES = 1_000_000
const MAX_CHARACTERS = 4_000_000

/**
 * Why parameters that come from a page go no further; null when they are what JSON can say, in bounds. What crosses IPC is cloned
 * and may also be a circle, a Map or bytes.
 */
export function parametersProblem(params: unknown): Problem | null {
  let [values, characters] = [0, 0]
  let level: readonly unknown[] = [params]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return refused(`nest deeper than ${MAX_DEPTH} levels.`)
    values += level.length
    if (values > MAX_VALUES) return refused(`hold more than ${MAX_VALUES} values.`)
    const next: unknown[] = []
    for (const value of level) {
      if (typeof value === 'string') characters += value.length
      else if (Array.isArray(value)) for (const entry of value) next.push(entry)
      else if (isRecord(value))
        for (const key of Object.keys(value)) {
          if (key === '__proto__') return refused('name "__proto__", which is no name of an option.')
          characters += key.length
          next.push(value[key])
        }
      else if (!isPlain(value))
        return refused('hold something that is neither text, number, list nor record.')
    }
    if (characters > MAX_CHARACTERS) return refused(`have more than ${MAX_CHARACTERS} characters.`)
    level = next
  }
  return null
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  Object.prototype.toString.call(value) === '[object Object]'

const isPlain = (value: unknown): boolean =>
  value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean'

const refused = (what: string): Problem => ({
  code: 'config-invalid',
  message: `the parameters of the call ${what}`,
  hint: 'Ask for less at once.',
})
