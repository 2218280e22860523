import type { Component, ComponentKind } from './component.ts'
import { datasets } from './dataset/index.ts'
import { models } from './model/index.ts'
import { trainers } from './trainer/index.ts'

/** Every dataset, model and trainer that a config can name. A new one is one new file and one line in its folder's index. */
export const components: Readonly<Record<ComponentKind, readonly Component[]>> = {
  dataset: datasets,
  model: models,
  trainer: trainers,
}

export function findComponent(kind: ComponentKind, fn: string): Component | undefined {
  return components[kind].find((c) => c.fn === fn)
}
