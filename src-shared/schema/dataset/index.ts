import type { Component, ConfigsOf } from '../component.ts'
import { imgLoader } from './img-loader.ts'
import { mtlLoader } from './mtl-loader.ts'
import { neuralLoader } from './neural-loader.ts'

const all = [imgLoader, neuralLoader, mtlLoader] as const

/** Every data set that a config can name. */
export const datasets: readonly Component[] = all
/** The options of each, by name. */
export type DatasetConfigs = ConfigsOf<typeof all>
