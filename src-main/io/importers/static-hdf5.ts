import { basename } from 'node:path'
import type { CanonicalSet } from '../canonical/set.ts'
import { type Hdf5File, openHdf5 } from '../formats/hdf5.ts'
import type { NumpyValues } from '../formats/numpy-dtype.ts'
import { invalidFile } from '../formats/problem.ts'
import type { CommonOptions, Importer } from './importer.ts'
import { collapseImages, pictureOf } from './trial-images.ts'
import {
  guessResponseKind,
  parseFloats,
  parseIds,
  parseTiers,
  repeatNumbers,
  unitNames,
} from './trial-fields.ts'

/** neuralpredictors' static HDF5: images, responses, tiers, behavior, pupil_center with trials first; groups item_info, neurons. */
export const staticHdf5: Importer = {
  kind: 'static-hdf5',
  detect: (path) => /\.(h5|hdf5)$/.test(path),
  async read(path, options) {
    const file = await openHdf5(path)
    try {
      return readStatic(file, path, options)
    } finally {
      file.close()
    }
  },
}

/** Whether an open file has this layout. */
export const isStaticHdf5 = (file: Hdf5File): boolean =>
  ['/images', '/responses', '/tiers'].every((name) => file.kind(name) === 'dataset')

function readStatic(file: Hdf5File, path: string, options: CommonOptions): CanonicalSet {
  if (!isStaticHdf5(file))
    throw invalidFile(
      path,
      '/',
      'lacks images, responses or tiers.',
      'Import the file with a mapping instead.',
    )
  const { shape } = file.dataset('/images')
  const [count = 0, ...picture] = shape
  const optional = (name: string): NumpyValues | null =>
    file.kind(name) === 'dataset' ? file.read(name) : null
  const perTrial = (name: string): Float32Array | null => {
    const values = optional(name)
    return values && parseFloats(values, path, name)
  }
  const ids = optional('/item_info/frame_image_id')
  const collapsed = collapseImages(
    count,
    (trial) => {
      const values = file.read('/images', [[trial, 1], ...picture.map((n): [number, number] => [0, n])])
      return pictureOf(
        values instanceof Uint8Array ? values : parseFloats(values, path, '/images'),
        picture,
        path,
      )
    },
    ids && parseIds(ids, path, '/item_info/frame_image_id'),
    path,
  )
  const responses = parseFloats(file.read('/responses'), path, '/responses')
  const units = file.dataset('/responses').shape[1] ?? 0
  const behavior = perTrial('/behavior')
  const width = behavior ? behavior.length / count : 0
  const pupilCenter = perTrial('/pupil_center')
  const area = optional('/neurons/area')?.[0]
  const key = basename(path)
    .replace(/\.(h5|hdf5)$/, '')
    .replace(/^static/, '')
  return {
    name: options.name ?? key,
    provenance: { importer: 'static-hdf5', keptImageIds: collapsed.keptIds, ...options },
    images: collapsed.images,
    sessions: [
      {
        key,
        subject: options.subject ?? '',
        area: (options.area ?? String(area ?? 'v1')).toUpperCase(),
        species: options.species ?? '',
        responseKind: options.responseKind ?? guessResponseKind(responses),
        trials: {
          imageId: collapsed.imageId,
          tier: parseTiers(file.read('/tiers'), path),
          repeat: repeatNumbers(collapsed.imageId),
          ...(behavior && {
            behavior: { names: Array.from({ length: width }, (_, i) => `behavior_${i}`), values: behavior },
          }),
          ...(pupilCenter && { pupilCenter }),
        },
        units: { id: unitNames(optional('/neurons/unit_ids'), units) },
        responses,
        bins: 1,
      },
    ],
  }
}
