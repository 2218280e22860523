import type { ChoiceOf, Component, ComponentKind } from './component.ts'
import type { DatasetConfigs } from './dataset/index.ts'
import { datasets } from './dataset/index.ts'
import type { ModelConfigs } from './model/index.ts'
import { models } from './model/index.ts'
import { ownModels } from './plugin/own-parts.ts'
import type { TrainerConfigs } from './trainer/index.ts'
import { trainers } from './trainer/index.ts'

export type { DatasetConfigs, ModelConfigs, TrainerConfigs }
export type DatasetChoice = ChoiceOf<DatasetConfigs>
export type ModelChoice = ChoiceOf<ModelConfigs>
export type TrainerChoice = ChoiceOf<TrainerConfigs>
/** What a config chooses of each kind. */
export interface Choices {
  readonly dataset: DatasetChoice
  readonly model: ModelChoice
  readonly trainer: TrainerChoice
}

/** Every dataset, model and trainer of CoTrain. A new one is one new file and one line in its folder's index. */
export const components: Readonly<Record<ComponentKind, readonly Component[]>> = {
  dataset: datasets,
  model: models,
  trainer: trainers,
}

/** Every one that a config can name, those of trusted plug-ins behind our own. */
export const componentsOf = (kind: ComponentKind): readonly Component[] =>
  kind === 'model' ? [...components.model, ...ownModels()] : components[kind]

export function findComponent(kind: ComponentKind, fn: string): Component | undefined {
  return componentsOf(kind).find((c) => c.fn === fn)
}
