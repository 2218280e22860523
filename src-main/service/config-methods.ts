import { basename, resolve } from 'node:path'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import { wireConfig } from '../../src-shared/contract/run.ts'
import type { RunConfig } from '../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../src-shared/schema/run-config.ts'
import { assumedShapes } from '../runs/create/assumed-shapes.ts'
import { readConfigFile } from '../runs/create/config-file.ts'
import { parseConfigText } from '../runs/create/config-text.ts'
import { asRunConfigText } from '../runs/create/nnfabrik-text.ts'
import { shippedOffers } from '../runs/create/offers.ts'
import { readPresets } from '../runs/create/presets.ts'
import { placedRuns } from '../runs/queue/placed-runs.ts'
import { planRecipe } from '../runs/create/recipe-plan.ts'
import { readRecipes } from '../runs/create/recipes.ts'
import { advanceFamilies } from '../runs/families/advance.ts'
import { queueAsFamily } from '../runs/families/families.ts'
import type { Feature, ServiceDeps } from './feature.ts'

type ConfigMethods =
  | 'config.presets'
  | 'config.offers'
  | 'config.read'
  | 'config.parse'
  | 'config.preflight'
  | 'config.warmUp'
  | 'config.modelCard'
  | 'recipes.list'
  | 'recipes.plan'
  | 'recipes.queue'

export function configMethods({ workspace }: ServiceDeps): Feature<ConfigMethods> {
  const { store, queue, supervisor, describeData, shapesOf, folder, presets } = workspace
  const recipes = { store, queue, describeData, shapesOf, presets, folder, timed: workspace.timed }
  return {
    'config.presets': () => readPresets(presets),
    'config.offers': () => shippedOffers(workspace),
    'config.read': async ({ path }) => ({
      name: basename(path),
      yaml: asRunConfigText(await readConfigFile(resolve(folder, path))),
    }),
    'config.parse': ({ yaml }) => {
      const { config, given, problems } = parseConfigText(yaml)
      return {
        config: config === null ? null : wireConfig.parse(config),
        given: given ?? null,
        problems: [...problems],
      }
    },
    'config.preflight': async ({ config, original }) => {
      const { preflight } = await import('../runs/create/preflight.ts')
      return preflight(workspace, config, original === null ? null : store.resolve(original))
    },
    'config.warmUp': async ({ config }) => ({
      ...(await workspace.warmUp(validConfig(config))),
      workingRuns: placedRuns(store).length,
    }),
    'recipes.list': () => readRecipes(presets),
    'recipes.plan': (request) => planRecipe(recipes, request),
    'recipes.queue': async (request) => {
      const queued = await queueAsFamily(recipes, request)
      // A search of which nothing waits has to be asked for its next trial.
      await advanceFamilies(recipes)
      await supervisor.tick()
      return queued
    },
    'config.modelCard': async ({ config: given, assume }) => {
      const config = validConfig(given)
      // Models bring TensorFlow.js along, which the first view can do without.
      const { modelCard } = await import('../runs/create/model-card.ts')
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
