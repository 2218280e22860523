import type { ComponentKind, PlainConfig } from './component.ts'

/** Dotted path -> value. `null` goes back to the default, lists are replaced, maps are merged, `{ $set: x }` puts x there as it is. */
export type Patch = Readonly<Record<string, unknown>>

const KINDS: ReadonlySet<string> = new Set<ComponentKind>(['dataset', 'model', 'trainer'])

/** The keys of a path; options of a component may be named without `config`: `trainer.lr_decay`. */
export function optionPath(path: string): readonly string[] {
  const keys = path.split('.')
  const [kind = '', next = ''] = keys
  const isShort = KINDS.has(kind) && keys.length > 1 && next !== 'config' && next !== 'fn'
  return isShort ? [kind, 'config', ...keys.slice(1)] : keys
}

const isMap = (value: unknown): value is PlainConfig =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** A config as written, with a patch laid over it; the config itself is not changed. */
export function applyPatch(given: PlainConfig, patch: Patch): PlainConfig {
  return Object.entries(patch).reduce<PlainConfig>(
    (config, [path, value]) => (put(config, optionPath(path), value) ?? {}) as PlainConfig,
    given,
  )
}

function put(at: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return merged(at, value)
  const map = isMap(at) ? at : {}
  const next = value === null && rest.length === 0 ? undefined : put(map[key], rest, value)
  const { [key]: _old, ...others } = map
  // In place, so that the order of options stays.
  if (next !== undefined) return { ...map, [key]: next }
  if (!isMap(at)) return at
  return Object.keys(others).length === 0 ? undefined : others
}

function merged(at: unknown, value: unknown): unknown {
  if (!isMap(value)) return value
  if (Object.keys(value).length === 1 && '$set' in value) return value['$set']
  return Object.entries(value).reduce<unknown>((map, [key, inner]) => put(map, [key], inner), at ?? {})
}

/** The value at a path of a config as written; undefined where it has none. */
export function valueAt(given: unknown, path: string): unknown {
  return optionPath(path).reduce<unknown>((at, key) => (isMap(at) ? at[key] : undefined), given)
}
