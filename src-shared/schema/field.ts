import { z } from 'zod'

/** What the editor, the reference page and the hash need to know about a field, beyond its type. */
export interface FieldMeta {
  readonly label: string
  readonly help: string
  readonly unit?: string
  /** Heading under which the editor lists the field. */
  readonly group?: string
  /** Folded away until asked for. */
  readonly advanced?: boolean
  readonly scale?: 'linear' | 'log'
  /**
   * false: does not change the result, so it stays out of the run's identity. A function: what of the value does. `if-chosen`:
   * an option that came later: at its default it stays out, so that runs of before keep their ids. `with-plugins`: options of
   * plug-ins, which count with the content of these.
   */
  readonly identity?: false | 'if-chosen' | 'with-plugins' | ((value: unknown) => unknown)
  /**
   * Why another value changes no result by itself. `none`: read for published configs only. `check`: compared with the data,
   * refused where it differs. `penalty`: acts through the regulariser, so not where the trainer adds none. `carried`: published
   * configs carry it where it does not apply, so that it is no error there. What has no effect counts in the identity as the
   * default.
   */
  readonly effect?: 'none' | 'check' | 'penalty' | 'carried'
  /** Names of earlier spellings that are read as this field. */
  readonly aliases?: readonly string[]
  /** What the text names: the editor offers those that exist. */
  readonly refersTo?: 'run' | 'own-loss'
}

/** zod's registry is the one place where metadata lives. */
export const fieldMeta = z.registry<FieldMeta>()

type Common<T> = FieldMeta & { readonly default: T }

function described<S extends z.ZodType>(schema: S, meta: FieldMeta): S {
  const { label, help, unit, group, advanced, scale, identity, effect, aliases, refersTo } = meta
  const kept: FieldMeta = {
    label,
    help,
    ...(unit === undefined ? {} : { unit }),
    ...(group === undefined ? {} : { group }),
    ...(advanced === undefined ? {} : { advanced }),
    ...(scale === undefined ? {} : { scale }),
    ...(identity === undefined ? {} : { identity }),
    ...(effect === undefined ? {} : { effect }),
    ...(aliases === undefined ? {} : { aliases }),
    ...(refersTo === undefined ? {} : { refersTo }),
  }
  fieldMeta.add(schema, kept)
  return schema
}

interface Range {
  readonly min?: number
  /** Exclusive lower bound. */
  readonly above?: number
  readonly max?: number
}

/** All checks at once: each step of a chain would make the whole schema anew, and there are hundreds of fields. */
function ranged(first: readonly z.ZodNumberFormat[], { min, above, max }: Range): z.ZodNumber {
  return z
    .number()
    .check(
      ...first,
      ...(min === undefined ? [] : [z.gte(min)]),
      ...(above === undefined ? [] : [z.gt(above)]),
      ...(max === undefined ? [] : [z.lte(max)]),
    )
}

/** A finite number with its allowed range. */
export const number = (o: Common<number> & Range) => described(ranged([], o).default(o.default), o)

/** A whole number with its allowed range. */
export const int = (o: Common<number> & Range) => described(ranged([z.int()], o).default(o.default), o)

export const boolean = (o: Common<boolean>) => described(z.boolean().default(o.default), o)

export const text = (o: Common<string>) => described(z.string().default(o.default), o)

/** One of a fixed list of names. */
export const choice = <const T extends readonly [string, ...string[]]>(values: T, o: Common<T[number]>) =>
  described(z.enum(values).default(o.default as never), o)

/** A list whose entries share one type. */
export const list = <S extends z.ZodType>(entry: S, o: Common<z.input<S>[]>) =>
  described(z.array(entry).default(o.default as never), o)

/** A map from free names (sessions, tasks, epochs) to values of one type. */
export const record = <S extends z.ZodType>(value: S, o: Common<Record<string, z.input<S>>>) =>
  described(z.record(z.string(), value).default(o.default as never), o)

/** A group of fields of its own; unknown keys are errors there too. */
export const group = <T extends z.ZodRawShape>(shape: T, o: FieldMeta) =>
  described(z.strictObject(shape).prefault({} as never), o)

/** A group that may be absent: null means the thing is off. */
export const optionalGroup = <T extends z.ZodRawShape>(shape: T, o: FieldMeta) =>
  described(z.strictObject(shape).nullable().default(null), o)

/** A field that may be null ("not set", "decide for me"). */
export const nullable = <S extends z.ZodType>(
  inner: S,
  o: FieldMeta & { readonly default?: z.input<S> | null },
) => described(inner.nullable().default((o.default ?? null) as never), o)

/** Any zod type with metadata, for the few fields that have several forms. */
export const custom = <S extends z.ZodType>(schema: S, o: FieldMeta & { readonly default: z.input<S> }) =>
  described(schema.default(o.default as never), o)
