import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { effectiveOptions, publishedClassNames } from '../../src-shared/schema/published/effective-options.ts'
import {
  pythonText,
  upstreamHash,
  type PyEntries,
  type PyValue,
} from '../../src-shared/util/upstream-hash.ts'
import { exactOutcome, expectFailure } from './compare-exact.ts'
import { type GoldenCase, type GoldenOutcome, notComparable } from './golden-case.ts'

export const area = 'configs'

interface HashCase {
  readonly value: PyValue
  readonly python_repr?: string
  readonly hash: string
}

interface ConfigCase {
  readonly class: string
  readonly kwargs: { readonly $dict: PyEntries }
  readonly effective?: { readonly $dict: PyEntries }
  readonly hash?: string
  readonly error?: string
}

interface ConfigFile {
  readonly hashes?: readonly HashCase[]
  readonly configs?: readonly ConfigCase[]
}

/** Dicts as key-sorted pairs with types kept: order does not count, 1 and 1.0 differ, null counts. */
function comparable(value: PyValue): unknown {
  if (value === null) return 'None'
  if (typeof value !== 'object') return [typeof value, value]
  if (Array.isArray(value)) return ['list', value.map(comparable)]
  if ('$float' in value) return ['float', value.$float]
  if ('$tuple' in value) return ['tuple', value.$tuple.map(comparable)]
  const [kind, entries] =
    '$dict' in value ? ['dict', value.$dict] : ['ordered', (value as { $ordered: PyEntries }).$ordered]
  const pairs = entries.map(([key, v]) => [comparable(key), comparable(v), pythonText(key)] as const)
  if (kind === 'dict') pairs.sort((a, b) => (a[2] < b[2] ? -1 : 1))
  return [kind, pairs]
}

async function runConfig(entry: ConfigCase): Promise<GoldenOutcome> {
  if (!publishedClassNames.includes(entry.class))
    notComparable(`no configuration class ${entry.class} is known here`)
  const resolve = (): PyValue => effectiveOptions(entry.class, entry.kwargs.$dict)
  if (entry.error !== undefined) return expectFailure(resolve, entry.error)
  const effective = resolve()
  const expected = { effective: entry.effective && comparable(entry.effective), hash: entry.hash }
  return exactOutcome({ effective: comparable(effective), hash: upstreamHash(effective) }, expected)
}

/** Hashes of plain values, then resolved options and hash of each configuration, from every file. */
export async function cases(folder: string): Promise<GoldenCase[]> {
  const path = join(folder, area)
  const names = existsSync(path) ? (await readdir(path)).filter((name) => name.endsWith('.json')).sort() : []
  const lists = await Promise.all(
    names.map(async (name) => {
      const file = JSON.parse(await readFile(join(path, name), 'utf8')) as ConfigFile // golden files are ours to trust
      const stem = name.replace(/\.json$/, '')
      const hashes = (file.hashes ?? []).map((entry, i) => ({
        name: `${stem}/hash ${i}: ${entry.python_repr ?? ''}`,
        run: async () => exactOutcome(upstreamHash(entry.value), entry.hash),
      }))
      const configs = (file.configs ?? []).map((entry, i) => ({
        name: `${stem}/config ${i}: ${entry.class}`,
        run: () => runConfig(entry),
      }))
      return [...hashes, ...configs]
    }),
  )
  return lists.flat()
}
