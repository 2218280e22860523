import { existsSync } from 'node:fs'
import type { Evaluation } from '../../../src-shared/contract/evaluation.ts'
import { isOwnResult } from '../../../src-shared/contract/evaluation.ts'
import type { NeuronTable } from '../../../src-shared/contract/run.ts'
import type { NamedArray, NamedArrays } from '../../engine/types.ts'
import { readSafetensors } from '../../io/formats/tensors/safetensors.ts'
import { evaluationArrays, readEvaluation, readEvaluations } from '../../store/files/evaluation-files.ts'
import { readResult } from '../../store/files/run-folder.ts'
import type { RunStore } from '../../store/run-store.ts'

/** Results per neuron and class of a run; empty while it has none. */
export function readArrays(store: RunStore, id: string): NamedArrays {
  return arraysOf(store.files(id).arrays)
}

const arraysOf = (path: string): NamedArrays => (existsSync(path) ? readSafetensors(path).arrays : new Map())

/** Results per neuron of the final evaluation; columns that training did not make come from evaluations of the same data since. */
export function neuronTables(store: RunStore, id: string): NeuronTable[] {
  const { folder } = store.files(id)
  const later = readEvaluations(folder).filter(isOwnResult)
  const arrays = later.flatMap(({ key }) => [...arraysOf(evaluationArrays(folder, key))])
  return tablesOf([...arrays.reverse(), ...readArrays(store, id)], readResult(folder)?.units ?? {})
}

/** What was scored after training, newest first. */
export const evaluationsOf = (store: RunStore, id: string): Evaluation[] =>
  readEvaluations(store.files(id).folder)

/** Results per neuron of one evaluation. */
export function evaluatedNeurons(store: RunStore, id: string, key: string): NeuronTable[] {
  const { folder } = store.files(id)
  const units = readEvaluation(folder, key)?.units ?? {}
  return tablesOf(arraysOf(evaluationArrays(folder, key)), units)
}

/** One table per session, from arrays named `neurons/<area>/<session>/<column>`; session names may contain slashes. */
function tablesOf(
  arrays: Iterable<readonly [string, NamedArray]>,
  names: Readonly<Record<string, readonly string[]>>,
): NeuronTable[] {
  const tables = new Map<string, NeuronTable>()
  for (const [name, array] of arrays) {
    const parts = name.split('/')
    if (parts[0] !== 'neurons' || parts.length < 4) continue
    const [area, session, column] = [parts[1]!, parts.slice(2, -1).join('/'), parts.at(-1)!]
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
