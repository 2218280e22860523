import { z } from 'zod'
import type { Problem } from '../contract/errors.ts'
import { nearestName } from '../util/nearest-name.ts'
import { fieldMeta } from './field.ts'

export type ComponentKind = 'dataset' | 'model' | 'trainer'

export type PlainConfig = Readonly<Record<string, unknown>>

/**
 * A dataset, model or trainer that a config can name. Its zod object is the only description of its options:
 * validation, form, defaults, reference page and identity are read from it.
 */
export interface Component<S extends z.ZodRawShape = z.ZodRawShape> {
  readonly kind: ComponentKind
  /** Name in configs (`mtl_builder`). */
  readonly fn: string
  /** Raised when the meaning of a config changes; part of the identity. */
  readonly version: number
  readonly title: string
  readonly help: string
  readonly schema: z.ZodObject<S>
  /**
   * Defaults that depend on other fields: field -> value for this config; applied where the user gave none, in order.
   * A field of a group is named by its path (`img_dataset_dict.input_size`); groups that are off are skipped.
   */
  readonly derive?: Readonly<Record<string, (config: PlainConfig) => unknown>>
  /** Fields (or paths) that have a meaning only for some settings; the editor hides them elsewhere, a given value is an error. */
  readonly applies?: Readonly<Record<string, (config: PlainConfig) => boolean>>
  /** Rules across fields. Paths are relative to the config. */
  readonly check?: (config: PlainConfig) => readonly Problem[]
}

export function component<S extends z.ZodRawShape>(
  o: Omit<Component<S>, 'schema'> & { readonly fields: S },
): Component<S> {
  const { fields, ...rest } = o
  return { ...rest, schema: z.strictObject(fields) as unknown as z.ZodObject<S> }
}

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] }

/** Validates a config against its component and fills in every default. Never throws for bad input. */
export function parseComponent(known: Component, given: unknown, path: string): Parsed<PlainConfig> {
  const input = withAliases(known.schema, given ?? {})
  const first = known.schema.safeParse(input)
  if (!first.success) return { ok: false, problems: problemsOf(first.error, known.schema, input, path) }
  const config = withDerived(known, first.data as PlainConfig, input)
  const problems: Problem[] = []
  for (const [key, isMeant] of Object.entries(known.applies ?? {})) {
    if (
      valueAt(input, key.split('.')) !== undefined &&
      holderOf(config, key) !== null &&
      !isMeant(config) &&
      !isDefault(known, key, config, input)
    ) {
      problems.push({
        code: 'config-invalid',
        path: `${path}.${key}`,
        message: 'this option has no effect with the other settings.',
        hint: 'Remove it, or change the setting that it depends on.',
      })
    }
  }
  for (const problem of known.check?.(config) ?? []) {
    problems.push({ ...problem, path: problem.path === undefined ? path : `${path}.${problem.path}` })
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: config }
}

/** The object that holds the field at a path, or null where a group on the way is off. */
function holderOf(
  config: PlainConfig,
  path: string,
): { holder: Record<string, unknown>; name: string } | null {
  const keys = path.split('.')
  const name = keys.pop() as string // split never returns an empty list
  const holder = valueAt(config, keys)
  return holder === null || typeof holder !== 'object'
    ? null
    : { holder: holder as Record<string, unknown>, name }
}

/** Fills in the defaults that depend on other fields; `parsed` is zod's own object, so nobody else's is changed. */
function withDerived(known: Component, parsed: PlainConfig, input: unknown): PlainConfig {
  for (const [key, derived] of Object.entries(known.derive ?? {})) {
    const at = holderOf(parsed, key)
    if (at !== null && valueAt(input, key.split('.')) === undefined) at.holder[at.name] = derived(parsed)
  }
  return parsed
}

/** Whether the value given at a path is what would stand there if none had been given, as in a config that was resolved before. */
function isDefault(known: Component, path: string, config: PlainConfig, input: unknown): boolean {
  const rest = JSON.parse(JSON.stringify(input)) as PlainConfig // configs are JSON
  const at = holderOf(rest, path)
  if (at !== null) delete at.holder[at.name]
  const parsed = known.schema.safeParse(rest)
  if (!parsed.success) return false
  const keys = path.split('.')
  return sameValue(valueAt(config, keys), valueAt(withDerived(known, parsed.data as PlainConfig, rest), keys))
}

function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** The default of a field, or undefined where there is none. */
export function defaultOf(schema: z.ZodObject, key: string): unknown {
  const field = schema.shape[key] as z.ZodType | undefined
  const parsed = field?.safeParse(undefined)
  return parsed?.success === true ? parsed.data : undefined
}

function withAliases(schema: z.ZodObject, given: unknown): unknown {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return given
  const out: Record<string, unknown> = { ...(given as Record<string, unknown>) }
  for (const [key, field] of Object.entries(schema.shape)) {
    for (const alias of fieldMeta.get(field as z.ZodType)?.aliases ?? []) {
      if (alias in out && !(key in out)) {
        out[key] = out[alias]
        delete out[alias]
      }
    }
  }
  return out
}

/** zod's issues in our words: where, what was expected, what came, what to do. */
export function problemsOf(error: z.ZodError, schema: z.ZodType, input: unknown, path: string): Problem[] {
  return error.issues.flatMap((issue) => issueProblems(issue, schema, input, path))
}

function issueProblems(issue: z.core.$ZodIssue, schema: z.ZodType, input: unknown, path: string): Problem[] {
  const at = [path, ...issue.path.map(String)].filter((part) => part !== '').join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path)
    return issue.keys.map((key) => {
      const near = nearestName(key, known)
      const hint = near === null ? `Known options: ${known.join(', ')}.` : `Did you mean "${near}"?`
      return {
        code: 'config-invalid',
        path: at === '' ? key : `${at}.${key}`,
        message: 'unknown option.',
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
    default:
      return { message: `${issue.message} (got ${came}).`, hint: 'See the reference page of this option.' }
  }
}

const article = (type: string): string =>
  type === 'int' ? 'a whole number' : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`

function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const json = JSON.stringify(value)
  return json === undefined ? String(value) : json.length > 80 ? `${json.slice(0, 77)}...` : json
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = input
  for (const key of path) {
    if (value === null || typeof value !== 'object') return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

/** Strips default / nullable / optional wrappers, and a step that tidies the input first. */
export function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema
  for (;;) {
    if (inner instanceof z.ZodPipe) inner = inner.out as z.ZodType
    else if (
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault ||
      inner instanceof z.ZodNullable ||
      inner instanceof z.ZodOptional
    ) {
      inner = inner.unwrap() as z.ZodType
    } else return inner
  }
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at = unwrap(schema)
  for (const key of path) {
    if (at instanceof z.ZodObject) at = unwrap((at.shape[String(key)] as z.ZodType | undefined) ?? z.never())
    else if (at instanceof z.ZodRecord) at = unwrap(at.valueType as z.ZodType)
    else if (at instanceof z.ZodArray) at = unwrap(at.element as z.ZodType)
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : []
}
