import type { ComponentKind } from '../../src-shared/schema/component.ts'
import { findComponent } from '../../src-shared/schema/registry.ts'
import { parseText, setOption } from './config-text.ts'

/** The text with another component chosen. Options that the new one does not know are taken out and named, so that nothing silently means something else. */
export function switchComponent(
  text: string,
  kind: ComponentKind,
  fn: string,
): { text: string; dropped: readonly string[] } {
  const given = (
    parseText(text).given as Record<string, { config?: Record<string, unknown> } | undefined> | null
  )?.[kind]
  const known = new Set(Object.keys(findComponent(kind, fn)?.schema.shape ?? {}))
  const dropped = Object.keys(given?.config ?? {}).filter((key) => !known.has(key))
  let next = setOption(text, [kind, 'fn'], fn)
  for (const key of dropped) next = setOption(next, [kind, 'config', key], undefined)
  return { text: next, dropped }
}
