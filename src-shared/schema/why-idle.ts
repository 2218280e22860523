import type { Problem } from '../contract/errors.ts'
import { show } from './problem-words.ts'
import type { PlainConfig, Resolution, Rules } from './resolve.ts'
import { isMap } from './resolve.ts'

/** Why an option of a config that does not apply has no effect: the options that decide it, as they stand. */
export function whyIdle(
  { applies = {} }: Rules,
  resolution: Resolution,
  path: string,
): Pick<Problem, 'message' | 'hint'> {
  const rule = applies[path]
  const deciding = rule === undefined ? [] : readsOf(rule, resolution)
  const settings = deciding.map((at) => `${at}: ${show(resolution.options.get(at)?.value)}`)
  return {
    message: `this option has no effect with ${settings.join(' and ') || 'the other settings'}.`,
    hint: `Remove it, or change ${deciding.join(' or ') || 'the setting that it depends on'}.`,
  }
}

/** Paths of the options that a rule looks at; groups by their parts. */
function readsOf(rule: (config: PlainConfig) => unknown, { config, options }: Resolution): readonly string[] {
  const reads = new Set<string>()
  const watched = (at: PlainConfig, prefix: string): PlainConfig =>
    new Proxy(at, {
      get: (target, key) => {
        const path = `${prefix}${String(key)}`
        const value = target[String(key)]
        if (isMap(value) && options.get(path)?.field.kind === 'group') return watched(value, `${path}.`)
        reads.add(path)
        return value
      },
    })
  rule(watched(config, ''))
  return [...reads].filter((path) => options.has(path))
}
