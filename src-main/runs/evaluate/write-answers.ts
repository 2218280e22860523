import { asCsv } from '../../../src-shared/util/tables-as-text.ts'
import { replaceFile, writeFileAtomic } from '../../disk/atomic-write.ts'
import { createHdf5 } from '../../io/formats/hdf5/hdf5-writer.ts'
import { encodeNpy } from '../../io/formats/numpy/npy-write.ts'
import { writeZip } from '../../io/formats/zip/zip-write.ts'

/** One output of a network for every image. */
export interface AnswerTable {
  /** `v1/<session>/responses`, `img_classification/probabilities`. */
  readonly name: string
  /** Units, or classes. */
  readonly columns: readonly string[]
  /** [images, columns] */
  readonly values: Float32Array
}

/** Writes answers with the names of images, units and classes, as the ending of the path says. */
export async function writeAnswers(
  path: string,
  images: readonly string[],
  tables: readonly AnswerTable[],
): Promise<void> {
  if (/\.csv$/i.test(path)) return writeFileAtomic(path, asCsv(oneTable(images, tables)))
  if (/\.npz$/i.test(path))
    return replaceFile(path, (temporary) => writeZip(temporary, members(images, tables)))
  return replaceFile(path, (temporary) => writeHdf5(temporary, images, tables))
}

const namesOf = (table: AnswerTable): string => `${table.name.slice(0, table.name.lastIndexOf('/'))}/names`

function oneTable(images: readonly string[], tables: readonly AnswerTable[]) {
  const header = [
    'image',
    ...tables.flatMap(({ name, columns }) =>
      columns.map((c) => `${name.slice(0, name.lastIndexOf('/'))}/${c}`),
    ),
  ]
  const rows = images.map((image, i) => [
    image,
    ...tables.flatMap(({ values, columns }) => [
      ...values.subarray(i * columns.length, (i + 1) * columns.length),
    ]),
  ])
  return { header, rows }
}

function members(images: readonly string[], tables: readonly AnswerTable[]) {
  const member = (name: string, bytes: Uint8Array) => ({ name: `${name}.npy`, parts: () => [bytes] })
  return [
    member('images', encodeNpy(images, [images.length])),
    ...tables.flatMap((table) => [
      member(table.name, encodeNpy(table.values, [images.length, table.columns.length])),
      member(namesOf(table), encodeNpy(table.columns, [table.columns.length])),
    ]),
  ]
}

async function writeHdf5(
  path: string,
  images: readonly string[],
  tables: readonly AnswerTable[],
): Promise<void> {
  const file = await createHdf5(path)
  try {
    file.strings('/images', images)
    const groups = new Set(tables.flatMap(({ name }) => parents(name)))
    for (const group of groups) file.group(group)
    for (const table of tables) {
      file.array(`/${table.name}`, table.values, [images.length, table.columns.length])
      file.strings(`/${namesOf(table)}`, table.columns)
    }
  } finally {
    file.close()
  }
}

/** `/v1`, `/v1/a` of `v1/a/responses`. */
function parents(name: string): string[] {
  const parts = name.split('/').slice(0, -1)
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`)
}
