import type { Result } from '../../src-shared/contract/contract.ts'
import { diffConfigs, leavesOf } from '../../src-shared/schema/diff.ts'
import type { RunConfig } from '../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../src-shared/schema/run-config.ts'

type Differences = Result<'compare.table'>['differences']

/** The options in which the configs differ, with what is a default in which. */
export function differences(configs: readonly RunConfig[]): Differences {
  return withDefaults(diffConfigs(configs), configs)
}

/** Every option of every config. */
export function allOptions(configs: readonly RunConfig[]): Differences {
  const leaves = configs.map((c) =>
    leavesOf({
      dataset: c.dataset,
      model: c.model,
      trainer: c.trainer,
      seed: c.seed,
      data_seed: c.data_seed,
    }),
  )
  const paths = [...new Set(leaves.flatMap((l) => [...l.keys()]))].sort()
  return withDefaults(
    paths.map((path) => ({ path, values: leaves.map((l) => l.get(path)) })),
    configs,
  )
}

function withDefaults(
  rows: readonly { readonly path: string; readonly values: readonly unknown[] }[],
  configs: readonly RunConfig[],
): Differences {
  const defaults = configs.map(defaultLeaves)
  return rows.map(({ path, values }) => ({
    path,
    values: values.map((value) => value ?? null),
    defaults: values.map((value, i) => JSON.stringify(defaults[i]?.get(path)) === JSON.stringify(value)),
    // JSON has no word for missing.
    absent: values.map((value) => value === undefined),
  }))
}

const known = new Map<string, ReadonlyMap<string, unknown>>()

/** Defaults by path of the same components with nothing set; none when their schema no longer knows them. */
function defaultLeaves({ dataset, model, trainer }: RunConfig): ReadonlyMap<string, unknown> {
  const key = [dataset.fn, model.fn, trainer.fn].join(' ')
  const before = known.get(key)
  if (before !== undefined) return before
  const bare = { dataset: { fn: dataset.fn }, model: { fn: model.fn }, trainer: { fn: trainer.fn } }
  const parsed = parseRunConfig(bare)
  const leaves = leavesOf(parsed.ok ? parsed.value : null)
  known.set(key, leaves)
  return leaves
}
