import { z } from 'zod'
import type { Problem } from '../contract/errors.ts'
import { nearestName } from '../util/nearest-name.ts'
import { partOf, unwrap } from './unwrap.ts'

/** zod's issues in our words: where, what was expected, what came, what to do. */
export function problemsOf(error: z.ZodError, schema: z.ZodType, input: unknown, path: string): Problem[] {
  return error.issues.flatMap((issue) => issueProblems(issue, schema, input, path))
}

function issueProblems(issue: z.core.$ZodIssue, schema: z.ZodType, input: unknown, path: string): Problem[] {
  const at = [path, ...issue.path.map(String)].filter((part) => part !== '').join('.')
  if (issue.code === 'unrecognized_keys') {
    const { what, known } = keysAt(schema, issue.path)
    return issue.keys.map((key) => {
      const near = nearestName(key, known)
      const hint = near === null ? `Known ${what}s: ${known.join(', ')}.` : `Did you mean "${near}"?`
      return {
        code: 'config-invalid',
        path: at === '' ? key : `${at}.${key}`,
        message: `unknown ${what}.`,
        hint,
      }
    })
  }
  const came = show(valueAt(input, issue.path))
  return [{ code: 'config-invalid', path: at, ...expectation(issue, came) }]
}

function expectation(issue: z.core.$ZodIssue, came: string): { message: string; hint: string } {
  switch (issue.code) {
    case 'invalid_type':
      return {
        message: `expected ${article(issue.expected)}, got ${came}.`,
        hint: 'Write a value of that type.',
      }
    case 'too_small': {
      const bound = `${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`
      return { message: `expected a value ${bound}, got ${came}.`, hint: `Use a value ${bound}.` }
    }
    case 'too_big': {
      const bound = `${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`
      return { message: `expected a value ${bound}, got ${came}.`, hint: `Use a value ${bound}.` }
    }
    case 'invalid_value': {
      const values = issue.values.map(String)
      const near = nearestName(came.replaceAll('"', ''), values)
      const hint = near === null ? 'Use one of these.' : `Did you mean "${near}"?`
      return { message: `expected one of ${values.join(', ')}, got ${came}.`, hint }
    }
    case 'invalid_union': {
      // One of a list, or a name of another form: the list says more.
      const [first] = issue.errors[0] ?? []
      if (first?.code === 'invalid_value' && first.path.length === 0) return expectation(first, came)
      return { message: `${issue.message} (got ${came}).`, hint: 'See the reference page of this option.' }
    }
    case 'invalid_key': {
      const reason = issue.issues[0] ?? { ...issue, code: 'custom' as const } // what is wrong with the name itself
      return expectation(reason, show(issue.path.at(-1)))
    }
    default:
      return { message: `${issue.message} (got ${came}).`, hint: 'See the reference page of this option.' }
  }
}

const article = (type: string): string =>
  type === 'int' ? 'a whole number' : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`

/** A value in an error; long ones are cut. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const json = JSON.stringify(value)
  return json === undefined ? typeof value : json.length > 80 ? `${json.slice(0, 77)}...` : json
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = input
  for (const key of path) {
    if (value === null || typeof value !== 'object') return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

/** What can stand at a place: options of a group, or the names of a map that has fixed ones. */
function keysAt(
  schema: z.ZodType,
  path: readonly PropertyKey[],
): { readonly what: 'option' | 'name'; readonly known: readonly string[] } {
  let at = unwrap(schema)
  for (const key of path) {
    if (at instanceof z.ZodObject) at = unwrap(partOf(at.shape[String(key)] ?? z.never()))
    else if (at instanceof z.ZodRecord) at = unwrap(partOf(at.valueType))
    else if (at instanceof z.ZodArray) at = unwrap(partOf(at.element))
  }
  if (at instanceof z.ZodRecord && at.keyType instanceof z.ZodEnum)
    return { what: 'name', known: at.keyType.options.map(String) }
  return { what: 'option', known: at instanceof z.ZodObject ? Object.keys(at.shape) : [] }
}
