import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface NumpyFiles {
  readonly pickle: Readonly<Record<string, string>>
  readonly npy: Readonly<Record<string, string>>
  readonly mat5: Readonly<Record<string, string>>
  readonly cifar: Readonly<Record<string, string>>
  readonly session: Readonly<Record<string, string>>
  readonly npz: string
}

const stored = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/data/numpy-files.json'), 'utf8'),
) as NumpyFiles

const decode = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
const decodeAll = (files: Readonly<Record<string, string>>): Map<string, Uint8Array> =>
  new Map(Object.entries(files).map(([name, text]) => [name, decode(text)]))

/** Files written by NumPy and SciPy themselves, by name. */
export const numpyFiles = {
  pickle: decodeAll(stored.pickle),
  npy: decodeAll(stored.npy),
  mat5: decodeAll(stored.mat5),
  cifar: decodeAll(stored.cifar),
  session: decodeAll(stored.session),
  npz: decode(stored.npz),
}
