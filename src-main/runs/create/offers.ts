import type { DataNeed, Offer } from '../../../src-shared/contract/calls/config.ts'
import { wireConfig } from '../../../src-shared/contract/run.ts'
import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { dataNeeds, withStandIns } from '../../data/places/data-needs.ts'
import { readRecords } from '../../data/places/library-records.ts'
import type { Workspace } from '../home/workspace.ts'
import { parseConfigText } from './config-text.ts'
import type { Preset } from './presets.ts'
import { readPresets } from './presets.ts'
import { expandedRecipe } from './recipe-plan.ts'
import { readRecipes } from './recipes.ts'

export type OfferDeps = Pick<Workspace, 'presets' | 'home' | 'folder' | 'timed'>

type NeedsOf = (choice: DatasetChoice) => DataNeed[]

/** What every shipped config and recipe needs and costs here. Texts that are no config are left out: the editor names their faults. */
export async function shippedOffers(deps: OfferDeps): Promise<Offer[]> {
  const records = await readRecords(deps)
  const needsOf: NeedsOf = (choice) => dataNeeds(choice, { ...deps, records })
  return [
    ...readPresets(deps.presets).flatMap((preset) => presetOffer(preset, needsOf, deps)),
    ...readRecipes(deps.presets).map((recipe) => recipeOffer(recipe, needsOf, deps)),
  ]
}

function presetOffer({ id, yaml }: Preset, needsOf: NeedsOf, deps: OfferDeps): Offer[] {
  const { config } = parseConfigText(yaml, id)
  if (config === null) return []
  const needs = needsOf(config.dataset)
  const facts = costOf(config, needs, deps)
  return [{ id, kind: 'preset', needs: placed(needs, 'dataset.config'), asks: [], runs: 1, ...facts }]
}

/** Stands for the id of a run that a recipe asks for, to learn what else it needs. */
const SOME_RUN = '0'.repeat(10)

function recipeOffer({ id, yaml }: Preset, needsOf: NeedsOf, deps: OfferDeps): Offer {
  const { inputs } = expandedRecipe(deps, { recipe: yaml, inputs: {} }).recipe
  const asked = Object.entries(inputs).filter(([, input]) => input.default === '')
  const told = Object.fromEntries(asked.map(([name]) => [name, SOME_RUN]))
  const { recipe, runs } = expandedRecipe(deps, { recipe: yaml, inputs: told })
  const all = runs.flatMap(({ config }) => needsOf(config.dataset))
  const needs = [...new Map(all.map((need) => [`${need.part} ${need.name}`, need])).values()]
  const first = asked.length === 0 ? runs[0]?.config : undefined
  const facts = first === undefined ? { config: null, seconds: null } : costOf(first, needs, deps)
  const isWritten = typeof recipe.baseline === 'object'
  return {
    ...{ id, kind: 'recipe', asks: asked.map(([, input]) => input.label), runs: runs.length },
    needs: isWritten ? placed(needs, 'baseline.dataset.config') : needs.map(unplaced),
    ...facts,
  }
}

function costOf(
  config: RunConfig,
  needs: readonly DataNeed[],
  { timed }: OfferDeps,
): Pick<Offer, 'config' | 'seconds'> {
  const ready = { ...config, dataset: withStandIns(config.dataset, needs) }
  return { config: wireConfig.parse(ready), seconds: timed(ready)?.seconds?.total ?? null }
}

/** Where the text has the options that name the sets. */
const placed = (needs: readonly DataNeed[], above: string): DataNeed[] =>
  needs.map(({ standIn, ...need }) => ({
    ...need,
    standIn: standIn === null ? null : { ...standIn, path: `${above}.${standIn.path}` },
  }))

/** A recipe that only names its configs has no place for another set. */
const unplaced = (need: DataNeed): DataNeed =>
  need.standIn === null ? need : { ...need, state: 'missing', standIn: null }
