import type { PlainConfig } from '../../src-shared/schema/component.ts'
import { parseComponent } from '../../src-shared/schema/component.ts'
import { findComponent } from '../../src-shared/schema/registry.ts'
import type { ModelShapes } from '../../src-main/engine/model/index.ts'
import { buildModel } from '../../src-main/engine/model/index.ts'
import type { Model } from '../../src-main/engine/types.ts'

/** A model from the options that differ from the defaults. */
export function configuredModel(fn: string, config: PlainConfig, shapes: ModelShapes): Model {
  const known = findComponent('model', fn)
  if (known === undefined) throw new Error(`no model ${fn}`)
  const parsed = parseComponent(known, config, 'model.config')
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => `${p.path}: ${p.message}`).join('; '))
  return buildModel(fn, parsed.value, shapes)
}

export const images = (size: number, channels = 3) => ({ height: size, width: size, channels })
