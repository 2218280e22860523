import { readdirSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { isImageName } from '../../images/sources/image-entry.ts'
import { compareNatural } from '../base/natural-order.ts'

/** Images and the responses to them, as they lie in a folder. */
export interface FoundSession {
  readonly key: string
  /** Zip or folder of images, or a .npy of them. */
  readonly images: string
  readonly responses: readonly string[]
  /** What only the user can choose: the option that says it, and what it can be. */
  readonly open?: { readonly option: 'images' | 'responses'; readonly choices: readonly string[] }
}

/** What responses are called, */
const RESPONSES =
  /^(responses?|resps?|spikes?|spike_?counts?|rates?|firing_?rates?|activity|neural_?(data|responses?|activity))$/
/** and with the name of a session after or before it, by fewer words: heart_rates are none. */
const OF_SESSION = /^(?:(?:responses?|resps?|spikes?|spike_?counts?)[_-](.+)|(.+)[_-](?:responses?|spikes?))$/

/** The session that an array of responses is named after, empty for none; null where the name is not that of responses. */
function sessionOf(array: string): string | null {
  const name = nameOf(array)
  if (RESPONSES.test(name)) return ''
  const [, after, before] = OF_SESSION.exec(name) ?? []
  return after ?? before ?? null
}

/**
 * Sessions of a folder by their file names: `images_<key>.zip` (or folder) with `responses_<key>.npy` somewhere below; the
 * images (a zip, a flat folder or one .npy) with `responses.npy`, with one `responses_<key>.npy` for each session, or with
 * a folder of one .npy a unit. Of several responses to the same images those of single trials ("raw") go before averages.
 */
export function findSessions(path: string): FoundSession[] {
  const files = listFiles(path, 2)
  const arrays = files.filter((file) => /\.npy$/i.test(file))
  const folders = flatFolders(files)
  const sources = [...files.filter((file) => /\.zip$/i.test(file)), ...folders]
  const named = sources.flatMap((images) => {
    const key = /^images_(.+?)(\.zip)?$/i.exec(basename(images))?.[1]
    const matching = arrays.filter((array) => nameOf(array) === `responses_${key}`.toLowerCase())
    return key !== undefined && matching.length > 0 ? [oneOf(key, images, matching, path)] : []
  })
  if (named.length > 0) return named.sort((a, b) => compareNatural(a.key, b.key))
  const inFolder = arrays.filter((array) => /[\\/](neurons|responses)[\\/]/.test(array.slice(path.length)))
  const responses =
    inFolder.length > 0 ? inFolder : arrays.filter((array) => sessionOf(array) !== null && !isStack(array))
  const stacks = arrays.filter((array) => dirname(array) === path && isStack(array))
  const candidates = sources.length > 0 ? sources : stacks
  const [images] = candidates
  // Several folders of images are classes; the responses beside them are named as left out.
  if (images === undefined || responses.length === 0 || folders.length > 1) return []
  const found =
    inFolder.length > 0
      ? [{ key: basename(path), images, responses: inFolder.sort(compareNatural) }]
      : sessionsOf(responses, images, path)
  if (candidates.length === 1) return found
  const choices = candidates.map((file) => relative(path, file) || '.')
  return found.map((session) => ({ ...session, open: { option: 'images', choices } }))
}

/** One session for each name that responses have beside the word for responses. */
function sessionsOf(responses: readonly string[], images: string, path: string): FoundSession[] {
  const keys = new Map<string, string[]>()
  for (const file of responses) {
    const key = sessionOf(file) ?? ''
    keys.set(key, [...(keys.get(key) ?? []), file])
  }
  const all = [...keys].map(([key, files]) => oneOf(key || basename(path), images, files, path))
  return all.sort((a, b) => compareNatural(a.key, b.key))
}

/** The session with the responses of single trials, or with all that fit and the question which are meant. */
function oneOf(key: string, images: string, responses: readonly string[], path: string): FoundSession {
  const raw = responses.filter((file) => /raw/i.test(relative(path, file)))
  const meant = responses.length === 1 ? responses : raw
  if (meant.length === 1) return { key, images, responses: meant }
  const choices = responses.map((file) => relative(path, file))
  return { key, images, responses, open: { option: 'responses', choices } }
}

const isStack = (array: string): boolean => /^(images?|stimuli|stimulus|pictures|inputs)/.test(nameOf(array))

/** Folders in which images lie directly. */
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
