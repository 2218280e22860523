import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

export type GoldenArray = Float32Array | Int32Array | Uint8Array

export interface GoldenTensor {
  readonly dtype: 'F32' | 'I32' | 'U8'
  readonly shape: readonly number[]
  readonly data: GoldenArray
}

/** One `<case>.json` with the tensors of the `<case>.safetensors` beside it (none: an empty map). */
export interface GoldenFile {
  readonly name: string
  /** The json; "NaN", "Infinity" and "-Infinity" are numbers here, null still means: not compared. */
  readonly values: unknown
  readonly tensors: ReadonlyMap<string, GoldenTensor>
}

const NOT_FINITE: Readonly<Record<string, number>> = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity }

/** Text of a golden json -> values, with the three non-finite strings turned into numbers. */
export function parseGoldenJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' && Object.hasOwn(NOT_FINITE, value) ? NOT_FINITE[value] : value,
  )
}

interface HeaderEntry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

function typed(dtype: string, bytes: Uint8Array): GoldenArray {
  const copy = Uint8Array.from(bytes).buffer // a copy starts aligned; slice() of a Node Buffer would be a view
  if (dtype === 'F32') return new Float32Array(copy)
  if (dtype === 'I32') return new Int32Array(copy)
  if (dtype === 'U8') return new Uint8Array(copy)
  throw new Error(`tensor type ${dtype} is none of F32, I32, U8`)
}

/** Bytes of a safetensors file -> tensors by name. */
export function parseSafetensors(file: Uint8Array): Map<string, GoldenTensor> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const start = 8 + Number(view.getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, start))) as Record<string, HeaderEntry>
  const tensors = new Map<string, GoldenTensor>()
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const [from, to] = entry.data_offsets
    const data = typed(entry.dtype, file.subarray(start + from, start + to))
    tensors.set(name, { dtype: entry.dtype as GoldenTensor['dtype'], shape: entry.shape, data })
  }
  return tensors
}

/** Reads `<path>.json` and, where it exists, `<path>.safetensors`. `path` may end in `.json`. */
export async function readGolden(path: string): Promise<GoldenFile> {
  const stem = path.replace(/\.json$/, '')
  const values = parseGoldenJson(await readFile(`${stem}.json`, 'utf8'))
  const tensorFile = `${stem}.safetensors`
  const tensors = existsSync(tensorFile)
    ? parseSafetensors(await readFile(tensorFile))
    : new Map<string, GoldenTensor>()
  return { name: basename(stem), values, tensors }
}

/** Every case file of an area folder, by name. */
export async function readGoldenFolder(folder: string): Promise<GoldenFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  return Promise.all(names.map((name) => readGolden(join(folder, name))))
}

/** The tensor of that name, or an error that names the file. */
export function goldenTensor(file: GoldenFile, name: string): GoldenTensor {
  const tensor = file.tensors.get(name)
  if (tensor === undefined) throw new Error(`${file.name}.safetensors has no tensor ${name}`)
  return tensor
}
