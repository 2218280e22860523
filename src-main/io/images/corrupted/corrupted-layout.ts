import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import { ALL_CORRUPTIONS, COMMON_CORRUPTIONS } from '../../../../src-shared/schema/dataset/corruptions.ts'
import type { FileTree } from '../../formats/zip/file-tree.ts'
import { isImageName } from '../sources/image-entry.ts'

/** How a corrupted set lies on disk. */
export type CorruptedForm = 'folders' | 'cifar-c' | 'mnist-c'

/** Images of one corruption and severity in a folder of their own. */
interface LevelFolder {
  readonly corruption: string
  readonly severity: number
  /** Folder of the level; class folders lie in it. */
  readonly folder: string
  readonly images: number
}

export interface LevelFolders {
  readonly levels: readonly LevelFolder[]
  readonly left: readonly LeftOut[]
}

export const SEVERITIES = [1, 2, 3, 4, 5] as const
const KNOWN: ReadonlySet<string> = new Set(ALL_CORRUPTIONS)

/** The form of a corrupted set; null where names do not say that it is one. Names of corruptions are never classes. */
export function corruptedForm(tree: FileTree): CorruptedForm | null {
  const names = tree.files.map(({ name }) => name)
  if (names.filter((name) => KNOWN.has(name.replace(/\.npy$/, '')) && name.endsWith('.npy')).length > 0)
    return 'cifar-c'
  const folders = new Set(
    names.flatMap((name) => (name.includes('/') ? [name.slice(0, name.indexOf('/'))] : [])),
  )
  if (folders.size > 0 && [...folders].every((folder) => tree.has(`${folder}/test_images.npy`)))
    return 'mnist-c'
  const places = placesOf(tree)
  const corruptions = new Set([...places.values()].map(({ corruption }) => corruption))
  if ([...corruptions].some((name) => KNOWN.has(name))) return 'folders'
  const tops = new Set([...places.keys()].map((place) => place.slice(0, place.indexOf('/'))))
  const isWhole = [...folders].every((folder) => tops.has(folder))
  return places.size > 0 && isWhole && [...places.values()].every(isPublished) ? 'folders' : null
}

const isPublished = ({ severity }: Place): boolean => severity >= 1 && severity <= SEVERITIES.length

interface Place {
  readonly corruption: string
  readonly severity: number
  images: number
}

/** `<corruption>/<severity>/<class>/*`, or with a folder for each group of corruptions above, as ImageNet-C comes unpacked. */
function placesOf(tree: FileTree): Map<string, Place> {
  const places = new Map<string, Place>()
  for (const { name } of tree.files) {
    if (!isImageName(name)) continue
    const parts = name.split('/')
    const isLevel = (at: number): boolean =>
      /^\d$/.test(parts[at] ?? '') && (parts.length > at + 2 || KNOWN.has(parts[at - 1] ?? ''))
    const at = [1, 2].find((place) => isLevel(place) && parts.length > place + 1)
    if (at === undefined) continue
    const folder = parts.slice(0, at + 1).join('/')
    const place = places.get(folder)
    if (place) place.images++
    else places.set(folder, { corruption: parts[at - 1] ?? '', severity: Number(parts[at]), images: 1 })
  }
  return places
}

/** Every level of the form `folders`; severities beyond 1 to 5 and other folders are left out by name. */
export function levelFolders(tree: FileTree): LevelFolders {
  const places = [...placesOf(tree)]
  const levels = places.flatMap(([folder, place]) => (isPublished(place) ? [{ ...place, folder }] : []))
  const tops = new Set(places.map(([folder]) => folder.slice(0, folder.indexOf('/'))))
  const others = new Set(
    tree.files.flatMap(({ name }) => (name.includes('/') ? [name.slice(0, name.indexOf('/'))] : [])),
  )
  return {
    levels: levels.sort((a, b) => (a.folder < b.folder ? -1 : 1)),
    left: [
      ...leftOut(
        'folder',
        places.flatMap(([folder, place]) => (isPublished(place) ? [] : [folder])),
        {
          severity: 'warning',
          reason: 'severities are 1 to 5.',
          fix: 'Nothing, if the scores of the published severities are wanted.',
        },
      ),
      ...leftOut('folder', [...others].filter((name) => !tops.has(name)).sort(), {
        severity: 'warning',
        reason: 'it holds no corruption with folders of severities.',
        fix: 'Move it out of the set.',
      }),
    ],
  }
}

/** Corruptions of the published sets that a set of arrays lacks. */
export function missingArrays(names: readonly string[]): LeftOut[] {
  const missing = COMMON_CORRUPTIONS.filter((name) => !names.includes(name))
  return leftOut(
    'file',
    missing.map((name) => `${name}.npy`),
    {
      severity: 'warning',
      reason: 'the published sets have it and this one does not.',
      fix: 'Complete the set: a mean over corruptions is not comparable otherwise.',
    },
  )
}
