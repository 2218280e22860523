import type { CanonicalImages } from '../canonical/set.ts'
import type { Hdf5File } from '../formats/hdf5.ts'
import { invalidFile } from '../formats/problem.ts'
import { compareNatural } from './natural-order.ts'
import { describePixels, joinPictures, pictureOf, type Picture } from './trial-images.ts'
import { parseFloats } from './trial-fields.ts'

export interface Templates {
  readonly images: CanonicalImages
  /** Name of each picture where the file names them. */
  readonly names: readonly string[] | null
}

const PLACES = ['/stimulus/templates', '/stimulus/presentation']

/** The pictures of an NWB file: one image series (n, h, w[, c]), or a group of single pictures. */
export function readTemplates(file: Hdf5File, chosen: string | undefined): Templates {
  const paths = chosen === undefined ? PLACES.flatMap((place) => children(file, place)) : [chosen]
  for (const path of paths) {
    const series = seriesPath(file, path)
    if (series) return { images: readSeries(file, series), names: null }
    const single = children(file, path).filter((name) => isPicture(file, name))
    if (single.length > 0) return readSingle(file, single)
  }
  throw invalidFile(
    file.name,
    chosen ?? '/stimulus',
    'holds no pictures.',
    'State the group of /stimulus/templates or /stimulus/presentation that holds them.',
  )
}

const children = (file: Hdf5File, path: string): string[] =>
  file.kind(path) === 'group' ? file.names(path).map((name) => `${path}/${name}`) : []

/** A series keeps its frames in `data`, with three or four axes. */
function seriesPath(file: Hdf5File, path: string): string | null {
  const data = `${path}/data`
  if (file.kind(path) !== 'group' || file.kind(data) !== 'dataset') return null
  const { shape, kind } = file.dataset(data)
  return (shape.length === 3 || shape.length === 4) && (kind === 'uint' || kind === 'float') ? data : null
}

function isPicture(file: Hdf5File, path: string): boolean {
  if (file.kind(path) !== 'dataset') return false
  const { shape, kind } = file.dataset(path)
  return (shape.length === 2 || shape.length === 3) && (kind === 'uint' || kind === 'float')
}

function readSeries(file: Hdf5File, path: string): CanonicalImages {
  const [count, height, width, channels = 1] = file.dataset(path).shape as [number, number, number, number?] // 3 or 4 axes
  const values = file.read(path)
  const pixels = values instanceof Uint8Array ? values : parseFloats(values, file.name, path)
  return {
    ...describePixels(pixels, { height, width, channels }),
    id: Int32Array.from({ length: count }, (_, i) => i),
  }
}

function readSingle(file: Hdf5File, paths: readonly string[]): Templates {
  const sorted = [...paths].sort(compareNatural)
  const pictures = sorted.map((path): Picture => {
    const values = file.read(path)
    return pictureOf(
      values instanceof Uint8Array ? values : parseFloats(values, file.name, path),
      file.dataset(path).shape,
      `${file.name}, ${path}`,
    )
  })
  const odd = pictures.findIndex(({ data }) => data.length !== pictures[0]?.data.length)
  if (odd >= 0) throw invalidFile(file.name, sorted[odd] ?? '', 'has another size than the first picture.')
  const names = sorted.map((path) => path.split('/').at(-1) ?? '')
  return {
    images: { ...joinPictures(pictures), id: Int32Array.from(names, (_, i) => i), origin: names },
    names,
  }
}
