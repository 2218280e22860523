import { components, findComponent } from '../../src-shared/schema/registry.ts'
import type { Resolution } from '../../src-shared/schema/resolve.ts'
import { isMap, resolve, sameValue } from '../../src-shared/schema/resolve.ts'
import { runConfigSchema } from '../../src-shared/schema/run-config.ts'
import { hasCommentedEntries, parseText, setOption } from './config-text.ts'

/**
 * The text in which an option has this value, as short as it can be: what stands there anyway is not written down,
 * unless entries of it that stay have comments.
 * `undefined` takes the option out; `{}` switches a group on.
 */
export function chooseOption(text: string, path: readonly string[], value: unknown): string {
  const { above, keys, resolution } = placeOf(text, path)
  const at = [...above, ...resolution.written(keys)]
  const without = setOption(text, at, undefined)
  if (value === undefined) return without
  const isNow = (next: string, wanted: unknown): boolean => sameValue(optionIn(next, path)?.value, wanted)
  const field = resolution.options.get(keys.join('.'))?.field
  if (field?.kind === 'group' && isMap(value) && Object.keys(value).length === 0) {
    const on = [without, setOption(text, at, {})].find((next) => isMap(optionIn(next, path)?.value))
    if (on !== undefined) return on
    // Published configs write {} for a group that is off: one of its options has to be there.
    const first = field.fields?.[0]
    return first === undefined ? text : setOption(text, at, { [first.key]: first.default })
  }
  const put = setOption(text, at, value)
  return isNow(without, value) && !hasCommentedEntries(put, at) ? without : put
}

/** The option at a path of a text; undefined where there is none now. */
export function optionIn(text: string, path: readonly string[]) {
  const { keys, resolution } = placeOf(text, path)
  return resolution.options.get(keys.join('.'))
}

interface Place {
  /** Keys above the options: none for those of the run, kind and `config` for those of a component. */
  readonly above: readonly string[]
  readonly keys: readonly string[]
  readonly resolution: Resolution
}

function placeOf(text: string, path: readonly string[]): Place {
  const given = parseText(text).given
  const [kind = '', part = '', ...keys] = path
  const choice = isMap(given) && isMap(given[kind]) ? given[kind] : {}
  const known =
    isKind(kind) && typeof choice['fn'] === 'string' ? findComponent(kind, choice['fn']) : undefined
  if (known === undefined || part !== 'config')
    return { above: [], keys: path, resolution: resolve({ schema: runConfigSchema }, given) }
  return { above: [kind, part], keys, resolution: resolve(known, choice['config']) }
}

const isKind = (word: string): word is keyof typeof components => Object.hasOwn(components, word)
