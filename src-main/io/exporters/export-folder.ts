import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeNewFolder } from '../../disk/new-folder.ts'
import type { CanonicalImages, CanonicalSession, CanonicalSet } from '../canonical/set.ts'
import { TIERS } from '../canonical/set.ts'
import { BEHAVIOR_PREFIX, PUPIL_COLUMNS } from '../importers/base/trial-fields.ts'
import { imageCodec } from '../images/image-codec.ts'
import { csvCell, safeFileName } from './safe-text.ts'

/** Images encoded at a time. */
const WINDOW = 32

/**
 * Writes a set as PNGs of 8 bits, from black to white as the set states them: one folder a class where there are labels, one folder `images` otherwise; sessions become a table
 * `trials.csv` beside them that the image-folder-and-CSV importer reads back. The folder must not exist yet.
 */
export async function exportFolder(path: string, set: CanonicalSet): Promise<void> {
  await writeNewFolder(path, async (folder) => {
    const names = await writeImages(folder, set.images)
    if (set.sessions.length > 0) await writeFile(join(folder, 'trials.csv'), tableOf(set, names))
  })
}

/** Encodes all images; gives the file name of each. */
async function writeImages(root: string, images: CanonicalImages): Promise<string[]> {
  const names = Array.from(images.id, (id, i) => `${folderOf(images, i)}/${String(id).padStart(6, '0')}.png`)
  for (const folder of new Set(names.map(dirname))) await mkdir(join(root, folder), { recursive: true })
  const { height, width, channels } = images.source
  const each = height * width * channels
  const sharp = await imageCodec()
  for (let from = 0; from < names.length; from += WINDOW) {
    const block = names.slice(from, from + WINDOW)
    const pixels = new Uint8Array(block.length * each)
    await images.source.read(
      block.map((_, i) => from + i),
      pixels,
    )
    await Promise.all(
      block.map((name, i) => {
        const data = pixels.subarray(i * each, (i + 1) * each)
        return sharp(data, { raw: { width, height, channels: channels as 1 | 3 } })
          .png()
          .toFile(join(root, name)) // sets have 1 or 3 channels
      }),
    )
  }
  return names
}

function folderOf({ label, labelNames }: CanonicalImages, index: number): string {
  const value = label?.[index] ?? -1
  return value < 0 ? 'images' : safeFileName(labelNames?.[value] ?? String(value))
}

const TIER_NAMES = new Map<number, string>(
  Object.entries(TIERS).map(([name, tier]) => [tier, name === 'finalTest' ? 'final_test' : name]),
)

/** One row a trial; units of all sessions side by side, empty where a unit belongs to another session. */
function tableOf(set: CanonicalSet, names: readonly string[]): string {
  const nameOf = new Map(Array.from(set.images.id, (id, i) => [id, names[i] ?? '']))
  const columns = [...new Set(set.sessions.flatMap(({ units }) => units.id))]
  const states = [...new Set(set.sessions.flatMap(({ trials }) => trials.behavior?.names ?? []))]
  const eyes = set.sessions.some(({ trials }) => trials.pupilCenter !== undefined) ? PUPIL_COLUMNS : []
  const header = [
    ...['session', 'image', 'tier', 'repeat'],
    ...states.map((name) => `${BEHAVIOR_PREFIX}${name}`),
    ...eyes,
    ...columns.map((id) => `unit_${id}`),
  ]
  const rows = set.sessions.flatMap((session) =>
    trialRows(session, columns, nameOf, (trial) => recordedCells(session, states, eyes.length, trial)),
  )
  return [header.map(csvCell), ...rows].map((cells) => cells.join(',')).join('\n') + '\n'
}

/** Behaviour by name and eye position of a trial; empty where the session has none. */
function recordedCells(
  { trials: { behavior, pupilCenter } }: CanonicalSession,
  states: readonly string[],
  axes: number,
  trial: number,
): string[] {
  const cell = (values: Float32Array | undefined, at: number): string => {
    const value = values?.[at]
    return value === undefined || Number.isNaN(value) ? '' : String(value)
  }
  const width = behavior?.names.length ?? 0
  return [
    ...states.map((name) => {
      const place = behavior?.names.indexOf(name) ?? -1
      return place < 0 ? '' : cell(behavior?.values, trial * width + place)
    }),
    ...Array.from({ length: axes }, (_, axis) => cell(pupilCenter, trial * axes + axis)),
  ]
}

function trialRows(
  session: CanonicalSession,
  columns: readonly string[],
  nameOf: ReadonlyMap<number, string>,
  recorded: (trial: number) => readonly string[],
): string[][] {
  const { trials, units, responses, bins } = session
  const place = columns.map((id) => units.id.indexOf(id))
  return Array.from(trials.imageId, (id, trial) => {
    const value = (unit: number): string => {
      if (unit < 0) return ''
      let sum = 0
      for (let bin = 0; bin < bins; bin++) sum += responses[(trial * units.id.length + unit) * bins + bin]! // in range
      return Number.isNaN(sum) ? '' : String(sum)
    }
    const tier = TIER_NAMES.get(trials.tier[trial] ?? 0) ?? ''
    return [
      csvCell(session.key),
      csvCell(nameOf.get(id) ?? ''),
      tier,
      String(trials.repeat?.[trial] ?? 0),
      ...recorded(trial),
      ...place.map(value),
    ]
  })
}
