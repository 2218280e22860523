import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OptimizerName } from '../../../src-main/engine/optim/index.ts'
import type { ModelShapes } from '../../../src-main/engine/model/index.ts'
import type { Route, TaskName } from '../../../src-main/engine/types.ts'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import type { Recipe } from '../../golden/golden-tensors.ts'

const FOLDER = join(import.meta.dirname, '../../fixtures/published')

export type Family = 'models' | 'composed' | 'losses' | 'regularisers' | 'measures'

/** With what the numbers were made. */
interface Made {
  readonly torch: string
  readonly seed: number
  readonly commits: Readonly<Record<string, string>>
}

/** Shape, seed, scale and offset of a recipe. */
export type ShortRecipe = readonly [shape: readonly number[], seed: number, scale: number, offset: number]

/** `[sum, sum of squares, product with the numbers of seed 0, evenly spaced entries]` in the published layout. */
export type Checksum = readonly number[]

/** Numbers of one published network: test/golden/make/record.py says how they come about. */
export interface NetworkFixture {
  readonly case: string
  readonly made: Made
  readonly called: string
  readonly note?: string
  /** Every model of ours that is this network. */
  readonly ours: readonly { readonly fn: string; readonly config: PlainConfig }[]
  readonly shapes: ModelShapes
  readonly routes: readonly Route[]
  /** [batch, channels, height, width] by task */
  readonly input: Readonly<Partial<Record<TaskName, readonly number[]>>>
  readonly classes: number
  /** Shapes of eye positions and behaviour. */
  readonly trial: Readonly<Partial<Record<'pupil' | 'behavior', readonly number[]>>>
  readonly loss: {
    readonly name: string
    readonly options: { readonly lossSum: boolean; readonly avgLoss: boolean }
  }
  readonly regularized: boolean
  readonly dataSize: number
  readonly optimizer: { readonly name: OptimizerName; readonly options: Readonly<Record<string, unknown>> }
  /** How far the published code in float32 is from these numbers, which it gave in float64. */
  readonly precision: Readonly<Record<'values' | 'losses' | 'gradients' | 'after', number>>
  readonly tensors: Readonly<Record<string, ShortRecipe>>
  readonly constants: Readonly<Record<string, Checksum>>
  readonly values: readonly (readonly number[])[]
  readonly penalties: readonly number[]
  /** Shape and seed of each draw of every step. */
  readonly noise: readonly (readonly (readonly number[])[])[]
  readonly losses: readonly number[]
  readonly gradients: Readonly<Record<string, Checksum>>
  readonly after: readonly Readonly<Record<string, Checksum>>[]
}

export const published = <T>(family: Family, name: string): T =>
  JSON.parse(readFileSync(join(FOLDER, family, `${name}.json`), 'utf8')) as T

/** Names of all cases of a family. */
export const publishedNames = (family: Family): readonly string[] =>
  readdirSync(join(FOLDER, family))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace(/\.json$/, ''))
    .sort()

export const asRecipe = ([shape, seed, scale, offset]: ShortRecipe): Recipe => ({
  shape,
  seed,
  scale,
  offset,
})
