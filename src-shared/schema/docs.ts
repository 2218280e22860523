import type { Component } from './component.ts'
import type { FormField } from './form.ts'
import { formOf } from './form.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function typeOf(field: FormField): string {
  const range = [
    field.min === undefined ? '' : `${field.exclusiveMin === true ? '>' : '>='} ${field.min}`,
    field.max === undefined ? '' : `<= ${field.max}`,
  ].filter((part) => part !== '')
  const base =
    field.kind === 'choice' ? (field.choices ?? []).map((c) => (c === '' ? '""' : c)).join(', ') : field.kind
  return [base, ...range, ...(field.nullable ? ['or null'] : [])].join(' ')
}

function defaultText(field: FormField): string {
  if (field.kind === 'group' && field.default !== null) return ''
  const text = JSON.stringify(field.default)
  if (text === undefined) return ''
  return text.length > 60 ? 'see help' : `\`${text}\``
}

/** Fields as table rows; those of a group follow it with their path. */
function rowsOf(fields: readonly FormField[], prefix = ''): readonly string[] {
  return fields.flatMap((field) => {
    const name = `${prefix}${field.key}`
    const notes = [
      field.help,
      field.unit === undefined ? '' : `Unit: ${field.unit}.`,
      field.identity === false ? 'Does not change the run.' : '',
    ]
    const row = `| \`${name}\` | ${cell(typeOf(field))} | ${cell(defaultText(field))} | ${cell(notes.filter((n) => n !== '').join(' '))} |`
    return [row, ...rowsOf(field.fields ?? [], `${name}.`)]
  })
}

/** Fields as a table, as lines of Markdown. */
export const fieldTable = (fields: readonly FormField[]): readonly string[] => [
  '| option | type | default | meaning |',
  '| --- | --- | --- | --- |',
  ...rowsOf(fields),
]

/** The reference page of a component, as Markdown. */
export function docsOf(component: Component): string {
  const derived = Object.keys(component.derive ?? {})
  return [
    `## ${component.fn}`,
    '',
    `${component.title}. ${component.help}`,
    '',
    ...fieldTable(formOf(component.schema)),
    '',
    ...(derived.length === 0
      ? []
      : [`Defaults that depend on other options: ${derived.map((d) => `\`${d}\``).join(', ')}.`, '']),
  ].join('\n')
}
