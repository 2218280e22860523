import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isImageName } from '../images/image-entry.ts'
import { compareNatural } from './natural-order.ts'

/** Pictures and the responses to them, as they lie in a folder. */
export interface FoundSession {
  readonly key: string
  /** Zip or folder of pictures, or a .npy of them. */
  readonly images: string
  readonly responses: readonly string[]
}

/**
 * Sessions of a folder by their file names: `images_<key>.zip` (or folder) with `responses_<key>.npy` somewhere below; the
 * pictures (a zip, a flat folder or one .npy) with `responses.npy`, or with a folder of one .npy a unit. Single trials are
 * preferred over repeat averages.
 */
export function findSessions(path: string): FoundSession[] {
  const files = listFiles(path, 2)
  const arrays = files.filter((file) => /\.npy$/i.test(file))
  const sources = [...files.filter((file) => /\.zip$/i.test(file)), ...flatFolders(files)]
  const named = sources.flatMap((source) => {
    const key = /^images_(.+?)(\.zip)?$/i.exec(basename(source))?.[1]
    const matching = arrays.filter((array) => nameOf(array) === `responses_${key}`.toLowerCase())
    const best = matching.find((array) => /raw/.test(array)) ?? matching[0]
    return key !== undefined && best !== undefined ? [{ key, images: source, responses: [best] }] : []
  })
  if (named.length > 0) return named.sort((a, b) => compareNatural(a.key, b.key))
  const inFolder = arrays.filter((array) => /[\\/](neurons|responses)[\\/]/.test(array.slice(path.length)))
  const whole = arrays.filter((array) => /^responses?$/.test(nameOf(array)))
  const responses = inFolder.length > 0 ? inFolder.sort(compareNatural) : whole
  const images = picturesFor(responses, path, sources, arrays)
  return images !== null && responses.length > 0 && (inFolder.length > 0 || whole.length === 1)
    ? [{ key: basename(path), images, responses }]
    : []
}

/** The one source of pictures beside responses: a zip or folder of pictures before an array of them; null where it is not one. */
function picturesFor(
  responses: readonly string[],
  path: string,
  sources: readonly string[],
  arrays: readonly string[],
): string | null {
  const stacks = arrays.filter(
    (array) =>
      dirname(array) === path &&
      !responses.includes(array) &&
      /^(images?|stimuli|stimulus|pictures|inputs)/.test(nameOf(array)),
  )
  const [lone] = sources.length > 0 ? sources : stacks
  return (sources.length > 0 ? sources : stacks).length === 1 ? (lone ?? null) : null
}

/** Folders in which pictures lie directly. */
const flatFolders = (files: readonly string[]): string[] => [
  ...new Set(files.filter(isImageName).map((file) => dirname(file))),
]

const nameOf = (file: string): string =>
  basename(file)
    .toLowerCase()
    .replace(/\.npy$/, '')

function listFiles(folder: string, depth: number): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.')) return []
    if (entry.isDirectory()) return depth > 0 ? listFiles(path, depth - 1) : []
    return entry.isFile() ? [path] : []
  })
}
