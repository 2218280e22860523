import { InvalidArgumentError } from 'commander'
import type { Terminal } from '../base/terminal.ts'
import { collect } from './import-options.ts'

/** Where the data of a run are now. */
export const DATA_DIR = [
  '--data-dir <path>',
  'where its data are now, checked by their content; once for each part that moved',
  collect,
  [],
] as const

/** Looks for the data of a run in the named places. */
export async function relocate(
  { service, output }: Terminal,
  id: string,
  paths: readonly string[],
): Promise<void> {
  for (const path of paths) {
    const place = await service.call('runs.relocate', { id, path })
    output.note(`${id.slice(0, 10)}: ${place.part} is in ${place.path}`)
  }
}

export function whole(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('expected a whole number.')
  return Number(text)
}

export const oneOf =
  <T extends string>(...allowed: readonly T[]) =>
  (text: string): T => {
    const found = allowed.find((value) => value === text)
    if (found === undefined) throw new InvalidArgumentError(`expected one of ${allowed.join(', ')}.`)
    return found
  }
