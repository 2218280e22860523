import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadCanonical, openCanonical, verifyCanonical } from '../../src-main/io/canonical/read.ts'
import { openHdf5 } from '../../src-main/io/formats/hdf5/hdf5.ts'
import { listHdf5 } from '../../src-main/io/importers/mapped/array-source.ts'
import { findImporter } from '../../src-main/io/importers/registry.ts'
import { fuzz } from './fuzz.ts'

/**
 * Runs one HDF5 reader on a range of damaged inputs in this process and prints, after each, its number and outcome; the
 * parent starts another process behind an input that ends this one. Arguments: reader, sample file, folder, from, to.
 */
async function canonical(path: string): Promise<void> {
  const file = await openCanonical(path)
  try {
    loadCanonical(file)
    await verifyCanonical(file)
  } finally {
    file.close()
  }
}

async function browse(path: string): Promise<void> {
  const file = await openHdf5(path)
  try {
    for (const { path: at, type } of listHdf5(file)) if (type !== 'other') file.read(at)
    for (const name of file.attributes('/')) file.attribute('/', name)
  } finally {
    file.close()
  }
}

const [reader = '', sample = '', folder = '', from = '0', to = '0'] = process.argv.slice(2)
const input = join(folder, `${reader}.h5`)
const READERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  canonical,
  browse,
  nwb: (path) => findImporter('nwb').read(path, {}, folder),
  'static-hdf5': (path) => findImporter('static-hdf5').read(path, {}, folder),
}

const bytes = new Uint8Array(readFileSync(sample))
for (let i = Number(from); i < Number(to); i++) {
  const outcome = await fuzz(
    reader,
    [bytes],
    (damaged) => {
      writeFileSync(input, damaged)
      return READERS[reader]?.(input)
    },
    [i, i + 1],
  )
  writeFileSync(1, `${JSON.stringify({ i, ...outcome })}\n`)
}
rmSync(input, { force: true })
writeFileSync(1, `${JSON.stringify({ peakKb: process.resourceUsage().maxRSS })}\n`)
