import type { Result } from '../../../src-shared/contract/contract.ts'
import type { ComponentKind } from '../../../src-shared/schema/component.ts'
import { diffConfigs, leavesOf } from '../../../src-shared/schema/diff.ts'
import { findComponent } from '../../../src-shared/schema/registry.ts'
import type { Resolution } from '../../../src-shared/schema/resolve.ts'
import { isMap, resolve, sameValue } from '../../../src-shared/schema/resolve.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { runConfigSchema } from '../../../src-shared/schema/run-config.ts'

type Differences = Result<'compare.table'>['differences']
const KINDS: readonly ComponentKind[] = ['dataset', 'model', 'trainer']

/**
 * The options that tell the configs apart, with what is a default in which. Of components that are not the same one those
 * that somebody chose: their defaults say no more than their names.
 */
export function differences(configs: readonly RunConfig[]): Differences {
  const isShared = (kind: string): boolean =>
    !KINDS.some((k) => k === kind) || new Set(configs.map((c) => c[kind as ComponentKind].fn)).size === 1
  const isChosen = ({ path, defaults, absent }: Differences[number]): boolean =>
    path.endsWith('.fn') || defaults.some((isUsual, i) => !isUsual && absent?.[i] !== true)
  return withDefaults(diffConfigs(configs), configs).filter(
    (row) => isShared(row.path.split('.')[0] ?? '') || isChosen(row),
  )
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
  const resolved = resolvedParts()
  const defaults = configs.map((config) => defaultsOf(config, resolved))
  return rows.map(({ path, values }) => ({
    path,
    values: values.map((value) => value ?? null),
    defaults: values.map((value, i) => defaults[i]?.(path, value) === true),
    // JSON has no word for missing.
    absent: values.map((value) => value === undefined),
  }))
}

type IsDefault = (path: string, value: unknown) => boolean

/** Configs are frozen when a run is queued, and a comparison is asked for several times. */
const known = new WeakMap<RunConfig, IsDefault>()

/** Whether a value is what stands at a path when nobody chose it; false for options that the schema does not know (any more). */
function defaultsOf(config: RunConfig, resolved: ResolvedParts): IsDefault {
  const before = known.get(config)
  if (before !== undefined) return before
  // The parts have options of their own: beside them there is no need to read them again.
  const run = resolve(
    { schema: runConfigSchema },
    { ...config, dataset: undefined, model: undefined, trainer: undefined },
  )
  const parts = new Map(KINDS.map((kind) => [kind as string, resolved(kind, config[kind])]))
  const isUsual: IsDefault = (path, value) => {
    const [kind = '', part = '', ...keys] = path.split('.')
    return part === 'config'
      ? isDefault(parts.get(kind), keys, value)
      : isDefault(run, path.split('.'), value)
  }
  known.set(config, isUsual)
  return isUsual
}

type ResolvedParts = (kind: ComponentKind, part: RunConfig[ComponentKind]) => Resolution | undefined

/** The parts of several configs with all options; equal ones, as the seeds of a setting have them, once. */
function resolvedParts(): ResolvedParts {
  const done = new Map<string, Resolution | undefined>()
  return (kind, part) => {
    const key = `${kind} ${JSON.stringify(part)}`
    if (!done.has(key)) {
      const component = findComponent(kind, part.fn)
      done.set(key, component === undefined ? undefined : resolve(component, part.config))
    }
    return done.get(key)
  }
}

/** Entries of maps have no option of their own: the map's default says what they are. */
function isDefault(resolution: Resolution | undefined, keys: readonly string[], value: unknown): boolean {
  for (let depth = keys.length; depth > 0; depth--) {
    const option = resolution?.options.get(keys.slice(0, depth).join('.'))
    if (option === undefined) continue
    const entry = keys
      .slice(depth)
      .reduce<unknown>((at, key) => (isMap(at) ? at[key] : undefined), option.fallback)
    return sameValue(entry, value)
  }
  return false
}
