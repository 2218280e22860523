import type { Result } from '../../src-shared/contract/contract.ts'
import type { ComponentKind, PlainConfig } from '../../src-shared/schema/component.ts'
import type { FormField } from '../../src-shared/schema/form.ts'
import { formOf } from '../../src-shared/schema/form.ts'
import { findComponent } from '../../src-shared/schema/registry.ts'
import type { Resolution } from '../../src-shared/schema/resolve.ts'
import { resolve } from '../../src-shared/schema/resolve.ts'
import { compactYaml } from './compact-yaml.ts'

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
  const kept = differing(resolve(component, choice.config), formOf(component.schema), '')
  return Object.keys(kept).length === 0 ? { fn: choice.fn } : { fn: choice.fn, config: kept }
}

/** The options that are not what would stand there anyway. Such defaults hang on values alone, so that all others can go at once. */
function differing(resolution: Resolution, fields: readonly FormField[], prefix: string): PlainConfig {
  const kept: Record<string, unknown> = {}
  for (const field of fields) {
    const path = `${prefix}${field.key}`
    const option = resolution.options.get(path)
    if (option === undefined || !option.changed) continue
    const isOpen = field.kind === 'group' && option.value !== null
    kept[field.key] = isOpen ? partsOf(resolution, field, path) : option.value
  }
  return kept
}

/** A group that is on because something stands in it keeps its first option. */
function partsOf(resolution: Resolution, field: FormField, path: string): PlainConfig {
  const parts = differing(resolution, field.fields ?? [], `${path}.`)
  const first = field.fields?.[0]?.key
  const needsOne = field.default === null && Object.keys(parts).length === 0 && first !== undefined
  return needsOne ? { [first]: resolution.options.get(`${path}.${first}`)?.value } : parts
}
