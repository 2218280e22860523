import { z } from 'zod'

/** Text that reaches for files, programs, markup or the prototypes of objects where a reader takes it for more than text. */
const HOSTILE_TEXTS: readonly string[] = [
  '../../../../../../etc/passwd',
  '..\\..\\secret.txt',
  '%2e%2e%2fsecret.txt',
  '%252e%252e%252fsecret.txt',
  'a/../../secret.txt',
  '/etc/passwd\0.png',
  'C:\\Windows\\win.ini',
  '\\\\evil.example\\share',
  'file:///etc/passwd',
  '__proto__',
  'constructor',
  'CON',
  '-rf',
  "$(id)`id`';--",
  '<img src=x onerror=alert(1)>',
  '\u202egnp.exe\r\nX: y',
  'x'.repeat(100_000),
]

/** Values of kinds and sizes that no parameter has. */
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  -1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  [],
  {},
  Array.from({ length: 5_000 }, () => '../x'),
  JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
  JSON.parse('{"__proto__":{"polluted":true}}'),
  nested(90),
  nested(2_000),
]

function nested(depth: number): unknown {
  let value: unknown = 'deep'
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value }
  return value
}

interface JsonSchema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly minimum?: number
  readonly pattern?: string
}

/** A value that a schema would accept, or nearly. */
function plain(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  const one = schema.anyOf?.[0] ?? schema.oneOf?.[0]
  if (one !== undefined) return plain(one)
  switch (schema.type) {
    case 'string':
      return 'f'.repeat(64)
    case 'integer':
    case 'number':
      return Math.max(0, schema.minimum ?? 0)
    case 'boolean':
      return false
    case 'array':
      return Array.from({ length: schema.minItems ?? 1 }, () => plain(schema.items ?? {}))
    case 'object':
      return required(schema)
    default:
      return {}
  }
}

const required = (schema: JsonSchema): Record<string, unknown> =>
  Object.fromEntries((schema.required ?? []).map((name) => [name, plain(schema.properties?.[name] ?? {})]))

/** Parameters of a method with each of them in turn replaced by each hostile value; places that a person chooses are left out. */
export function hostileParameters(params: z.ZodType, places: readonly string[]): readonly unknown[] {
  const schema = z.toJSONSchema(params, { unrepresentable: 'any', io: 'input' }) as JsonSchema
  const base = required(schema)
  const names = Object.keys(schema.properties ?? {}).filter((name) => !places.includes(name))
  const values = [...HOSTILE_TEXTS, ...HOSTILE_TEXTS.slice(0, 4).map((text) => [text]), ...HOSTILE_VALUES]
  return [...HOSTILE_VALUES, ...names.flatMap((name) => values.map((value) => ({ ...base, [name]: value })))]
}
