import { CotrainError } from '../../src-shared/contract/errors.ts'
import { wireConfig } from '../../src-shared/contract/run.ts'
import type { RunConfig } from '../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../src-shared/schema/run-config.ts'
import { assumedShapes } from '../runs/assumed-shapes.ts'
import { parseConfigText } from '../runs/config-text.ts'
import { modelCard } from '../runs/model-card.ts'
import { preflight } from '../runs/preflight.ts'
import { readPresets } from '../runs/presets.ts'
import type { Feature, ServiceDeps } from './feature.ts'

export function configMethods({
  workspace,
}: ServiceDeps): Feature<'config.presets' | 'config.parse' | 'config.preflight' | 'config.modelCard'> {
  const { store, describeData, folder, presets } = workspace
  return {
    'config.presets': () => readPresets(presets),
    'config.parse': ({ yaml }) => {
      const { config, given, problems } = parseConfigText(yaml)
      return {
        config: config === null ? null : wireConfig.parse(config),
        given: given ?? null,
        problems: [...problems],
      }
    },
    'config.preflight': ({ config }) => preflight(store, describeData, config, folder),
    'config.modelCard': async ({ config: given, assume }) => {
      const config = validConfig(given)
      if (assume !== null) return modelCard(config, assumedShapes(assume))
      const { shapes, problems, fingerprint } = await describeData(config.dataset, config.data_seed, folder)
      if (problems.length > 0) throw new CotrainError(problems)
      return modelCard(config, shapes ?? (await workspace.shapesOf(config, fingerprint)))
    },
  }
}

/** @throws CotrainError with every problem of the config. */
export function validConfig(given: unknown): RunConfig {
  const parsed = parseRunConfig(given)
  if (!parsed.ok) throw new CotrainError(parsed.problems)
  return parsed.value
}
