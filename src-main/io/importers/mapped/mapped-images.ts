import type { ArrayMapping } from '../../../../src-shared/schema/importer/array-mapping.ts'
import type { ImportOptions } from '../../../../src-shared/schema/importer/importers.ts'
import type { CanonicalImages } from '../../canonical/set.ts'
import type { NumpyValues } from '../../formats/numpy/numpy-dtype.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { ArraySource } from './array-source.ts'
import { imageIds } from './named-ids.ts'
import { ordered } from './ordered-array.ts'
import { parseIds } from '../base/trial-fields.ts'
import { describePixels } from '../base/trial-images.ts'

/** The images of a mapping with their ids, names and labels. */
export function readImages(
  source: ArraySource,
  { images: mapping }: ArrayMapping,
  options: ImportOptions<'arrays'>,
): CanonicalImages {
  const flat = mapping.axes.includes('p')
  const { sizes, values } = ordered(source, mapping.array, mapping.axes, flat ? 'ip' : 'ihwc')
  const [count, a, b = 1, c = 1] = sizes as [number, number, number?, number?]
  const side = Math.sqrt(a)
  if (flat && !Number.isInteger(side))
    throw invalidFile(
      source.name,
      mapping.array,
      `${a} pixels are no square image.`,
      'Store height and width as axes.',
    )
  const size = flat ? { height: side, width: side, channels: 1 } : { height: a, width: b, channels: c }
  if (Array.isArray(values)) throw invalidFile(source.name, mapping.array, 'holds text, expected pixels.')
  const column = (name: string | undefined, what: string): NumpyValues | null => {
    if (name === undefined) return null
    const ids = source.read(name).values
    if (ids.length !== count)
      throw invalidFile(
        source.name,
        name,
        `has ${ids.length} values, there are ${count} images.`,
        `Choose the ${what} of the images.`,
      )
    return ids
  }
  const labels = column(mapping.labels, 'labels')
  const ids = column(mapping.ids, 'ids')
  const named = ids && imageIds(ids, { file: source.name, field: mapping.ids ?? '' })
  return {
    ...describePixels(values, size, `${source.name}, ${mapping.array}`, {
      valueMin: mapping.valueMin ?? options.valueMin,
      valueMax: mapping.valueMax ?? options.valueMax,
    }),
    id: named?.id ?? Int32Array.from({ length: count }, (_, i) => i),
    ...(named?.names && { origin: named.names }),
    ...(labels && { label: parseIds(labels, source.name, mapping.labels ?? '') }),
  }
}
