import type { PlainConfig } from '../../src-shared/schema/component.ts'
import { parseChoice } from '../../src-shared/schema/run-config.ts'
import type { ModelShapes } from '../../src-main/engine/model/index.ts'
import { buildModel } from '../../src-main/engine/model/index.ts'
import type { Model } from '../../src-main/engine/types.ts'

/** A model from the options that differ from the defaults. */
export function configuredModel(fn: string, config: PlainConfig, shapes: ModelShapes): Model {
  const parsed = parseChoice('model', fn, config, 'model')
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => `${p.path}: ${p.message}`).join('; '))
  return buildModel(parsed.value, shapes)
}

export const images = (size: number, channels = 3) => ({ height: size, width: size, channels })
