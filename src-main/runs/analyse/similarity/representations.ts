import type { AnalysisOptions } from '../../../../src-shared/schema/analysis/analyses.ts'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { Reducer } from '../../../engine/analysis/feature-reducer.ts'
import { patternOf, reducerOf } from '../../../engine/analysis/feature-reducer.ts'
import type { LayerFeatures } from '../../../engine/analysis/layer-features.ts'
import { layerFeatures } from '../../../engine/analysis/layer-features.ts'
import type { Progress } from '../../../engine/analysis/responder.ts'
import { centredGram, unbiasedGram } from '../../../engine/eval/similarity/cka.ts'
import type { Features, ImageMatrix } from '../../../engine/eval/similarity/features.ts'
import { rdm } from '../../../engine/eval/similarity/rdm.ts'
import type { ReadyRdm } from '../../../engine/eval/similarity/rsa.ts'
import { readyRdm } from '../../../engine/eval/similarity/rsa.ts'
import type { Components } from '../../../engine/eval/similarity/svcca.ts'
import { principalComponents } from '../../../engine/eval/similarity/svcca.ts'
import type { ImageSet } from './image-set.ts'
import type { OpenedLayers } from './opened-layers.ts'

export type SimilarityOptions = AnalysisOptions<'similarity'>

/** All that two representations of the images are compared by. */
export interface Representation {
  readonly centred: ImageMatrix
  readonly unbiased: ImageMatrix
  readonly rdm: ReadyRdm
  readonly components: Components
}

/** A layer made ready to be compared. */
export interface ComparedLayer extends Representation, Omit<LayerFeatures, 'features'> {
  /** How many features it has. */
  readonly dims: number
}

/** `pattern`: what RDMs are made of, where that is not all features. */
export function representationOf(
  features: Features,
  { dissimilarity, rsa, components }: SimilarityOptions,
  pattern = features,
): Representation {
  const centred = centredGram(features)
  return {
    centred,
    unbiased: unbiasedGram(centred),
    rdm: readyRdm(rdm(pattern, dissimilarity), rsa),
    components: principalComponents(centred, components),
  }
}

/** What the layers of a network make of the images. */
export async function comparedLayers(
  { passes, layers }: OpenedLayers,
  images: Pick<ImageSet, 'count' | 'values'>,
  options: SimilarityOptions,
  rng: Rng,
  progress: Progress,
): Promise<readonly ComparedLayer[]> {
  const reducers = new Map<string, Reducer>()
  const made = await layerFeatures(
    passes,
    layers,
    images,
    ({ shape }) => {
      const key = shape.join()
      const known = reducers.get(key) ?? reducerOf(shape, options.features, options.reduction, rng)
      reducers.set(key, known)
      return known
    },
    (done) => progress(done / 2),
  )
  return made.map(({ features, ...layer }, i) => {
    const pattern = options.dissimilarity === 'correlation' ? patternOf(features, layer.rule) : features
    const own = representationOf(features, options, pattern)
    progress((1 + (i + 1) / made.length) / 2)
    return { ...layer, ...own, dims: features.dims }
  })
}
