import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { bytesSource, openFile, withFile } from '../../formats/base/byte-source.ts'
import { type Hdf5File, openHdf5 } from '../../formats/hdf5/hdf5.ts'
import { isMat5 } from '../../formats/matlab/mat5.ts'
import { type NpyArray, readNpyFrom, readNpyHeader } from '../../formats/numpy/npy.ts'
import { dtypeName, type NumpyValues } from '../../formats/numpy/numpy-dtype.ts'
import { invalidFile, missingFile } from '../../formats/base/problem.ts'
import { openZip } from '../../formats/zip/zip.ts'
import { isSparse, mat5Arrays, matlabOutline, readMatlab } from './matlab-arrays.ts'

/** One array of a file, as a tree browser lists it. Paths use slashes; groups are their prefixes. */
export interface ArrayInfo {
  readonly path: string
  readonly shape: readonly number[]
  /** float32, uint8, text, ... ; `other` cannot be read. */
  readonly type: string
}

interface StoredArray {
  readonly shape: readonly number[]
  readonly values: NumpyValues
  /** Stored as booleans: NumPy bool, MATLAB logical, HDF5 enumeration of FALSE and TRUE. */
  readonly isBoolean: boolean
}

/** Named arrays of an .npz, a folder of .npy files, an HDF5 or a MATLAB v7.3 file, read alike. */
export interface ArraySource {
  readonly name: string
  list(): ArrayInfo[]
  read(path: string): StoredArray
  close(): void
}

const MAX_NODES = 20_000
const MAX_DEPTH = 16

/** Opens any file with named arrays, told by content and extension. */
export async function openArrays(path: string): Promise<ArraySource> {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw missingFile(path, 'no such file or folder.')
  if (stat.isDirectory()) return npyFolder(path)
  if (/\.npy$/i.test(path)) return singleNpy(path)
  if (/\.(npz|zip)$/i.test(path)) return npzFile(path)
  if (withFile(path, isMat5)) return mat5Arrays(path)
  return hdf5Arrays(path, await openHdf5(path))
}

/** The .npy files directly in a folder, sorted. */
export const arrayFiles = (path: string): string[] =>
  readdirSync(path)
    .filter((name) => /\.npy$/i.test(name))
    .sort()
    .map((name) => join(path, name))

const npyFolder = (path: string): ArraySource =>
  npySource(
    path,
    arrayFiles(path).map((file) => ({ name: basename(file).slice(0, -'.npy'.length), file })),
  )

const singleNpy = (path: string): ArraySource =>
  npySource(path, [{ name: basename(path, '.npy'), file: path }])

function npySource(
  root: string,
  parts: readonly { readonly name: string; readonly file: string }[],
): ArraySource {
  const find = (name: string): string => {
    const part = parts.find((candidate) => candidate.name === name)
    if (!part)
      throw unknownArray(
        root,
        name,
        parts.map((candidate) => candidate.name),
      )
    return part.file
  }
  return {
    name: root,
    list: () =>
      parts.map(({ name, file }) => {
        const source = openFile(file)
        try {
          const { shape, dtype } = readNpyHeader(source)
          return { path: name, shape, type: dtypeName(dtype) }
        } finally {
          source.close()
        }
      }),
    read(name) {
      const source = openFile(find(name))
      try {
        return storedArray(readNpyFrom(source))
      } finally {
        source.close()
      }
    },
    close: () => undefined,
  }
}

function npzFile(path: string): ArraySource {
  const source = openFile(path)
  try {
    const zip = openZip(source)
    const names = zip.entries.map(({ name }) => name).filter((name) => name.endsWith('.npy'))
    const open = (name: string): ReturnType<typeof bytesSource> =>
      bytesSource(`${path}, ${name}`, zip.read(`${name}.npy`))
    const stems = names.map((name) => name.slice(0, -'.npy'.length))
    return {
      name: path,
      list: () =>
        stems.map((name) => {
          const { shape, dtype } = readNpyHeader(open(name))
          return { path: name, shape, type: dtypeName(dtype) }
        }),
      read(name) {
        if (!stems.includes(name)) throw unknownArray(path, name, stems)
        return storedArray(readNpyFrom(open(name)))
      },
      close: () => source.close(),
    }
  } catch (error) {
    source.close()
    throw error
  }
}

function hdf5Arrays(path: string, file: Hdf5File): ArraySource {
  return {
    name: path,
    list: () => listHdf5(file),
    read: (name) => readMatlab(file, name),
    close: () => file.close(),
  }
}

const storedArray = ({ shape, values, dtype }: NpyArray): StoredArray => ({
  shape,
  values,
  isBoolean: dtype.kind === 'b',
})

/** All data sets of an HDF5 file, depth first. Links out of the file and MATLAB's hidden groups are left out. */
export function listHdf5(file: Hdf5File): ArrayInfo[] {
  const found: ArrayInfo[] = []
  let visited = 0
  const walk = (group: string, depth: number): void => {
    for (const name of file.names(group)) {
      if (++visited > MAX_NODES || depth > MAX_DEPTH) return
      if (name.startsWith('#')) continue
      const path = group === '/' ? `/${name}` : `${group}/${name}`
      const kind = file.kind(path)
      if (kind === 'group' && isSparse(file, path)) found.push({ path, shape: [], type: 'other' })
      else if (kind === 'group') walk(path, depth + 1)
      else if (kind === 'dataset') found.push({ path, ...matlabOutline(file, path) })
    }
  }
  walk('/', 0)
  return found
}

function unknownArray(file: string, name: string, known: readonly string[]): Error {
  return invalidFile(file, name, 'there is no such array.', `It has: ${known.slice(0, 20).join(', ')}.`)
}
