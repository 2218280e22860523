import { describe, expect, it } from 'vitest'
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
})
