import type { Component } from './component.ts'
import type { FormField } from './form.ts'
import { formOf } from './form.ts'
import type { Resolution } from './resolve.ts'
import { resolve } from './resolve.ts'

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

function defaultText(field: FormField, value: unknown): string {
  if (field.kind === 'group' && field.default !== null) return ''
  const text = JSON.stringify(value)
  if (text === undefined) return ''
  return text.length > 60 ? 'see help' : `\`${text}\``
}

/** Fields as table rows; those of a group follow it with their path. */
function rowsOf(
  { options }: Pick<Resolution, 'options'>,
  fields: readonly FormField[],
  prefix = '',
): readonly string[] {
  return fields.flatMap((field) => {
    const name = `${prefix}${field.key}`
    const fallback = options.get(name)?.value ?? field.default
    const notes = [
      field.help,
      field.unit === undefined ? '' : `Unit: ${field.unit}.`,
      field.identity === false ? 'Does not change the run.' : '',
    ]
    const row = `| \`${name}\` | ${cell(typeOf(field))} | ${cell(defaultText(field, fallback))} | ${cell(notes.filter((n) => n !== '').join(' '))} |`
    return [row, ...rowsOf({ options }, field.fields ?? [], `${name}.`)]
  })
}

/** Fields as a table, as lines of Markdown; defaults are those of a config that gives nothing. */
export const fieldTable = (
  fields: readonly FormField[],
  resolution: Pick<Resolution, 'options'> = { options: new Map() },
): readonly string[] => [
  '| option | type | default | meaning |',
  '| --- | --- | --- | --- |',
  ...rowsOf(resolution, fields),
]

const listed = (title: string, paths: readonly string[]): readonly string[] =>
  paths.length === 0 ? [] : [`${title}: ${paths.map((path) => `\`${path}\``).join(', ')}.`, '']

const withEffect = (
  fields: readonly FormField[],
  effect: FormField['effect'],
  prefix = '',
): readonly string[] =>
  fields.flatMap((field) => [
    ...(field.effect === effect ? [`${prefix}${field.key}`] : []),
    ...withEffect(field.fields ?? [], effect, `${prefix}${field.key}.`),
  ])

/** The reference page of a component, as Markdown. */
export function docsOf(component: Component): string {
  const fields = formOf(component.schema)
  return [
    `## ${component.fn}`,
    '',
    `${component.title}. ${component.help}`,
    '',
    ...fieldTable(fields, resolve(component, {})),
    '',
    ...listed('Defaults that depend on other options', Object.keys(component.derive ?? {})),
    ...listed('Refused where other options leave them without effect', Object.keys(component.applies ?? {})),
    ...listed('Read for published configs only, without effect', withEffect(fields, 'none')),
    ...listed('Named instead of refused where they have no effect', withEffect(fields, 'carried')),
    ...listed('Compared with the data, refused where they differ', withEffect(fields, 'check')),
    ...listed('Without effect where the trainer adds no regulariser', withEffect(fields, 'penalty')),
  ].join('\n')
}
