import { z } from 'zod'
import type { FormField } from './form.ts'
import { formOf } from './form.ts'
import { partOf, unwrap } from './unwrap.ts'
import { asWritten, tidied } from './written.ts'

export type PlainConfig = Readonly<Record<string, unknown>>
/** Rules over a config, by the field (or its path) that they are for. */
export type RuleTable<T, C = PlainConfig> = Readonly<Record<string, (config: C) => T>>

/** What decides the options of a component. */
export interface Rules {
  readonly schema: z.ZodObject
  /**
   * Defaults that depend on other fields: field -> value for this config; applied where the user gave none, in order.
   * A field of a group is named by its path (`img_dataset_dict.input_size`); groups that are off are skipped.
   */
  readonly derive?: RuleTable<unknown>
  /** Fields (or paths) that have a meaning only for some settings; the editor hides them elsewhere, a given value is an error. */
  readonly applies?: RuleTable<boolean>
}

/** Where a value comes from: the config as written, a fixed default, or a default that follows from other options. */
type Source = 'given' | 'default' | 'derived'

/** One option of a component as it stands in a config. */
export interface ResolvedOption {
  readonly field: FormField
  readonly value: unknown
  /** What would stand here if the option were not given, the others being as they are. */
  readonly fallback: unknown
  readonly source: Source
  /** Whether the value is another than the fallback; of a group: whether one of its parts is. */
  readonly changed: boolean
  /** Whether the option has a meaning with the others as they are, and so have the groups that it is in. */
  readonly applies: boolean
}

/** A config with every option accounted for. */
export interface Resolution {
  /** Every option with its value, as a run stores it and the engine gets it. */
  readonly config: PlainConfig
  /** By dotted path, in the order of the form; a group comes before its parts, the parts of a group that is off are absent. */
  readonly options: ReadonlyMap<string, ResolvedOption>
  /** The keys by which the config as written names a path; an earlier spelling stays as it is. */
  written(path: readonly string[]): readonly string[]
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Options = Map<string, Mutable<ResolvedOption>>

/**
 * Every option of a component with its value, whence it comes and whether it applies: the one place where defaults are
 * filled in. Takes configs that are still wrong as far as they go (a wrong value stays as it is; the schema names it).
 */
export function resolve(known: Rules, given: unknown): Resolution {
  const input = tidied(known.schema, given ?? {})
  const options: Options = new Map()
  const config = fill(known.schema, isMap(input.value) ? input.value : {}, '', options)
  for (const [path, rule] of Object.entries(known.derive ?? {})) derive(config, options, path, rule)
  settle(config, options, known.applies ?? {})
  return { config, options, written: (path) => asWritten(input.spellings, path) }
}

/** Fills in fixed defaults below a schema and lists its options; the object is new. */
function fill(
  schema: z.ZodObject,
  given: PlainConfig,
  prefix: string,
  options: Options,
): Record<string, unknown> {
  const config: Record<string, unknown> = {}
  for (const field of formOf(schema)) {
    const { key } = field
    const type = partOf(schema.shape[key])
    const inner = unwrap(type)
    const path = `${prefix}${key}`
    const isGiven = given[key] !== undefined
    const value = isGiven ? given[key] : field.default
    const option: Mutable<ResolvedOption> = {
      field,
      value,
      fallback: field.default,
      source: isGiven ? 'given' : 'default',
      changed: false,
      applies: true,
    }
    options.set(path, option)
    if (inner instanceof z.ZodObject && isMap(value))
      option.value = fill(inner, isGiven ? value : {}, `${path}.`, options)
    else if (isGiven) option.value = readBy(type, value)
    config[key] = option.value
  }
  return config
}

/** A value as the schema reads it (one name as a list of one); as it is where the schema refuses it. */
function readBy(type: z.ZodType, value: unknown): unknown {
  const parsed = type.safeParse(value)
  return parsed.success ? parsed.data : value
}

/**
 * A default that depends on other options. The option stands at its fixed default while the rule looks, so that a given
 * value never explains itself. Rules see those before them already applied.
 */
function derive(
  config: Record<string, unknown>,
  options: Options,
  path: string,
  rule: (config: PlainConfig) => unknown,
): void {
  const option = options.get(path)
  const holder = holderOf(config, path)
  if (option === undefined || holder === null) return
  const key = lastKey(path)
  holder[key] = option.fallback
  option.fallback = attempt(() => rule(config), option.fallback)
  if (option.source === 'given') holder[key] = option.value
  else {
    holder[key] = option.value = option.fallback
    option.source = 'derived'
  }
}

/** What is changed and what applies, groups before their parts and parts before what is said of their group. */
function settle(config: PlainConfig, options: Options, rules: NonNullable<Rules['applies']>): void {
  for (const [path, option] of options) {
    const rule = rules[path]
    const isMeant = rule === undefined || attempt(() => rule(config), true)
    option.applies = isMeant && (options.get(parentOf(path))?.applies ?? true)
  }
  for (const [path, option] of [...options].reverse()) {
    const isOpen = option.field.kind === 'group' && isMap(option.value)
    const isSwitched = (option.value === null) !== (option.fallback === null)
    option.changed ||= isOpen ? isSwitched : !sameValue(option.value, option.fallback)
    const group = options.get(parentOf(path))
    if (group !== undefined && option.changed) group.changed = true
  }
}

/** Options that were given, differ from what would stand there otherwise, and have no effect; a group stands for its parts. */
export function withoutEffect({ options }: Resolution): readonly string[] {
  return [...options]
    .filter(([, o]) => !o.applies && o.changed && o.field.effect !== 'carried')
    .filter(([path]) => options.get(parentOf(path))?.applies ?? true)
    .map(([path]) => path)
}

const lastKey = (path: string): string => path.slice(path.lastIndexOf('.') + 1)
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')))

/** The object that holds the value at a path, or null where a group on the way is off. */
function holderOf(config: Record<string, unknown>, path: string): Record<string, unknown> | null {
  let at: unknown = config
  for (const key of path.split('.').slice(0, -1)) at = isMap(at) ? at[key] : null
  return isMap(at) ? at : null
}

export const isMap = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Rules may stumble over values of the wrong type; such a config is refused by its schema anyway. */
function attempt<T>(compute: () => T, otherwise: T): T {
  try {
    return compute()
  } catch {
    return otherwise
  }
}
