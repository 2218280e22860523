import type { Model, ParamSpec } from '../types.ts'

export interface FreezeOptions {
  /** "core", "readout", tasks (v1, v4) or parts of parameter names. */
  readonly freeze: readonly string[]
  readonly readoutName: string
}

const TASK_BLOCKS: Readonly<Record<string, string>> = { v1: 'v1_block', v4: 'v4_block' }

function isFrozen(spec: ParamSpec, word: string, readoutName: string): boolean {
  if (word === 'core') return !spec.name.includes(readoutName)
  if (word === 'readout') return spec.name.includes(readoutName)
  const block = TASK_BLOCKS[word]
  return block === undefined ? spec.name.includes(word) : spec.block === block
}

/** Parameters that are trained: all but those born frozen and those that the options name. */
export function trainableNames(model: Model, { freeze, readoutName }: FreezeOptions): readonly string[] {
  return model.specs
    .filter((spec) => spec.kind === 'parameter' && !spec.frozen)
    .filter((spec) => !freeze.some((word) => isFrozen(spec, word, readoutName)))
    .map((spec) => spec.name)
}

/** Parameters and statistics to re-initialise before training: "all", or those of the named layers. */
export function resetNames(model: Model, reset: readonly string[]): readonly string[] {
  const all = reset.includes('all')
  return model.specs
    .filter((spec) => all || reset.some((layer) => spec.name.includes(`${layer}.`) || spec.torch.name.includes(`${layer}.`)))
    .map((spec) => spec.name)
}
