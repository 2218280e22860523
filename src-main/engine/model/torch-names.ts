import type { NamedArray, NamedArrays, ParamSpec } from '../types.ts'
import { fromTorch, toTorch, viewOf } from './torch-layout.ts'
import { torchvisionNames, vggLayerOf } from './vgg/exchange-names.ts'

/** What became of each tensor of an imported file. */
export interface ImportReport {
  /** Our names that got their values. */
  readonly loaded: readonly string[]
  /** Our names without a counterpart in the file. */
  readonly missing: readonly string[]
  /** Names of the file that the model has no place for. */
  readonly unused: readonly string[]
  readonly mismatched: readonly {
    readonly name: string
    readonly expected: readonly number[]
    readonly found: readonly number[]
  }[]
}

/** Wrappers of the published code that put their name in front of every tensor. */
const PREFIXES = ['module.', '_model.']
/** Batch counter of torch's batch norm; kept as it is, without use here. */
const COUNTER = 'num_batches_tracked'

/** Our tensors under the published names and in the published layout, ready for `load_state_dict(strict=True)`. */
export function toPublished(specs: readonly ParamSpec[], arrays: NamedArrays): NamedArrays {
  const out = new Map<string, NamedArray>()
  for (const spec of specs) {
    const array = arrays.get(spec.name)
    if (array === undefined) throw new Error(`no values for tensor ${spec.name}`)
    const data = toTorch(spec, array.data)
    const published: NamedArray = { shape: viewOf(spec).stored, dtype: 'float32', data }
    for (const name of [spec.torch.name, ...(spec.torch.aliases ?? [])]) out.set(name, published)
    if (spec.torch.name.endsWith('running_var')) {
      const counter = spec.torch.name.replace(/running_var$/, COUNTER)
      out.set(counter, { shape: [], dtype: 'int32', data: Int32Array.of(0) })
    }
  }
  return out
}

/** Values for our tensors and what became of each name. */
export interface Imported {
  readonly arrays: NamedArrays
  readonly report: ImportReport
}

/**
 * A published state dict as our tensors: the model's own names, with or without wrapper prefixes, or torchvision's VGG names.
 * What does not fit is reported, never guessed.
 */
export function fromPublished(specs: readonly ParamSpec[], published: NamedArrays): Imported {
  const given = new Map([...published].map(([name, array]) => [withoutPrefix(name), array]))
  const others = torchvisionNames(specs)
  return importAll(specs, given, {
    nameOf: (spec) => [spec.torch.name, others.get(spec.name)],
    shapeOf: (spec) => viewOf(spec).stored,
    convert: (spec, data) => fromTorch(spec, data),
  })
}

/** Tensors of another run of ours: equal names first, then the same VGG layer in whatever block it is there. */
export function fromRun(specs: readonly ParamSpec[], arrays: NamedArrays): Imported {
  const byLayer = new Map([...arrays.keys()].map((name) => [vggLayerOf(name), name]))
  return importAll(specs, arrays, {
    nameOf: (spec) => [spec.name, byLayer.get(vggLayerOf(spec.name) ?? '')],
    shapeOf: (spec) => spec.shape,
    convert: (_spec, data) => Float32Array.from(data),
  })
}

interface ImportRules {
  /** Names to look for, in order of preference. */
  nameOf(spec: ParamSpec): readonly (string | undefined)[]
  shapeOf(spec: ParamSpec): readonly number[]
  convert(spec: ParamSpec, data: ArrayLike<number>): Float32Array
}

function importAll(specs: readonly ParamSpec[], given: NamedArrays, rules: ImportRules): Imported {
  const arrays = new Map<string, NamedArray>()
  const mismatched: ImportReport['mismatched'][number][] = []
  const missing: string[] = []
  const used = new Set<string>()
  for (const spec of specs) {
    const name = rules.nameOf(spec).find((n) => n !== undefined && given.has(n))
    const found = name === undefined ? undefined : given.get(name)
    if (name === undefined || found === undefined) {
      missing.push(spec.name)
      continue
    }
    used.add(name)
    const expected = rules.shapeOf(spec)
    if (sameShape(expected, found.shape)) {
      arrays.set(spec.name, { shape: spec.shape, dtype: 'float32', data: rules.convert(spec, found.data) })
    } else mismatched.push({ name: spec.name, expected, found: found.shape })
  }
  for (const name of specs.flatMap((s) => s.torch.aliases ?? [])) used.add(name)
  const unused = [...given.keys()].filter((name) => !used.has(name) && !name.endsWith(COUNTER))
  return { arrays, report: { loaded: [...arrays.keys()], missing, unused, mismatched } }
}

function withoutPrefix(name: string): string {
  const prefix = PREFIXES.find((p) => name.startsWith(p))
  return prefix === undefined ? name : withoutPrefix(name.slice(prefix.length))
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i])
