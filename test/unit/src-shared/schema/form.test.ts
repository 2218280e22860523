import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  boolean,
  choice,
  custom,
  group,
  int,
  list,
  nullable,
  number,
  optionalGroup,
  record,
  text,
} from '../../../../src-shared/schema/field.ts'
import type { FormField } from '../../../../src-shared/schema/form.ts'
import { formOf } from '../../../../src-shared/schema/form.ts'
import { components } from '../../../../src-shared/schema/registry.ts'
import { runConfigSchema } from '../../../../src-shared/schema/run-config.ts'

const all = (fields: readonly FormField[], path: string): readonly (readonly [string, FormField])[] =>
  fields.flatMap((field) => {
    const at = `${path}.${field.key}`
    return [[at, field] as const, ...all(field.fields ?? [], at)]
  })
const options = [
  // The three components have forms of their own.
  ...all(
    formOf(runConfigSchema).filter(({ key }) => !Object.keys(components).includes(key)),
    'run',
  ),
  ...Object.values(components)
    .flat()
    .flatMap((c) => all(formOf(c.schema), c.fn)),
]

describe('the form', () => {
  it('has a label and a sentence of help for every option', () => {
    const wordless = options
      .filter(([, f]) => f.label === '' || f.label === f.key || !/[.:?!]$/.test(f.help))
      .map(([path]) => path)
    expect(wordless).toEqual([])
  })

  it('draws a control for every option, and choices have something to choose from', () => {
    const empty = options.filter(([, f]) => f.kind === 'choice' && (f.choices ?? []).length < 2)
    expect(empty.map(([path]) => path)).toEqual([])
  })

  const about = { label: 'Size', help: 'How large.' }
  const drawn = (field: z.ZodType): Partial<FormField> | undefined => formOf(z.strictObject({ field }))[0]

  it.each<[string, z.ZodType, Partial<FormField>]>([
    ['a number', number({ ...about, default: 0.5 }), { kind: 'number', default: 0.5 }],
    ['a whole number', int({ ...about, default: 3 }), { kind: 'int', default: 3 }],
    ['a range', int({ ...about, default: 3, min: 0, max: 9 }), { kind: 'int', default: 3, min: 0, max: 9 }],
    [
      'an open end',
      number({ ...about, default: 3, above: 0 }),
      { kind: 'number', default: 3, min: 0, exclusiveMin: true },
    ],
    ['an upper end', number({ ...about, default: 3, max: 9 }), { kind: 'number', default: 3, max: 9 }],
    ['a switch', boolean({ ...about, default: true }), { kind: 'boolean', default: true }],
    ['words', text({ ...about, default: 'a' }), { kind: 'text', default: 'a' }],
    [
      'a choice',
      choice(['a', 'b'], { ...about, default: 'b' }),
      { kind: 'choice', default: 'b', choices: ['a', 'b'] },
    ],
    [
      'what may be empty',
      nullable(z.number().int().min(1), about),
      { kind: 'int', default: null, nullable: true, min: 1 },
    ],
    [
      'what has several forms',
      custom(z.union([z.number(), z.string()]), { ...about, default: 3 }),
      { kind: 'value', default: 3 },
    ],
    [
      'a number that must be given',
      z.number().gt(0),
      { label: 'field', help: '', kind: 'number', min: 0, exclusiveMin: true },
    ],
  ])('draws %s', (_, field, expected) => {
    const blank = { ...about, key: 'field', nullable: false, default: undefined }
    expect(drawn(field)).toEqual({ ...blank, ...expected })
  })

  it('draws the entries of lists and records and the fields of groups', () => {
    const entry = { key: '', label: '', help: '', default: undefined, nullable: false }
    expect(drawn(list(z.number().max(1), { ...about, default: [1] }))).toMatchObject({
      kind: 'list',
      default: [1],
      entry: { ...entry, kind: 'number', max: 1 },
    })
    expect(drawn(record(z.boolean(), { ...about, default: {} }))).toMatchObject({
      kind: 'record',
      default: {},
      entry: { ...entry, kind: 'boolean' },
    })
    const inner = { side: int({ ...about, default: 3 }) }
    const fields = [{ key: 'side', kind: 'int', default: 3 }]
    expect(drawn(group(inner, about))).toMatchObject({ kind: 'group', nullable: false, fields })
    expect(drawn(optionalGroup(inner, about))).toMatchObject({ kind: 'group', nullable: true, fields })
  })

  it('is made once, and keeps all that is said of an option', () => {
    const meta = { unit: 'px', group: 'Images', advanced: true, scale: 'log', identity: false } as const
    const more = { effect: 'check', aliases: ['width'], refersTo: 'run' } as const
    const schema = z.strictObject({ side: int({ ...about, ...meta, ...more, default: 3 }) })
    expect(formOf(schema)[0]).toEqual({
      ...about,
      ...meta,
      ...more,
      key: 'side',
      kind: 'int',
      default: 3,
      nullable: false,
    })
    expect(formOf(schema)).toBe(formOf(schema))
  })

  it('lets no value pass that is outside a range', () => {
    const schema = z.strictObject({
      low: number({ ...about, default: 1, min: 1 }),
      open: number({ ...about, default: 1, above: 0 }),
      high: number({ ...about, default: 1, max: 2 }),
      whole: int({ ...about, default: 1 }),
    })
    const refused = (given: object) => !schema.safeParse(given).success
    expect([{ low: 1 }, { open: 0.1 }, { high: 2 }, { whole: 2 }].map(refused)).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect(
      [{ low: 0.9 }, { open: 0 }, { high: 2.1 }, { whole: 1.5 }, { low: Infinity }].map(refused),
    ).toEqual(Array(5).fill(true))
  })
})
