import { basename, join } from 'node:path'
import type { ImportOptions } from '../../../../src-shared/schema/importer/importers.ts'
import type { Trials, Units } from '../../canonical/set.ts'
import { type FileTree, foldersIn } from '../../formats/zip/file-tree.ts'
import { bytesSource } from '../../formats/base/byte-source.ts'
import { decodeNpy, type NpyArray, readNpyHeader, readNpyRows } from '../../formats/numpy/npy.ts'
import type { NumpyValues } from '../../formats/numpy/numpy-dtype.ts'
import { invalidFile, missingFile } from '../../formats/base/problem.ts'
import { explainedFiles, linkedKey, openFileTrees, sessionKey, unusedKeys } from './filetree-roots.ts'
import type { ImportedSession, ImportedSet, Layout } from '../base/importer.ts'
import { imageOf } from '../base/image-axes.ts'
import { readTiers } from '../base/tiers.ts'
import { collapseImages } from '../base/trial-images.ts'
import { countingIds, parseFloats, parseIds, repeatNumbers, unitNames } from '../base/trial-fields.ts'

/** neuralpredictors' FileTree (folder or zip): one .npy a trial below data/, columns below meta/. */
export const fileTree: Layout<'filetree'> = {
  kind: 'filetree',
  detect: (path) => {
    const found = openFileTrees(path)
    found.close()
    return found.trees.length > 0
  },
  read: (path, options) => Promise.resolve(readFileTree(path, options)),
}

type Options = ImportOptions<'filetree'>

function readFileTree(path: string, options: Options): ImportedSet {
  const { trees, opened, left, close } = openFileTrees(path)
  try {
    const recordings = trees.map((tree) => openRecording(tree, options))
    const [first] = recordings
    if (!first)
      throw missingFile(
        join(path, 'meta/trials/tiers.npy'),
        'is missing.',
        'Choose the folder that holds data and meta.',
      )
    const trials = recordings.flatMap(({ images, tiers }) =>
      Array.from(tiers, (_, trial) => () => images(trial)),
    )
    const ids = recordings.flatMap((recording) => (recording.ids ? [...recording.ids] : []))
    const collapsed = collapseImages(
      trials.length,
      (trial) => {
        const { values, shape, path: file } = (trials[trial] as () => TrialValues)() // trial < length
        return imageOf(
          values instanceof Uint8Array ? values : parseFloats(values, file, 'pixels'),
          shape,
          { file, field: 'pixels' },
          options.imageAxes,
        )
      },
      ids.length === trials.length ? Int32Array.from(ids) : null,
      path,
      options,
    )
    let start = 0
    const sessions = recordings.map((recording) => {
      const imageId = collapsed.imageId.slice(start, (start += recording.tiers.length))
      return toSession(recording, imageId, options)
    })
    return {
      name: recordings.length === 1 ? sessionKey(first.tree) : basename(path).replace(/\.zip$/i, ''),
      origin: { keptImageIds: collapsed.keptIds },
      images: collapsed.images,
      sessions,
      left: [...left, ...trees.flatMap((tree) => unusedKeys(tree, DATA_KEYS, opened))],
      seen: [...opened, ...trees.flatMap(explainedFiles)],
    }
  } finally {
    close()
  }
}

const DATA_KEYS = ['images', 'responses', 'behavior', 'pupil_center']

interface Recording {
  readonly tree: FileTree
  readonly tiers: Uint8Array
  /** [trials] as the files number the images; null where they do not. */
  readonly ids: Int32Array | null
  readonly images: TrialArray
  readonly responses: TrialArray
}

function openRecording(tree: FileTree, options: Options): Recording {
  const tierFile = 'meta/trials/tiers.npy'
  const { values, dtype } = read(tree, tierFile)
  const responses = trialArrays(tree, 'responses', values.length)
  const images = trialArrays(tree, 'images', values.length)
  if (!responses || !images) throw missingFile(tree.pathOf('data'), 'lacks images or responses.')
  const tiers = readTiers(
    { values, isBoolean: dtype.kind === 'b', name: 'tiers' },
    tree.pathOf(tierFile),
    options.tiers,
  )
  return { tree, tiers, ids: imageIds(tree, columnOf(tree), values.length), images, responses }
}

const columnOf =
  (tree: FileTree) =>
  (name: string): NumpyValues | null =>
    tree.has(`${name}.npy`) ? read(tree, `${name}.npy`).values : null

const read = (tree: FileTree, name: string): NpyArray => decodeNpy(tree.read(name), tree.pathOf(name))

interface TrialValues {
  readonly values: NumpyValues
  readonly shape: readonly number[]
  readonly path: string
}
type TrialArray = (trial: number) => TrialValues

/** A data key is a folder with a file per trial, or one array with trials on its first axis. */
function trialArrays(tree: FileTree, name: string, count: number): TrialArray | null {
  const key = linkedKey(tree, name)
  const whole = `data/${key}.npy`
  if (tree.has(whole)) {
    const source = bytesSource(tree.pathOf(whole), tree.read(whole))
    const header = readNpyHeader(source)
    if (header.shape[0] !== count)
      throw invalidFile(
        source.name,
        null,
        `has ${header.shape[0]} trials, meta/trials/tiers.npy has ${count}.`,
      )
    return (trial) => ({
      values: readNpyRows(source, header, trial, 1),
      shape: header.shape.slice(1),
      path: source.name,
    })
  }
  if (!foldersIn(tree, 'data').includes(key)) return null
  return (trial) => {
    const file = `data/${key}/${trial}.npy`
    if (!tree.has(file))
      throw missingFile(
        tree.pathOf(file),
        `trial ${trial} is missing.`,
        `meta/trials/tiers.npy lists ${count} trials.`,
      )
    return { ...read(tree, file), path: tree.pathOf(file) }
  }
}

/** Class index times the range of ids is added where images of several classes share ids. */
function imageIds(
  tree: FileTree,
  column: (name: string) => NumpyValues | null,
  count: number,
): Int32Array | null {
  const values = column('meta/trials/frame_image_id')
  if (!values) return null
  const ids = countingIds(values, tree.pathOf('meta/trials/frame_image_id.npy'), 'frame_image_id')
  if (values.length !== count)
    throw invalidFile(
      tree.pathOf('meta/trials/frame_image_id.npy'),
      null,
      `has ${values.length} values, expected ${count}.`,
    )
  if (ids === null) return null
  const classes = column('meta/trials/frame_image_class')
  if (!classes) return ids
  const names = [...new Set(Array.from<string | number>(classes).map(String))].sort()
  const range = ids.reduce((most, id) => Math.max(most, id), 0) + 1
  if (range * names.length > 2 ** 31) return null // images are told apart by their content alone
  return ids.map((id, trial) => id + names.indexOf(String(classes[trial])) * range)
}

function toSession(recording: Recording, imageId: Int32Array, options: Options): ImportedSession {
  const { tree, tiers, responses } = recording
  const column = columnOf(tree)
  const first = responses(0)
  const units = first.values.length
  const stacked = stack('responses', responses, tiers.length, units)
  const areas = column('meta/neurons/area')
  if (areas && areas.length !== units)
    throw invalidFile(
      tree.pathOf('meta/neurons/area.npy'),
      null,
      `has ${areas.length} values, there are ${units} units.`,
    )
  const subject = column('meta/neurons/animal_ids')?.[0]
  return {
    key: sessionKey(tree),
    subject: options.subject || String(subject ?? ''),
    area: areas ? Array.from<string | number>(areas).map(String) : '',
    species: options.species,
    responseKind: options.responseKind ?? null,
    ...(options.binMs !== undefined && { binMs: options.binMs }),
    ...(options.t0Ms !== undefined && { t0Ms: options.t0Ms }),
    trials: readTrials(tree, column, imageId, tiers),
    units: readUnits(tree, column, units),
    responses: stacked,
    bins: 1,
  }
}

function stack(key: string, trial: TrialArray, trials: number, width: number): Float32Array {
  const out = new Float32Array(trials * width)
  for (let t = 0; t < trials; t++) {
    const { values, path } = trial(t)
    if (values.length !== width)
      throw invalidFile(
        path,
        null,
        `has ${values.length} values, trial 0 has ${width}.`,
        'Every trial must have all units.',
      )
    out.set(parseFloats(values, path, key), t * width)
  }
  return out
}

const BEHAVIOR_NAMES = ['pupil_size', 'pupil_size_derivative', 'running_speed']

function readTrials(
  tree: FileTree,
  column: (name: string) => NumpyValues | null,
  imageId: Int32Array,
  tier: Uint8Array,
): Trials {
  const behavior = trialArrays(tree, 'behavior', tier.length)
  const width = behavior?.(0).values.length ?? 0
  const pupil = trialArrays(tree, 'pupil_center', tier.length)
  const repeat = column('meta/trials/repeat')
  const names =
    width === BEHAVIOR_NAMES.length
      ? BEHAVIOR_NAMES
      : Array.from({ length: width }, (_, i) => `behavior_${i}`)
  return {
    imageId,
    tier,
    repeat: repeat
      ? parseIds(repeat, tree.pathOf('meta/trials/repeat.npy'), 'repeat')
      : repeatNumbers(imageId),
    ...(behavior && { behavior: { names, values: stack('behavior', behavior, tier.length, width) } }),
    ...(pupil && { pupilCenter: stack('pupil_center', pupil, tier.length, 2) }),
  }
}

function readUnits(tree: FileTree, column: (name: string) => NumpyValues | null, count: number): Units {
  const text = (name: string): string[] | null => {
    const values = column(`meta/neurons/${name}`)
    return values && values.length === count ? Array.from<string | number>(values).map(String) : null
  }
  const layer = text('layer')
  const matchId = text('multi_match_id')
  const place = column('meta/neurons/cell_motor_coordinates')
  const names = unitNames(column('meta/neurons/unit_ids'), count)
  if (names.length !== count)
    throw invalidFile(
      tree.pathOf('meta/neurons/unit_ids.npy'),
      null,
      `names ${names.length} units, responses have ${count}.`,
    )
  return {
    id: names,
    ...(layer && { layer }),
    ...(matchId && { matchId }),
    ...(place?.length === 3 * count && {
      xyzUm: parseFloats(place, tree.pathOf('meta/neurons/cell_motor_coordinates.npy'), 'coordinates'),
    }),
  }
}
