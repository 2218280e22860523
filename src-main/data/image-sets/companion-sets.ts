import { existsSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { filesBelow } from '../content/files-below.ts'
import type { NamedFile } from '../content/hash-files.ts'
import type { ImageSetFiles } from './image-set-files.ts'

interface CompanionRequest {
  readonly options: ImageOptions
  readonly set: Pick<ImageSetFiles, 'path'>
}

/** Folder of a companion set: as configured, else beside the set with an ending. */
export function companion(
  request: CompanionRequest,
  configured: string,
  ending: string,
  option: string,
  deps: DataDeps,
): string {
  const { options: o, set } = request
  const candidates = configured
    ? [resolve(deps.folder, configured)]
    : [`${set.path}${ending}`, join(dirname(set.path), `${o.dataset_cls}${ending}`)]
  const found = candidates.find((path) => existsSync(path))
  if (found !== undefined) return found
  throw new CotrainError({
    code: 'data-missing',
    path: candidates[0] ?? configured,
    message: 'no such folder.',
    hint: `Put the set there, name its folder in ${option}, or switch the test off.`,
  })
}

/** Files of the corrupted, stylised and full-size sets that a config scores: they belong to its data as well. */
export function companionFiles(request: CompanionRequest, deps: DataDeps): NamedFile[] {
  const { options: o, set } = request
  const inside = join(set.path, 'imagenet_val')
  const used = [
    ...(o.add_corrupted_test || o.use_c_test_as_val
      ? [['corrupted', companion(request, o.corrupted_dir, '-C', 'corrupted_dir', deps)] as const]
      : []),
    ...(o.add_stylized_test
      ? [['stylised', companion(request, o.stylized_dir, '-stylized', 'stylized_dir', deps)] as const]
      : []),
    ...(o.add_imagenet_fly_test
      ? [
          [
            'full size',
            companion(request, o.imagenet_val_dir || inside, '', 'imagenet_val_dir', deps),
          ] as const,
        ]
      : []),
  ]
  const isOwn = (path: string): boolean => path.startsWith(set.path + sep) // among the files of the set already
  return used
    .filter(([, path]) => !isOwn(path))
    .flatMap(([name, path]) => filesBelow(path).map((file) => ({ ...file, name: `${name}/${file.name}` })))
}
