import { z } from 'zod'
import type { Problem } from '../contract/errors.ts'
import { problemsOf } from './problem-words.ts'
import type { PlainConfig, Rules, RuleTable } from './resolve.ts'
import { resolve, withoutEffect } from './resolve.ts'
import { whyIdle } from './why-idle.ts'
import { tidied } from './written.ts'

export type { PlainConfig, RuleTable }
export type ComponentKind = 'dataset' | 'model' | 'trainer'

/**
 * A dataset, model or trainer that a config can name. Its zod object is the only description of its options:
 * validation, form, defaults, reference page and identity are read from it.
 */
export interface Component<N extends string = string, S extends z.ZodRawShape = z.ZodRawShape> extends Rules {
  readonly kind: ComponentKind
  /** Name in configs (`mtl_builder`). */
  readonly fn: N
  /** Raised when the meaning of a config changes; part of the identity. */
  readonly version: number
  readonly title: string
  readonly help: string
  readonly schema: z.ZodObject<S>
  /** Tasks that a data set supplies, that a model answers, or that a trainer learns; absent where the trainer takes what is there. */
  readonly tasks?: (config: PlainConfig) => readonly string[]
  /** Rules across fields. Paths are relative to the config. */
  readonly check?: (config: PlainConfig) => readonly Problem[]
}

/** Options of a component as its fields describe them, every default filled in. */
export type OptionsOf<S extends z.ZodRawShape> = Readonly<z.output<z.ZodObject<S>>>
/** The options of each component of a list, by its name. */
export type ConfigsOf<L extends readonly Component[]> = {
  readonly [C in L[number] as C['fn']]: Readonly<z.output<C['schema']>>
}
/** A component of a table and its options, which belong together: `fn` says of which type `config` is. */
export type ChoiceOf<T, N extends keyof T = keyof T> = {
  readonly [K in N]: { readonly fn: K; readonly config: T[K] }
}[N]

/** What a component says of its options, which it knows by their types. */
interface TypedRules<C> {
  readonly tasks?: (config: C) => readonly string[]
  readonly derive?: RuleTable<unknown, C>
  readonly applies?: RuleTable<boolean, C>
  readonly check?: (config: C) => readonly Problem[]
}

export function component<const N extends string, S extends z.ZodRawShape>(
  o: Omit<Component<N, S>, 'schema' | keyof TypedRules<never>> &
    TypedRules<OptionsOf<S>> & { readonly fields: S },
): Component<N, S> {
  const { fields, ...rest } = o
  return { ...rest, schema: z.strictObject(fields) } as Component<N, S> // its rules get what its schema describes
}

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] }

/** Validates a config against its component and fills in every default. Never throws for bad input. */
export function parseComponent<N extends string, S extends z.ZodRawShape>(
  known: Component<N, S>,
  given: unknown,
  path: string,
): Parsed<OptionsOf<S>> {
  const input = tidied(known.schema, given ?? {}).value
  const first = known.schema.safeParse(input)
  if (!first.success) return { ok: false, problems: problemsOf(first.error, known.schema, input, path) }
  const resolution = resolve(known, given)
  const problems: Problem[] = withoutEffect(resolution).map((option) => ({
    code: 'config-invalid',
    path: `${path}.${option}`,
    ...whyIdle(known, resolution, option),
  }))
  for (const problem of known.check?.(resolution.config) ?? []) {
    problems.push({ ...problem, path: problem.path === undefined ? path : `${path}.${problem.path}` })
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, value: resolution.config as OptionsOf<S> } // what the schema has accepted, with its defaults
}
