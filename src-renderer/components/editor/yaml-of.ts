import type { Result } from '../../../src-shared/contract/contract.ts'
import type { FormField } from '../../../src-shared/schema/form.ts'
import { findComponent } from '../../../src-shared/schema/registry.ts'
import type { ComponentKind } from '../../../src-shared/schema/component.ts'
import { formOf } from '../../../src-shared/schema/form.ts'
import { compactYaml } from './compact-yaml.ts'
import { effectiveOptions, sameValue } from './form-state.ts'

type UsedConfig = Result<'runs.get'>['config']
const KINDS: readonly ComponentKind[] = ['dataset', 'model', 'trainer']

/** A used config as the shortest text that means the same: only what differs from the defaults. */
export function yamlOf(config: UsedConfig): string {
  const parts = KINDS.map((kind) => [kind, chosen(kind, config[kind])] as const)
  const rest = {
    ...(config.data_seed === 1000 ? {} : { data_seed: config.data_seed }),
    ...(config.parent === null ? {} : { parent: config.parent }),
    ...(config.comment === '' ? {} : { comment: config.comment }),
    ...(config.tags.length === 0 ? {} : { tags: config.tags }),
  }
  return compactYaml({ name: config.name, ...Object.fromEntries(parts), seed: config.seed, ...rest })
}

function chosen(kind: ComponentKind, choice: UsedConfig['dataset']): object {
  const component = findComponent(kind, choice.fn)
  if (component === undefined) return choice
  // Derived defaults depend on what was chosen: only plain defaults are left out before they are computed.
  const fields = formOf(component.schema)
  const derived = new Set(Object.keys(component.derive ?? {}))
  const plain = Object.fromEntries(
    fields.filter((f) => !derived.has(f.key)).map((f) => [f.key, differing(f, choice.config[f.key])]),
  )
  const kept = Object.fromEntries(Object.entries(plain).filter(([, v]) => v !== undefined))
  const { fallbacks } = effectiveOptions(component, kept)
  for (const key of derived) {
    if (!sameValue(choice.config[key], fallbacks[key])) kept[key] = choice.config[key]
  }
  return Object.keys(kept).length === 0 ? { fn: choice.fn } : { fn: choice.fn, config: kept }
}

/** The part of a value that differs from the default; undefined when nothing does. */
function differing(field: FormField, value: unknown): unknown {
  if (value === undefined || sameValue(value, field.default)) return undefined
  if (field.kind !== 'group' || value === null || typeof value !== 'object') return value
  const inner = (field.fields ?? []).map(
    (f) => [f.key, differing(f, (value as Record<string, unknown>)[f.key])] as const,
  )
  return Object.fromEntries(inner.filter(([, v]) => v !== undefined))
}
