import type { Component, ConfigsOf } from '../component.ts'
import { cotrainer } from './cotrainer.ts'
import { nnvisionTrainer } from './nnvision-trainer.ts'

const all = [cotrainer, nnvisionTrainer] as const

/** Every trainer that a config can name. */
export const trainers: readonly Component[] = all
/** The options of each, by name. */
export type TrainerConfigs = ConfigsOf<typeof all>
