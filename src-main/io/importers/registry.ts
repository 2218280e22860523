import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { csvFolder } from './csv-folder.ts'
import { fileTree } from './filetree.ts'
import { imagesAndResponses } from './images-and-responses.ts'
import type { CommonOptions, Importer } from './importer.ts'
import { mappedArrays } from './mapped-arrays.ts'
import { nwb } from './nwb.ts'
import { sessionPickle } from './session-pickle.ts'
import { stimulusTables } from './stimulus-tables.ts'
import { staticHdf5 } from './static-hdf5.ts'

/** Most particular layout first. Options were typed at the call site; each importer checks what it uses. */
const IMPORTERS = [
  sessionPickle,
  fileTree,
  nwb,
  imagesAndResponses,
  stimulusTables,
  csvFolder,
  staticHdf5,
  mappedArrays,
] as readonly Importer<never>[]

export const IMPORTER_KINDS: readonly string[] = IMPORTERS.map(({ kind }) => kind)

/** Which importer fits a file or folder, by names only; null when none does. */
export function detectImporter(path: string): string | null {
  return IMPORTERS.find((importer) => fits(importer, path))?.kind ?? null
}

/** A damaged archive fits nothing here; the importer that is chosen by name then says what is wrong with it. */
function fits(importer: Importer<never>, path: string): boolean {
  try {
    return importer.detect(path)
  } catch (error) {
    if (error instanceof CotrainError) return false
    throw error
  }
}

/** The importer of a kind; CotrainError when there is none. */
export function findImporter(kind: string): Importer<CommonOptions> {
  const found = IMPORTERS.find((importer) => importer.kind === kind)
  if (found) return found as unknown as Importer<CommonOptions> // see IMPORTERS
  throw new CotrainError({
    code: 'config-invalid',
    path: 'importer',
    message: `"${kind}" is not known.`,
    hint: `Use one of ${IMPORTER_KINDS.join(', ')}.`,
  })
}
