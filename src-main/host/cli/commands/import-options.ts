import { readFile } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { type FormField, formOf } from '../../../../src-shared/schema/form.ts'
import { commonFields } from '../../../../src-shared/schema/importer/common-fields.ts'
import { IMPORTERS, IMAGE_SET_IMPORT } from '../../../../src-shared/schema/importer/importers.ts'

/** What the terminal says about an import: a file, single options, or both. */
export interface ImportArguments {
  readonly mapping?: string
  /** name=value, as often as wanted; values are JSON or plain text. */
  readonly option: readonly string[]
}

export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/** The options for the importer; undefined where none are given. A single option goes before the file. */
export async function importOptions({ mapping, option }: ImportArguments): Promise<unknown> {
  const file = mapping === undefined ? undefined : await readMapping(mapping)
  if (option.length === 0) return file
  const single = Object.fromEntries(option.map(parseOption))
  if (file === undefined) return single
  const isArrays = typeof file === 'object' && file !== null && 'sessions' in file
  return isArrays ? { mapping: file, ...single } : { ...file, ...single }
}

function parseOption(text: string): [string, unknown] {
  const at = text.indexOf('=')
  if (at <= 0)
    throw new CotrainError({
      code: 'config-invalid',
      path: '--option',
      message: `expected name=value, got "${text}".`,
      hint: 'For example --option idsFrom=1.',
    })
  const value = text.slice(at + 1)
  try {
    return [text.slice(0, at), JSON.parse(value)]
  } catch {
    return [text.slice(0, at), value]
  }
}

async function readMapping(file: string): Promise<unknown> {
  const path = isAbsolute(file) ? file : resolve(process.cwd(), file)
  const problem = (message: string, hint: string): CotrainError =>
    new CotrainError({ code: 'file-invalid', path, message, hint })
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) throw problem('no such file.', 'Check the path of --mapping.')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw problem(`is not JSON: ${(error as Error).message}.`, 'Correct the mapping.')
  }
}

const line = ({ key, help, default: value }: FormField): string => {
  const fallback = value === null || value === '' ? '' : ` (${JSON.stringify(value)})`
  return `  ${key.padEnd(16)} ${help}${fallback}`
}

/** Every option of every importer, for `--help`. */
export function importerHelp(): string {
  const common = Object.keys(commonFields)
  const all = formOf(IMPORTERS['stimulus-tables'].schema).filter(({ key }) => common.includes(key))
  const own = Object.entries(IMPORTERS).flatMap(([kind, { title, schema }]) => [
    '',
    `${title} (${kind}):`,
    ...formOf(schema)
      .filter(({ key }) => !common.includes(key))
      .map(line),
  ])
  return [
    '',
    'Options of recordings, for --option and for the file of --mapping:',
    ...all.map(line),
    ...own,
    '',
    `${IMAGE_SET_IMPORT.title}:`,
    ...formOf(IMAGE_SET_IMPORT.schema).map(line),
  ].join('\n')
}
