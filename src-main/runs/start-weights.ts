import type { RunConfig } from '../../src-shared/schema/run-config.ts'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import type { Model, NamedArrays } from '../engine/types.ts'
import { readSafetensors } from '../io/formats/safetensors.ts'
import type { RunStore } from '../store/run-store.ts'

/** How two sets of tensors fit; each name is in exactly one list. */
export interface LoadReport {
  readonly loaded: readonly string[]
  readonly missing: readonly string[]
  readonly unused: readonly string[]
  readonly mismatched: readonly string[]
}

/** Compares by name and shape. */
export function loadReport(model: Model, arrays: NamedArrays): LoadReport {
  const loaded: string[] = []
  const missing: string[] = []
  const mismatched: string[] = []
  for (const { name, shape } of model.specs) {
    const found = arrays.get(name)
    if (found === undefined) missing.push(name)
    else if (found.shape.join() === shape.join()) loaded.push(name)
    else mismatched.push(`${name} (${found.shape.join('x')} instead of ${shape.join('x')})`)
  }
  const known = new Set(model.specs.map(({ name }) => name))
  return { loaded, missing, mismatched, unused: [...arrays.keys()].filter((name) => !known.has(name)) }
}

/** Weights of the parent run or file that fit this model, with a report in the log; null without a parent. */
export function readStartWeights(
  store: RunStore,
  parent: RunConfig['parent'] | { run: string | null; file: string | null; use: string; strict: boolean },
  model: Model,
  log: (text: string, level: 'info' | 'warn') => void,
): NamedArrays | null {
  if (parent === null || parent.use === 'data') return null
  const path = parent.file ?? (parent.run === null ? null : store.files(store.resolve(parent.run)).weights)
  if (path === null) return null
  const { arrays } = readSafetensors(path)
  const report = loadReport(model, arrays)
  const faults = [
    ...report.missing.map((name) => `missing: ${name}`),
    ...report.unused.map((name) => `unused: ${name}`),
    ...report.mismatched.map((name) => `other shape: ${name}`),
  ]
  log(`${report.loaded.length} of ${model.specs.length} tensors taken from ${path}.`, 'info')
  if (faults.length > 0 && parent.strict) {
    const message = `the weights do not fit the model (${faults.length} differences): ${faults.slice(0, 5).join('; ')}.`
    throw new CotrainError({
      code: 'config-invalid',
      path: 'parent',
      message,
      hint: 'Set parent.strict to false to take what fits.',
    })
  }
  for (const fault of faults) log(fault, 'warn')
  return new Map(
    report.loaded.map((name) => [name, arrays.get(name)] as const).filter((e) => e[1] !== undefined),
  ) as NamedArrays
}
