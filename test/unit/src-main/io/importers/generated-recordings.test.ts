import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import { findImporter } from '../../../../../src-main/io/importers/registry.ts'
import { createRng, type Rng } from '../../../../../src-shared/util/rng.ts'
import { difference } from '../../../../support/recordings/compare.ts'
import type { Truth, Written } from '../../../../support/recordings/truth.ts'
import { writeArrays } from '../../../../support/recordings/write-arrays.ts'
import {
  writeCsv,
  writeFileTree,
  writePickle,
  writeImages,
  writeStack,
  writeStatic,
} from '../../../../support/recordings/write-layouts.ts'
import { writeNwb } from '../../../../support/recordings/write-nwb.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

/**
 * Random recordings through every format: an import gives the truth, or refuses with a reason. COTRAIN_RECORDINGS=2000 looks
 * further than a run of all tests, COTRAIN_RECORDINGS_SEED elsewhere.
 */
const COUNT = Number(process.env['COTRAIN_RECORDINGS'] ?? 220)
const SEED = Number(process.env['COTRAIN_RECORDINGS_SEED'] ?? 20261128)

type Write = (
  folder: string,
  rng: Rng,
) => { written: Written; truth: Truth } | Promise<{ written: Written; truth: Truth }>

const FORMATS: Readonly<Record<string, Write>> = {
  npz: (folder, rng) => writeArrays('npz', folder, rng),
  'npy folder': (folder, rng) => writeArrays('npy folder', folder, rng),
  HDF5: (folder, rng) => writeArrays('hdf5', folder, rng),
  'MATLAB 5': (folder, rng) => writeArrays('mat5', folder, rng),
  'MATLAB 7.3': (folder, rng) => writeArrays('mat7.3', folder, rng),
  NWB: writeNwb,
  'Sensorium folder': writeFileTree,
  'static HDF5': writeStatic,
  table: writeCsv,
  pickle: writePickle,
  'images and responses': writeImages,
  'image array and responses': writeStack,
}

const root = temporaryFolder()
const perFormat = Math.ceil(COUNT / Object.keys(FORMATS).length)
const table: string[] = []

test.each(Object.entries(FORMATS))(
  '%s: equal to what was written, or refused with a reason',
  async (format, write) => {
    const differences: string[] = []
    const reasons = new Map<string, number>()
    let equal = 0
    for (let i = 0; i < perFormat; i++) {
      const folder = join(root, format.replaceAll(' ', '-'), String(i))
      mkdirSync(folder, { recursive: true })
      const { written, truth } = await write(folder, createRng(SEED).fork(format).fork(i))
      try {
        const set = await findImporter(written.kind).read(written.path, written.options, folder)
        const found = await difference(set, truth, written)
        if (found === null) equal++
        else
          differences.push(
            `${i}: ${found.slice(0, 300)} (options ${JSON.stringify(written.options).slice(0, 300)})`,
          )
      } catch (error) {
        if (!(error instanceof CotrainError)) throw error
        const { message, hint = '', asks = [] } = error.problems[0] ?? { message: '' }
        const named = [...hint.matchAll(/\boptions? (\w+)/g)].map(([, option = '']) => option)
        // A form offers what is asked for, so whatever the words name has to be there.
        expect([message !== '', hint !== '', named.filter((option) => !asks.includes(option))], hint).toEqual(
          [...[true, true, []]],
        )
        const reason = `${message} ${hint}`.replace(/[\d.]+/g, 'n').slice(0, 110)
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
    }
    const refused = [...reasons.values()].reduce((a, b) => a + b, 0)
    table.push(`${format}: ${equal} equal, ${refused} refused, ${differences.length} different`)
    if (process.env['COTRAIN_RECORDINGS'] !== undefined)
      console.log(
        [table.at(-1), ...[...reasons].map(([reason, count]) => `  ${count} x ${reason}`)].join('\n'),
      )
    expect(differences).toEqual([])
    expect(equal, [...reasons.keys()].join('\n')).toBeGreaterThan(perFormat / 4) // refusing everything is no import
  },
  600_000,
)
