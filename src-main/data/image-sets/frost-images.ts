import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RgbImage } from '../../engine/data/corruptions/base/types.ts'
import { openTree } from '../../io/formats/zip/file-tree.ts'
import { decodeImage } from '../../io/images/decode/decode.ts'
import { imageEntries } from '../../io/images/sources/image-entry.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { NamedFile } from '../content/hash-files.ts'

/** Files of the user's frost photographs, for the fingerprint; none where the drawn texture is used. */
export function frostFiles(folder: string, deps: DataDeps): NamedFile[] {
  if (folder === '') return []
  const path = resolve(deps.folder, folder)
  const missing = (message: string): CotrainError =>
    new CotrainError({
      code: 'data-missing',
      path,
      message,
      hint: 'Name a folder with frost photographs in frost_textures, or leave it empty.',
    })
  if (!existsSync(path)) throw missing('no such folder.')
  const tree = openTree(path)
  const found = imageEntries(tree)
  if (found.length === 0) throw missing('holds no images.')
  return found.map(({ name }) => ({ name, path: tree.pathOf(name) }))
}

/** The user's frost photographs, or undefined for the drawn texture. */
export async function frostImages(folder: string, deps: DataDeps): Promise<readonly RgbImage[] | undefined> {
  if (folder === '') return undefined
  const entries = imageEntries(openTree(resolve(deps.folder, folder)))
  return Promise.all(entries.map(({ entry }) => decodeImage(entry.read(), entry.path)))
}
