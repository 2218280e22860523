import { statSync } from 'node:fs'
import type * as hl from 'h5wasm/node'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { checked, type Hdf5Module, loadHdf5, openHdf5File } from './hdf5-library.ts'
import { decodeValues, elementKind, type Hdf5Kind, type Hdf5Values } from './hdf5-values.ts'
import { refuseForeign } from '../base/foreign-kind.ts'
import { MAX_DEFLATE_RATIO } from '../base/gzip.ts'
import { invalidFile, missingFile, refusedFile } from '../base/problem.ts'

/** What a path inside the file leads to. */
type NodeKind = 'group' | 'dataset' | 'type' | 'external-link' | 'broken-link'

interface DatasetInfo {
  readonly path: string
  readonly shape: readonly number[]
  readonly kind: Hdf5Kind
  readonly bytesPerElement: number
  /** An enumeration of FALSE and TRUE, as h5py and PyTables store booleans, or a MATLAB logical array. */
  readonly isBoolean: boolean
}

/** One axis of a block: first element and count. */
export type Range = readonly [start: number, count: number]

export interface Hdf5File {
  readonly name: string
  kind(path: string): NodeKind | null
  /** Names of a group's members, sorted. */
  names(path: string): string[]
  dataset(path: string): DatasetInfo
  /** A block of a data set (all of it without `ranges`), row-major. */
  read(path: string, ranges?: readonly Range[]): Hdf5Values
  attributes(path: string): string[]
  /** Value of an attribute: number, string, or a list of several (MatNWB writes lists of one); undefined when it is absent. */
  attribute(path: string, name: string): unknown
  /** Path that an object reference, as `read` gives it, leads to. */
  target(reference: string): string
  close(): void
}

/** Below the library's 2 GiB, with room for the copy it makes while decompressing. */
const MAX_BLOCK_BYTES = 2 ** 30
/** A chunk is decompressed whole; no writer in the field makes them larger. */
const MAX_CHUNK_BYTES = 2 ** 28
const MAX_ATTRIBUTE_BYTES = 2 ** 20
const MAX_RANK = 32
/** deflate, shuffle, fletcher32, nbit, scale-offset: those compiled into the library. */
const KNOWN_FILTERS = new Set([1, 2, 3, 5, 6])

/** Opens an HDF5, MATLAB v7.3 or NWB file for reading. External links, virtual and external storage are refused. */
export async function openHdf5(path: string): Promise<Hdf5File> {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw missingFile(path)
  if (!stat.isFile()) throw invalidFile(path, null, 'expected a file, got a folder.', 'Choose a file.')
  refuseForeign(path)
  const file = await openHdf5File(path, 'r')
  const { Module } = await loadHdf5()
  return reader(path, stat.size, file, Module)
}

function reader(name: string, fileSize: number, file: hl.File, module: Hdf5Module): Hdf5File {
  const id = file.file_id
  const kind = (path: string): NodeKind | null => checked(name, path, () => kindOf(file, path))
  const known = new Map<string, hl.Metadata>()
  const metadata = (path: string): hl.Metadata => {
    const before = known.get(path)
    if (before) return before
    requireDataset(name, path, kind(path))
    const found = checked(name, path, () => module.get_dataset_metadata(id, path))
    checkStorage(name, path, found, fileSize)
    known.set(path, found)
    return found
  }
  return {
    name,
    kind,
    names(path) {
      if (kind(path) !== 'group') throw invalidFile(name, path, 'expected a group.')
      return checked(name, path, () => module.get_names(id, path, false)).sort()
    },
    dataset(path) {
      const found = metadata(path)
      return {
        path,
        shape: shapeOf(found),
        kind: elementKind(found),
        bytesPerElement: found.size,
        isBoolean: isBoolean(found) || readAttribute(name, path, 'MATLAB_class', id, module) === 'logical',
      }
    },
    read(path, ranges) {
      const found = metadata(path)
      const filters: hl.Filter[] = found.chunks
        ? checked(name, path, () => module.get_dataset_filters(id, path))
        : []
      const foreign = filters.find((filter) => !KNOWN_FILTERS.has(filter.id))
      if (foreign)
        throw refusedFile(
          name,
          path,
          `compressed with "${foreign.name || foreign.id}", which is not supported.`,
          'Store it with gzip or uncompressed.',
        )
      const block = blockOf(name, path, shapeOf(found), ranges)
      checkSize(name, path, found, block.elements, fileSize, filters.length > 0)
      return readBlock(name, path, id, module, found, block)
    },
    attributes: (path) => checked(name, path, () => [...module.get_attribute_names(id, path)]).sort(),
    attribute: (path, key) => readAttribute(name, path, key, id, module),
    target: (reference) =>
      checked(name, `reference ${reference}`, () =>
        module.get_referenced_name(id, new Uint8Array(Buffer.from(reference, 'hex')), true),
      ),
    close: () => void file.close(),
  }
}

/** A data set without space holds no value at all; one without axes holds one. */
const shapeOf = ({ shape }: hl.Metadata): readonly number[] => shape ?? [0]

function isBoolean({ enum_type: named }: hl.Metadata): boolean {
  const names = Object.keys(named?.members ?? {}).map((member) => member.toUpperCase())
  return names.length === 2 && names.includes('FALSE') && names.includes('TRUE')
}

/** Kind of the last step of a path; each step is looked at alone, so no link out of the file is followed. */
function kindOf(file: hl.File, path: string): NodeKind | null {
  let at = ''
  let found: NodeKind | null = 'group'
  for (const step of path.split('/').filter((part) => part !== '')) {
    if (found !== 'group') return found === 'dataset' ? null : found
    at += `/${step}`
    const type = (file.get(at) as { type?: string } | null)?.type // every entity behind a path has one
    found = type === undefined ? null : (NODE_KINDS[type] ?? null)
  }
  return found
}

const NODE_KINDS: Readonly<Record<string, NodeKind>> = {
  Dataset: 'dataset',
  Group: 'group',
  Datatype: 'type',
  ExternalLink: 'external-link',
  BrokenSoftLink: 'broken-link',
}

function requireDataset(name: string, path: string, kind: NodeKind | null): void {
  if (kind === 'dataset') return
  if (kind === 'external-link')
    throw refusedFile(name, path, 'is a link into another file.', 'Copy the data into this file.')
  if (kind === null)
    throw new CotrainError({ code: 'file-invalid', path: `${name}, ${path}`, message: 'is missing.' })
  throw invalidFile(name, path, `expected a data set, got a ${kind}.`)
}

function checkStorage(name: string, path: string, found: hl.Metadata, fileSize: number): void {
  const outside = found.virtual_sources?.[0]
  if (outside)
    throw refusedFile(
      name,
      path,
      `takes its values from "${outside.file_name}".`,
      'Copy the data into this file.',
    )
  if (found.shape === null) return
  if (found.shape.length > MAX_RANK || !(elementCount(found.shape) <= Number.MAX_SAFE_INTEGER))
    throw refusedFile(name, path, `its shape ${found.shape.join(' x ')} is beyond all limits.`)
  const chunk = elementCount(found.chunks ?? []) * found.size
  if (found.chunks && chunk > MAX_CHUNK_BYTES && chunk > fileSize)
    throw refusedFile(
      name,
      path,
      `its chunks of ${chunk} bytes are larger than the limit of ${MAX_CHUNK_BYTES}.`,
      'Store it with smaller chunks.',
    )
}

/** Checked before memory is reserved: a few bytes of header can claim any shape. */
function checkSize(
  name: string,
  path: string,
  found: hl.Metadata,
  elements: number,
  fileSize: number,
  filtered: boolean,
): void {
  const bytes = elements * found.size
  const possible = fileSize * (filtered ? MAX_DEFLATE_RATIO : 1)
  if (bytes > possible)
    throw refusedFile(
      name,
      path,
      `claims ${bytes} bytes, more than a file of ${fileSize} bytes can hold.`,
      'The file is damaged.',
    )
  if (bytes > MAX_BLOCK_BYTES)
    throw refusedFile(
      name,
      path,
      `${bytes} bytes are too many for one read; the limit is ${MAX_BLOCK_BYTES}.`,
      'Split the array.',
    )
}

interface Block {
  readonly start: readonly number[]
  readonly count: readonly number[]
  readonly elements: number
}

function blockOf(name: string, path: string, shape: readonly number[], ranges?: readonly Range[]): Block {
  if (ranges && ranges.length !== shape.length)
    throw invalidFile(name, path, `expected ${ranges.length} axes, got ${shape.length}.`)
  const start = shape.map((_, i) => ranges?.[i]?.[0] ?? 0)
  const count = shape.map((n, i) => ranges?.[i]?.[1] ?? n)
  if (shape.some((n, i) => start[i]! < 0 || start[i]! + count[i]! > n))
    throw invalidFile(
      name,
      path,
      `asked for ${count.join(' x ')} from ${start.join(', ')}, its shape is ${shape.join(' x ')}.`,
    )
  return { start, count, elements: elementCount(count) }
}

const elementCount = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

function readBlock(
  name: string,
  path: string,
  id: bigint,
  module: Hdf5Module,
  found: hl.Metadata,
  block: Block,
): Hdf5Values {
  const bytes = block.elements * found.size
  const big = block.count.map(BigInt)
  const pointer = module._malloc(Math.max(1, bytes))
  if (pointer === 0) throw refusedFile(name, path, `there is no memory for ${bytes} bytes.`)
  try {
    module.HEAPU8.fill(0, pointer, pointer + bytes) // where nothing was stored the library writes nothing
    if (block.elements > 0)
      checked(name, path, () =>
        block.count.length === 0
          ? module.get_dataset_data(id, path, null, null, null, BigInt(pointer))
          : module.get_dataset_data(
              id,
              path,
              big,
              block.start.map(BigInt),
              big.map(() => 1n),
              BigInt(pointer),
            ),
      )
    return decodeValues(module, name, path, found, module.HEAPU8.slice(pointer, pointer + bytes))
  } finally {
    if (found.vlen && block.elements > 0 && block.count.length > 0)
      checked(name, path, () => module.reclaim_vlen_memory_count(id, path, '', BigInt(pointer), big))
    module._free(pointer)
  }
}

function readAttribute(name: string, path: string, key: string, id: bigint, module: Hdf5Module): unknown {
  const at = `${path}, attribute ${key}`
  if (!checked(name, path, () => [...module.get_attribute_names(id, path)]).includes(key)) return undefined
  const found = checked(name, at, () => module.get_attribute_metadata(id, path, key))
  if (found.shape === null) return null
  const bytes = elementCount(found.shape) * found.size
  if (bytes > MAX_ATTRIBUTE_BYTES)
    throw refusedFile(name, at, `has ${bytes} bytes, the limit is ${MAX_ATTRIBUTE_BYTES}.`)
  const pointer = module._malloc(Math.max(1, bytes))
  try {
    if (bytes > 0) checked(name, at, () => module.get_attribute_data(id, path, key, BigInt(pointer)))
    const values = decodeValues(module, name, at, found, module.HEAPU8.slice(pointer, pointer + bytes))
    return values.length === 1 ? values[0] : values
  } finally {
    module._free(pointer)
  }
}
