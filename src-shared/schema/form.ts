import { z } from 'zod'
import type { FieldMeta } from './field.ts'
import { fieldMeta } from './field.ts'
import { partOf, unwrap } from './unwrap.ts'

/** What the editor draws for one option; the component is chosen by `kind`, never by the option's name. */
export interface FormField extends FieldMeta {
  readonly key: string
  readonly kind: 'int' | 'number' | 'boolean' | 'choice' | 'text' | 'list' | 'record' | 'group' | 'value'
  readonly default: unknown
  readonly nullable: boolean
  readonly min?: number
  readonly max?: number
  readonly exclusiveMin?: boolean
  readonly choices?: readonly string[]
  /** Entry type of lists and records. */
  readonly entry?: FormField
  /** Fields of a group. */
  readonly fields?: readonly FormField[]
}

const forms = new WeakMap<z.ZodObject, readonly FormField[]>()

/** The form of an object schema, in the order of its fields. */
export function formOf(schema: z.ZodObject): readonly FormField[] {
  const known = forms.get(schema)
  if (known !== undefined) return known
  const form = Object.entries(schema.shape).map(([key, field]) =>
    fieldOf(key, partOf(field), staticDefault(partOf(field))),
  )
  forms.set(schema, form)
  return form
}

/** The fixed default of a field, or undefined where there is none. */
function staticDefault(field: z.ZodType): unknown {
  const parsed = field.safeParse(undefined)
  return parsed.success ? parsed.data : undefined
}

function fieldOf(key: string, schema: z.ZodType, fallback: unknown): FormField {
  const meta = fieldMeta.get(schema) ?? { label: key, help: '' }
  const inner = unwrap(schema)
  const base = { ...meta, key, default: fallback, nullable: schema.safeParse(null).success }
  if (inner instanceof z.ZodNumber)
    return { ...base, kind: inner.isInt ? 'int' : 'number', ...rangeOf(inner) }
  if (inner instanceof z.ZodBoolean) return { ...base, kind: 'boolean' }
  if (inner instanceof z.ZodEnum) return { ...base, kind: 'choice', choices: inner.options.map(String) }
  // One of a list, or a name that a plug-in adds to it.
  if (inner instanceof z.ZodUnion && inner.options[0] instanceof z.ZodEnum && meta.refersTo === 'own-loss')
    return { ...base, kind: 'choice', choices: inner.options[0].options.map(String) }
  if (inner instanceof z.ZodString) return { ...base, kind: 'text' }
  if (inner instanceof z.ZodArray)
    return { ...base, kind: 'list', entry: fieldOf('', partOf(inner.element), undefined) }
  if (inner instanceof z.ZodRecord)
    return { ...base, kind: 'record', entry: fieldOf('', partOf(inner.valueType), undefined) }
  if (inner instanceof z.ZodObject) return { ...base, kind: 'group', fields: formOf(inner) }
  return { ...base, kind: 'value' }
}

/** Bounds of zod's safe-integer check are not the author's and are left out. */
function rangeOf(schema: z.ZodNumber): { min?: number; max?: number; exclusiveMin?: boolean } {
  const { minValue, maxValue } = schema
  const exclusive = schema.def.checks?.some((c) => {
    const def = (c as { _zod?: { def?: { check?: string; inclusive?: boolean } } })._zod?.def
    return def?.check === 'greater_than' && def.inclusive === false
  })
  return {
    ...(minValue !== null && minValue > Number.MIN_SAFE_INTEGER ? { min: minValue } : {}),
    ...(maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER ? { max: maxValue } : {}),
    ...(exclusive === true ? { exclusiveMin: true } : {}),
  }
}
