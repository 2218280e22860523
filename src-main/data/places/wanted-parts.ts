import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import type { NeuralOptions } from '../../../src-shared/schema/dataset/neural-fields.ts'
import type { ComponentChoice } from '../../../src-shared/schema/run-config.ts'
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

export function wantedParts({ fn, config }: Pick<ComponentChoice, 'fn' | 'config'>): Wanted {
  switch (fn) {
    case 'img_loader':
      return { images: config as unknown as ImageOptions, neural: [] } // parsed by its schema
    case 'neural_loader':
      return { images: null, neural: [areaOf(config as unknown as NeuralOptions)] } // parsed by its schema
    case 'mtl_loader':
      return combined(config)
    default:
      throw new CotrainError({
        code: 'config-invalid',
        path: 'dataset.fn',
        message: `no data set is called "${fn}".`,
        hint: 'Use img_loader, neural_loader or mtl_loader.',
      })
  }
}

const areaOf = (options: NeuralOptions) => ({
  area: options.target_types.includes('v4') ? ('v4' as const) : ('v1' as const),
  options,
})

function combined(config: Readonly<Record<string, unknown>>): Wanted {
  const part = (area: NeuralSet) => {
    const options = config[PART_KEYS[area]] as NeuralOptions | null // parsed by the schema of the set
    return options === null ? [] : [{ area, options }]
  }
  return {
    images:
      config['classification_loader'] === 'img_classification'
        ? (config[PART_KEYS.img_classification] as ImageOptions)
        : null,
    neural: [...part('v1'), ...part('v4')],
  }
}
