import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { ImportOptions } from '../../../../src-shared/schema/importer/importers.ts'
import { invalidFile, missingFile } from '../../formats/base/problem.ts'
import { type FoundSession, findSessions } from './found-sessions.ts'

type Options = Pick<ImportOptions<'images-and-responses'>, 'images' | 'responses' | 'session'>

/** The sessions of a folder that the user wants, with what the options say about them. @throws CotrainError where a choice is open. */
export function chosenSessions(path: string, options: Options): readonly FoundSession[] {
  if (!existsSync(path)) throw missingFile(path, 'no such folder.')
  const found = withOptions(path, findSessions(path), options)
  const { session: wanted } = options
  const chosen = wanted === undefined ? found : found.filter(({ key }) => key === wanted)
  for (const session of chosen) requireDecided(path, session)
  if (chosen.length > 0) return chosen
  const keys = found.map(({ key }) => key).join(', ')
  throw invalidFile(
    path,
    null,
    'no images with responses of the same name were found.',
    keys ? `Sessions: ${keys}.` : 'State the file of the images and the file of the responses.',
    keys ? ['session'] : ['images', 'responses'],
  )
}

function withOptions(
  path: string,
  found: readonly FoundSession[],
  options: Options,
): readonly FoundSession[] {
  const { responses, session } = options
  const images = options.images === undefined ? undefined : resolve(path, options.images)
  if (responses !== undefined) {
    const sources = new Set(found.flatMap((one) => (one.open?.option === 'images' ? [] : [one.images])))
    const [only] = images === undefined && sources.size === 1 ? sources : [images]
    if (only === undefined)
      throw invalidFile(path, 'responses', 'are named without their images.', 'Give the option images too.', [
        'images',
      ])
    const files = responses.map((file) => resolve(path, file))
    return [{ key: session ?? basename(files[0] ?? path, '.npy'), images: only, responses: files }]
  }
  if (images === undefined) return found
  const isOpen = ({ open }: FoundSession): boolean => open?.option === 'images'
  return found.length === 1 || found.every(isOpen)
    ? found.map(({ open, ...one }) => ({ ...one, images, ...(open?.option === 'responses' && { open }) }))
    : found.filter((one) => one.images === images)
}

function requireDecided(path: string, { key, open }: FoundSession): void {
  if (open === undefined) return
  const isImages = open.option === 'images'
  throw invalidFile(
    path,
    null,
    `${open.choices.length} places can hold ${isImages ? 'the images' : `the responses of session "${key}"`}: ${open.choices.join(', ')}.`,
    `Say which with the option ${open.option}, such as ${isImages ? open.choices[0] : JSON.stringify(open.choices.slice(0, 1))}.`,
    [open.option],
  )
}
