import { existsSync } from 'node:fs'
import type { NeuronTable } from '../../src-shared/contract/run.ts'
import type { NamedArray, NamedArrays } from '../engine/types.ts'
import { readSafetensors } from '../io/formats/safetensors.ts'
import { readResult } from '../store/run-folder.ts'
import type { RunStore } from '../store/run-store.ts'

/** Results per neuron and class of a run; empty while it has none. */
export function readArrays(store: RunStore, id: string): NamedArrays {
  const { arrays } = store.files(id)
  return existsSync(arrays) ? readSafetensors(arrays).arrays : new Map()
}

/** One table per session, from arrays named `neurons/<area>/<session>/<column>`; session names may contain slashes. */
export function neuronTables(store: RunStore, id: string): NeuronTable[] {
  const tables = new Map<string, NeuronTable>()
  const names = readResult(store.files(id).folder)?.units ?? {}
  for (const [name, array] of readArrays(store, id)) {
    const parts = name.split('/')
    if (parts[0] !== 'neurons' || parts.length < 4) continue
    const [area, session, column] = [parts[1] as string, parts.slice(2, -1).join('/'), parts.at(-1) as string]
    const key = `${area}/${session}`
    const count = array.shape[0] ?? 0
    const known = tables.get(key)
    const units = known?.units ?? unitNames(names[session], count)
    tables.set(key, { session, area, units, columns: { ...known?.columns, [column]: valuesOf(array) } })
  }
  return [...tables.values()]
}

/** Confusion counts [true class][answer]; null without classification. */
export function confusionOf(
  store: RunStore,
  id: string,
): { classNames: string[]; counts: number[][] } | null {
  const array = readArrays(store, id).get('confusion')
  const classes = array?.shape[0] ?? 0
  if (array === undefined || classes === 0) return null
  const known = readResult(store.files(id).folder)?.classNames ?? []
  const classNames = Array.from({ length: classes }, (_, i) => known[i] ?? `class ${i}`)
  const counts = classNames.map((_, i) => Array.from(array.data.subarray(i * classes, (i + 1) * classes)))
  return { classNames, counts }
}

const valuesOf = (array: NamedArray): (number | null)[] =>
  Array.from(array.data, (value) => (Number.isFinite(value) ? value : null))

const unitNames = (known: readonly string[] | undefined, count: number): string[] =>
  known?.length === count ? [...known] : Array.from({ length: count }, (_, i) => `unit ${i + 1}`)
