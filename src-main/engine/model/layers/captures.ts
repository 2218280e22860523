import type { ForwardContext, ModelOutput } from '../../types.ts'
import type { Taken } from './layer.ts'

/** Names that a config gives to module paths (`get_intermediate_rep`: path -> name). */
export type Aliases = Readonly<Record<string, string>>

/** The context with aliases replaced by the module paths that they stand for. */
export function withPaths(context: ForwardContext, aliases: Aliases): ForwardContext {
  if (context.capture === undefined) return context
  const byName = new Map(Object.entries(aliases).map(([path, name]) => [name, path]))
  return { ...context, capture: new Set([...context.capture].map((name) => byName.get(name) ?? name)) }
}

/** What was taken, under the names that the caller asked for. */
export function named(
  taken: Taken,
  context: ForwardContext,
  aliases: Aliases,
): ModelOutput['representations'] {
  if (context.capture === undefined) return taken
  const byName = new Map(Object.entries(aliases).map(([path, name]) => [name, path]))
  const out: Taken = new Map()
  for (const name of context.capture) {
    const value = taken.get(byName.get(name) ?? name)
    if (value !== undefined) out.set(name, value)
  }
  return out
}
