import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { ArrayMapping } from '../../../../src-shared/schema/importer/array-mapping.ts'
import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { ImportOptions } from '../../../../src-shared/schema/importer/importers.ts'
import type { CanonicalImages } from '../../canonical/set.ts'
import { arrayFiles, type ArraySource, openArrays } from './array-source.ts'
import { idOffset } from '../base/ids-and-axes.ts'
import type { ImportChoice, ImportedSet, Layout } from '../base/importer.ts'
import { readImages } from './mapped-images.ts'
import { type Offsets, readSession } from './mapped-trials.ts'
import { tierColumns } from '../base/tiers.ts'
import { parseIds } from '../base/trial-fields.ts'

type Options = ImportOptions<'arrays'>

/** npz, npy folder, HDF5 or MATLAB file with a mapping that says which array means what. */
export const mappedArrays: Layout<'arrays'> = {
  kind: 'arrays',
  detect: (path) => /\.(npz|npy|h5|hdf5?|he5|nc4?|mat)$/i.test(path),
  async read(path, options) {
    const { mapping } = options
    if (mapping === undefined)
      throw new CotrainError({
        code: 'config-invalid',
        path,
        message: 'the file does not say which of its arrays are images and which responses.',
        hint: 'List them with `cotrain data inspect` and give a mapping with --mapping.',
        asks: ['mapping'],
      })
    const source = await openArrays(path)
    try {
      const set = readMapped(source, mapping, path, options)
      return statSync(path).isDirectory() ? { ...set, seen: arrayFiles(path) } : set
    } finally {
      source.close()
    }
  },
}

function readMapped(source: ArraySource, mapping: ArrayMapping, path: string, options: Options): ImportedSet {
  const images = readImages(source, mapping, options)
  const { offsets, choices } = countedFrom(source, mapping, images, options)
  return {
    name: basename(path),
    images,
    choices: [...choices, ...statedAreas(mapping)],
    left: unusedArrays(source, mapping),
    sessions: mapping.sessions.map((session) => readSession(source, session, images, offsets, options)),
  }
}

/** Areas that the mapping says of whole sessions: nothing in the file vouches for them. */
function statedAreas({ sessions }: ArrayMapping): ImportChoice[] {
  return sessions.flatMap(({ key, area, unitAreas }) => {
    if (area === undefined || area === '' || unitAreas !== undefined) return []
    const value = sessions.length === 1 ? area.toUpperCase() : `${area.toUpperCase()} for ${key}`
    return [{ what: 'Area', value, by: 'option' as const }]
  })
}

/** Arrays of the file that the mapping does not name; one whose name says that it holds tiers is likely forgotten. */
function unusedArrays(source: ArraySource, mapping: ArrayMapping): LeftOut[] {
  const used = new Set(mappedNames(mapping))
  const unused = source.list().flatMap(({ path }) => (used.has(path) ? [] : [path]))
  const last = (path: string): string => path.split('/').at(-1) ?? path
  const hasTiers = mapping.sessions.every(({ parts }) => parts.some(({ tier }) => tier !== 'pool'))
  const forgotten = hasTiers ? [] : unused.filter((path) => tierColumns([last(path)]).length > 0)
  return [
    ...leftOut('array', forgotten, {
      severity: 'warning',
      reason: 'the mapping does not name it, though it seems to hold the tiers.',
      fix: 'Name it as the tier of the part, or import the trials without tiers knowingly.',
    }),
    ...leftOut(
      'array',
      unused.filter((path) => !forgotten.includes(path)),
      { reason: 'the mapping does not name it.' },
    ),
  ]
}

/** Every name of an array in a mapping. */
const mappedNames = ({ images, sessions }: ArrayMapping): (string | undefined)[] => [
  images.array,
  images.ids,
  images.labels,
  ...sessions.flatMap(({ unitIds, unitAreas, parts }) => [
    unitIds,
    unitAreas,
    ...parts.flatMap(({ array, imageIds, tier }) => [
      array,
      imageIds,
      typeof tier === 'string' ? undefined : tier.array,
    ]),
  ]),
]

/** What to add to the image ids of each part. Where the mapping does not say it, all ids together decide. */
function countedFrom(
  source: ArraySource,
  mapping: ArrayMapping,
  images: CanonicalImages,
  { idsFrom }: Options,
): { readonly offsets: Offsets; readonly choices: readonly ImportChoice[] } {
  const parts = mapping.sessions
    .flatMap((session) => session.parts)
    .filter((part) => part.imageIds !== undefined)
  const open = parts.filter((part) => part.idOffset === undefined)
  const stated = new Map(parts.map((part) => [part, part.idOffset ?? 0]))
  // Ids of the images in the file are names: they need no place to count from.
  if (open.length === 0 || (mapping.images.ids !== undefined && idsFrom === undefined))
    return { offsets: stated, choices: [] }
  const ids = open.flatMap((part) => [
    ...parseIds(source.read(part.imageIds ?? '').values, source.name, part.imageIds ?? ''),
  ])
  const names = [...new Set(open.map((part) => part.imageIds))].join(', ')
  const offset = idOffset(ids, new Set(images.id), idsFrom, { file: source.name, field: names })
  return {
    offsets: new Map(parts.map((part) => [part, part.idOffset ?? offset])),
    choices: [{ what: 'Ids count from', value: `${-offset}`, by: idsFrom === undefined ? 'fit' : 'option' }],
  }
}
