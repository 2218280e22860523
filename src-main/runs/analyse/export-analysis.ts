import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { isOfUnits } from '../../../src-shared/schema/analysis/analyses.ts'
import { asCsv } from '../../../src-shared/util/tables-as-text.ts'
import { encodePng } from '../../data/describe/image-png.ts'
import { replaceFile, writeFileAtomic } from '../../disk/atomic-write.ts'
import { writeNewFolder } from '../../disk/new-folder.ts'
import { encodeNpy } from '../../io/formats/numpy/npy-write.ts'
import { writeZip } from '../../io/formats/zip/zip-write.ts'
import type { ReadAnalysis } from './read-analysis.ts'
import { bytesOf } from './read-analysis.ts'
import { member, names, similarityMembers, similarityTable } from './similarity/export-similarity.ts'

/**
 * Writes an analysis as the ending of the path says: .csv its numbers, .npz everything, and as grey levels the images that a screen
 * shows (a stimulus set); without an ending a new folder of PNGs. Nothing is overwritten. Gives what was written, in words.
 * @throws CotrainError `config-invalid` for another ending, `not-allowed` where something is there
 */
export async function exportAnalysis(whole: ReadAnalysis, path: string): Promise<string> {
  const ending = extname(path).toLowerCase()
  const { made } = whole
  if (ending === '') return imageFolder(whole, path)
  if (ending !== '.csv' && ending !== '.npz')
    throw refuse(
      'config-invalid',
      path,
      'is no file that can be written.',
      'End it with .npz or .csv, or name a new folder for PNGs.',
    )
  if (existsSync(path)) throw refuse('not-allowed', path, 'exists already.', 'Choose a new name.')
  if (!existsSync(dirname(path)))
    throw refuse('file-missing', dirname(path), 'no such folder.', 'Create it first.')
  const ofLayers = !isOfUnits(made.what)
  if (ending === '.csv') {
    await writeFileAtomic(path, asCsv(ofLayers ? similarityTable(made) : numbersTable(whole)))
    return ofLayers ? 'every pair and profile of the layers' : `${made.numbers.length} numbers of ${made.units.length} units` // prettier-ignore
  }
  await replaceFile(path, (temporary) =>
    writeZip(temporary, ofLayers ? similarityMembers(whole) : members(whole)),
  )
  return ofLayers ? `all matrices, profiles and RDMs of ${layersIn(made)} layers` : `all numbers, images and curves of ${made.units.length} units` // prettier-ignore
}

const layersIn = ({ layers }: ReadAnalysis['made']): number =>
  layers.reduce((n, own) => n + own.layers.length, 0)

const refuse = (
  code: 'config-invalid' | 'not-allowed' | 'file-missing',
  path: string,
  message: string,
  hint: string,
) => new CotrainError({ code, path, message, hint })

function numbersTable({ made }: Pick<ReadAnalysis, 'made'>) {
  return {
    header: [
      'area',
      'session',
      'unit',
      ...made.numbers.map(({ name, unit }) => (unit === '' ? name : `${name} (${unit})`)),
    ],
    rows: made.units.map((u, i) => [
      u.area,
      u.session,
      u.unit,
      ...made.numbers.map(({ values }) => values[i] ?? null),
    ]),
  }
}

function members(whole: ReadAnalysis) {
  const { made, arrays } = whole
  const { height, width, channels } = made.size
  return [
    member('session', names(made.units.map(({ session }) => session))),
    member('unit', names(made.units.map(({ unit }) => unit))),
    ...made.numbers.map(
      ({ name, values }) =>
      member(`number/${name}`, encodeNpy(Float32Array.from(values, (v) => v ?? NaN), [values.length])), // prettier-ignore
    ),
    ...[...arrays].map(([name, { data, shape }]) =>
      member(name, encodeNpy(Float32Array.from(data), [...shape])),
    ),
    ...made.maps
      .filter(({ scale }) => scale === 'shown')
      .map(({ name, scale }) => {
        const levels = made.units.map((_, unit) => bytesOf(whole, name, scale, unit))
        const data = new Uint8Array(levels.length * height * width * channels)
        levels.forEach((bytes, i) => data.set(bytes, i * bytes.length))
        return member(`stimuli/${name}`, encodeNpy(data, [levels.length, height, width, channels]))
      }),
  ]
}

async function imageFolder(whole: ReadAnalysis, path: string): Promise<string> {
  const { made } = whole
  if (made.maps.length === 0)
    throw refuse('config-invalid', path, 'this analysis has no images.', 'End the name with .npz or .csv.')
  await writeNewFolder(path, async (folder) => {
    for (const [i, { session, unit }] of made.units.entries())
      for (const { name, scale } of made.maps) {
        const file = `${session}-${unit}-${name}`.replaceAll(/[^\w.-]+/g, '_')
        await writeFile(
          join(folder, `${file}.png`),
          await encodePng(bytesOf(whole, name, scale, i), made.size),
        )
      }
  })
  return `${made.units.length * made.maps.length} PNGs`
}
