import type { RunConfig } from './run-config.ts'

/** One option that is not the same in all compared configs. */
export interface ConfigDifference {
  /** Dotted path: `trainer.config.optimizer_options.lr`. */
  readonly path: string
  /** One value per config, undefined where the option does not exist. */
  readonly values: readonly unknown[]
}

/** Leaves of nested plain data by dotted path; lists count as leaves. */
export function leavesOf(value: unknown, path = ''): ReadonlyMap<string, unknown> {
  const out = new Map<string, unknown>()
  collect(value, path, out)
  return out
}

function collect(value: unknown, path: string, out: Map<string, unknown>): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) out.set(path, value)
  else
    for (const [key, inner] of Object.entries(value))
      collect(inner, path === '' ? key : `${path}.${key}`, out)
}

/** Labels are how a person tells runs apart, not how the runs differ. */
const NOT_SETTINGS: ReadonlySet<string> = new Set(['name', 'comment', 'tags'])

/** The options in which the given configs, or the same parts of them, differ, sorted by path. */
export function diffConfigs(configs: readonly Partial<RunConfig>[]): readonly ConfigDifference[] {
  const leaves = configs.map((c) => leavesOf(c))
  const paths = new Set(leaves.flatMap((l) => [...l.keys()]))
  const out: ConfigDifference[] = []
  for (const path of [...paths].sort()) {
    if (NOT_SETTINGS.has(path)) continue
    const values = leaves.map((l) => l.get(path))
    if (new Set(values.map((v) => JSON.stringify(v))).size > 1) out.push({ path, values })
  }
  return out
}
