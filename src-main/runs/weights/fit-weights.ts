import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ImportReport } from '../../engine/model/index.ts'
import { fromPublished, fromRun } from '../../engine/model/index.ts'
import type { NamedArrays, ParamSpec } from '../../engine/types.ts'
import type { PrefixSwap } from './name-prefix.ts'
import { prefixSwap, swapped } from './name-prefix.ts'

/** Weights in our names and layout, and what became of every tensor. */
export interface FittedWeights {
  readonly arrays: NamedArrays
  readonly report: ImportReport
  /** Whose names the file uses: ours, or those of the published PyTorch code (also torchvision's VGG). */
  readonly names: 'own' | 'published'
  /** Prefix that was exchanged on the way; null for none. */
  readonly prefix: PrefixSwap | null
}

/**
 * Fits tensors of any known naming to a model: each reading is tried, with and without exchanging a prefix that nearly all
 * names share, and the one that fits most tensors is taken. A safetensors file of PyTorch weights says so (`format: pt`).
 */
export function fitWeights(
  specs: readonly ParamSpec[],
  arrays: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
): FittedWeights {
  const own = readings(specs, arrays, 'own')
  const published = readings(specs, arrays, 'published')
  const inOrder = metadata['format'] === 'pt' ? [...published, ...own] : [...own, ...published]
  return inOrder.reduce((best, next) => (fit(next) > fit(best) ? next : best))
}

/** Tensors that fit; one whose shape does not is evidence against the reading. */
const fit = ({ report }: FittedWeights): number => report.loaded.length - report.mismatched.length

function readings(
  specs: readonly ParamSpec[],
  arrays: NamedArrays,
  names: FittedWeights['names'],
): readonly FittedWeights[] {
  const read = names === 'own' ? fromRun : fromPublished
  const wanted = specs.map((spec) => (names === 'own' ? spec.name : spec.torch.name))
  const swap = prefixSwap([...arrays.keys()], wanted)
  const plain: FittedWeights = { ...read(specs, arrays), names, prefix: null }
  if (swap === null) return [plain]
  return [plain, { ...read(specs, swapped(arrays, swap)), names, prefix: swap }]
}

/** Every difference between file and model, one a line; empty when they agree in full. */
export function differencesOf({ report }: FittedWeights): readonly string[] {
  return [
    ...report.missing.map((name) => `missing: ${name}`),
    ...report.unused.map((name) => `unused: ${name}`),
    ...report.mismatched.map(
      ({ name, expected, found }) => `other shape: ${name} is ${shape(found)} instead of ${shape(expected)}`,
    ),
  ]
}

const shape = (sizes: readonly number[]): string => (sizes.length === 0 ? 'a number' : sizes.join(' x '))

/** Refuses weights that do not fit in full. @throws CotrainError naming the first differences. */
export function requireFullFit(fitted: FittedWeights, path: string): void {
  const differences = differencesOf(fitted)
  if (differences.length === 0) return
  throw new CotrainError({
    code: 'config-invalid',
    path: 'parent',
    message: `the weights of ${path} do not fit the model (${differences.length} differences): ${differences.slice(0, 5).join('; ')}.`,
    hint: 'Set parent.strict to false to take what fits.',
  })
}

/** Refuses weights of which nothing fits: the run would start from chance under another name. */
export function requireSomeFit({ report }: FittedWeights, path: string): void {
  if (report.loaded.length > 0) return
  throw new CotrainError({
    code: 'config-invalid',
    path: 'parent',
    message: `none of the ${report.unused.length + report.mismatched.length} tensors of ${path} fits the model; the first is ${report.unused[0] ?? report.mismatched[0]?.name ?? 'missing'}.`,
    hint: 'Give weights of the same kind of network.',
  })
}
