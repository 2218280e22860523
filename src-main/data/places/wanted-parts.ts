import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import type { NeuralOptions } from '../../../src-shared/schema/dataset/neural-fields.ts'
import type { DatasetChoice, DatasetConfigs } from '../../../src-shared/schema/registry.ts'
import type { NeuralSet } from '../../engine/types.ts'

/** The parts of a dataset config that some task needs. */
export interface Wanted {
  readonly images: ImageOptions | null
  readonly neural: readonly { readonly area: NeuralSet; readonly options: NeuralOptions }[]
}

/** Keys under which the combined loader has its parts; a loader of one part has its options itself. */
export const PART_KEYS = {
  img_classification: 'img_dataset_dict',
  v1: 'v1_dataset_dict',
  v4: 'v4_dataset_dict',
} as const

export function wantedParts(choice: DatasetChoice): Wanted {
  const name: string = choice.fn // a stored config may name a data set of another version
  switch (choice.fn) {
    case 'img_loader':
      return { images: choice.config, neural: [] }
    case 'neural_loader':
      return { images: null, neural: [areaOf(choice.config)] }
    case 'mtl_loader':
      return combined(choice.config)
    default:
      throw new CotrainError({
        code: 'config-invalid',
        path: 'dataset.fn',
        message: `no data set is called "${name}".`,
        hint: 'Use img_loader, neural_loader or mtl_loader.',
      })
  }
}

const areaOf = (options: NeuralOptions) => ({
  area: options.target_types.includes('v4') ? ('v4' as const) : ('v1' as const),
  options,
})

function combined(config: DatasetConfigs['mtl_loader']): Wanted {
  const part = (area: NeuralSet) => {
    const options = config[PART_KEYS[area]]
    return options === null ? [] : [{ area, options }]
  }
  return {
    images: config.classification_loader === 'img_classification' ? config.img_dataset_dict : null,
    neural: [...part('v1'), ...part('v4')],
  }
}
