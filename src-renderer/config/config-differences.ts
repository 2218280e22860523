import type { ConfigDifference } from '../../src-shared/schema/diff.ts'
import { diffConfigs } from '../../src-shared/schema/diff.ts'
import type { RunConfig } from '../../src-shared/schema/run-config.ts'

const KINDS = ['dataset', 'model', 'trainer'] as const

/**
 * The options in which two configs differ. Where another data set, model or trainer stands there, its options are others
 * too: then the component itself is the one difference.
 */
export function editorDifferences(there: RunConfig, here: RunConfig): readonly ConfigDifference[] {
  const others = KINDS.filter((kind) => there[kind].fn !== here[kind].fn)
  return diffConfigs([there, here]).filter(({ path }) =>
    others.every((kind) => path === `${kind}.fn` || !path.startsWith(`${kind}.`)),
  )
}

/** What has to be set, and to what, so that a difference is gone; `there` is the other config as written. */
export function takenBack(
  paths: readonly string[],
  there: unknown,
): readonly { readonly path: string; readonly value: unknown }[] {
  return paths.map((path) => {
    const whole = path.endsWith('.fn') ? path.slice(0, -'.fn'.length) : path
    return { path: whole, value: written(there, whole) }
  })
}

/** The value at a path of a config as written; undefined where the default holds. */
const written = (given: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, key) => (at !== null && typeof at === 'object' ? (at as Record<string, unknown>)[key] : undefined),
      given,
    )
