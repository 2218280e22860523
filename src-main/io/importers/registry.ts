import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { csvFolder } from './layouts/csv-folder.ts'
import { fileTree } from './layouts/filetree.ts'
import { importerOf } from './finish-import.ts'
import { imagesAndResponses } from './layouts/images-and-responses.ts'
import type { Importer } from './base/importer.ts'
import { mappedArrays } from './mapped/mapped-arrays.ts'
import { nwb } from './nwb/nwb.ts'
import { sessionPickle } from './layouts/session-pickle.ts'
import { stimulusTables } from './layouts/stimulus-tables.ts'
import { staticHdf5 } from './layouts/static-hdf5.ts'

/** Most particular layout first. */
const IMPORTERS: readonly Importer[] = [
  importerOf(sessionPickle),
  importerOf(fileTree),
  importerOf(nwb),
  importerOf(imagesAndResponses),
  importerOf(stimulusTables),
  importerOf(csvFolder),
  importerOf(staticHdf5),
  importerOf(mappedArrays),
]

export const IMPORTER_KINDS: readonly string[] = IMPORTERS.map(({ kind }) => kind)

/** Which importer fits a file or folder, by names only; null when none does. */
export function detectImporter(path: string): string | null {
  return IMPORTERS.find((importer) => fits(importer, path))?.kind ?? null
}

/** A damaged archive fits nothing here; the importer that is chosen by name then says what is wrong with it. */
function fits(importer: Importer, path: string): boolean {
  try {
    return importer.detect(path)
  } catch (error) {
    if (error instanceof CotrainError) return false
    throw error
  }
}

/** The importer of a kind; CotrainError when there is none. */
export function findImporter(kind: string): Importer {
  const found = IMPORTERS.find((importer) => importer.kind === kind)
  if (found) return found
  throw new CotrainError({
    code: 'config-invalid',
    path: 'importer',
    message: `"${kind}" is not known.`,
    hint: `Use one of ${IMPORTER_KINDS.join(', ')}.`,
  })
}
