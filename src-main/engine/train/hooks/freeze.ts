import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Model, ParamSpec } from '../../types.ts'

export interface FreezeOptions {
  /** "core", "readout", tasks (v1, v4) or parts of parameter names. */
  readonly freeze: readonly string[]
  readonly readoutName: string
}

const TASK_BLOCKS: Readonly<Record<string, string>> = { v1: 'v1_block', v4: 'v4_block' }

/** Whether a tensor belongs to a readout: the name says so here or in the published model, or it is a readout by construction. */
export const inReadout = (spec: ParamSpec, readoutName: string): boolean =>
  spec.name.includes(readoutName) || spec.torch.name.includes(readoutName) || spec.block === 'readout'

function isFrozen(spec: ParamSpec, word: string, readoutName: string): boolean {
  if (word === 'core') return !inReadout(spec, readoutName)
  if (word === 'readout') return inReadout(spec, readoutName)
  const block = TASK_BLOCKS[word]
  return block === undefined
    ? spec.name.includes(word) || spec.torch.name.includes(word)
    : spec.block === block
}

/**
 * Parameters that are trained: all but those born frozen and those that the options name.
 * @throws CotrainError for a word that names nothing, and when nothing is left to train.
 */
export function trainableNames(model: Model, { freeze, readoutName }: FreezeOptions): readonly string[] {
  const parameters = model.specs.filter((spec) => spec.kind === 'parameter')
  for (const word of freeze) {
    if (!parameters.some((spec) => isFrozen(spec, word, readoutName)))
      throw unknownWord('freeze', word, model)
  }
  const left = parameters.filter(
    (spec) => !spec.frozen && !freeze.some((word) => isFrozen(spec, word, readoutName)),
  )
  if (left.length > 0) return left.map((spec) => spec.name)
  throw new CotrainError({
    code: 'config-invalid',
    path: 'trainer.config.freeze.freeze',
    message: `nothing is left to train: ${freeze.join(', ') || 'the model'} freezes all ${parameters.length} parameter tensors.`,
    hint: 'Freeze fewer parts, or check readout_name.',
  })
}

/** What a layer of weights, norm or statistics has; readouts of units are not re-initialised by "all" (as published). */
const LAYER_ROLES: ReadonlySet<ParamSpec['role']> = new Set(['weight', 'norm', 'statistic'])

function belongsToLayer(model: Model, spec: ParamSpec): boolean {
  if (LAYER_ROLES.has(spec.role)) return true
  const layer = spec.name.slice(0, spec.name.lastIndexOf('.') + 1)
  return spec.role === 'bias' && model.specs.some((s) => s.role === 'weight' && s.name.startsWith(layer))
}

/**
 * Parameters and statistics to re-initialise before training: "all" layers with weights or norms, or those of the named
 * layers. @throws CotrainError for a layer that the model does not have.
 */
export function resetNames(model: Model, reset: readonly string[]): readonly string[] {
  const names = new Set<string>()
  for (const word of reset) {
    const ofLayer = (name: string): boolean => `.${name}`.includes(`.${word}.`)
    const found = model.specs.filter((spec) =>
      word === 'all' ? belongsToLayer(model, spec) : ofLayer(spec.name) || ofLayer(spec.torch.name),
    )
    if (found.length === 0) throw unknownWord('reset', word, model)
    for (const spec of found) names.add(spec.name)
  }
  return [...names]
}

function unknownWord(field: string, word: string, model: Model): CotrainError {
  const blocks = [...new Set(model.specs.map((spec) => spec.block))]
  return new CotrainError({
    code: 'config-invalid',
    path: `trainer.config.freeze.${field}`,
    message: `nothing in the model is called "${word}".`,
    hint: `Use part of a parameter name, for example of ${model.specs[0]?.name ?? 'a layer'}; the blocks are ${blocks.join(', ')}.`,
  })
}
