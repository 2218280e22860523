import { CotrainError } from '../../contract/errors.ts'
import { upstreamHash, type PyEntries, type PyValue } from '../../util/upstream-hash.ts'
import { IMAGE_DATASET_CONFIG, MTL_DATASETS_CONFIG, NEURAL_DATASET_CONFIG } from './dataset-classes.ts'
import { CLASSIFICATION_MODEL_CONFIG, MTL_MODEL_CONFIG, NEURAL_MODEL_CONFIG } from './model-classes.ts'
import { isTrue, resolvePublished, type PublishedClass } from './published-class.ts'
import { CO_TRAINER_CONFIG } from './trainer-class.ts'

const CLASSES: Readonly<Record<string, PublishedClass>> = {
  CoTrainerConfig: CO_TRAINER_CONFIG,
  MTLModelConfig: MTL_MODEL_CONFIG,
  ClassificationModelConfig: CLASSIFICATION_MODEL_CONFIG,
  NeuralModelConfig: NEURAL_MODEL_CONFIG,
  ImageDatasetConfig: IMAGE_DATASET_CONFIG,
  NeuralDatasetConfig: NEURAL_DATASET_CONFIG,
  MTLDatasetsConfig: MTL_DATASETS_CONFIG,
}

export const publishedClassNames: readonly string[] = Object.keys(CLASSES)

/**
 * All options a published configuration class ends up with for the options a user gives, in the published order,
 * `fn` last. @throws CotrainError for an unknown class or an image set the class does not know.
 */
export function effectiveOptions(className: string, given: PyEntries): PyValue {
  const definition = Object.hasOwn(CLASSES, className) ? CLASSES[className] : undefined
  if (definition !== undefined) return { $dict: resolvePublished(definition, given) }
  throw new CotrainError({
    code: 'config-invalid',
    path: className,
    message: 'this published configuration class is not known.',
    hint: `Known are ${publishedClassNames.join(', ')}.`,
  })
}

/** All options that a published configuration class knows, also those that it has in some cases only, with whether one that is None gets a value
 * that switches something on. */
export const optionsOfClass = (className: string): ReadonlyMap<string, { readonly isFilled: boolean }> =>
  new Map(
    (CLASSES[className]?.defaults ?? []).map(([name, value]) => [
      name,
      { isFilled: typeof value !== 'function' && isTrue(value) },
    ]),
  )

/** Hash under which the published tables file a configuration. */
export function publishedConfigHash(className: string, given: PyEntries): string {
  return upstreamHash(effectiveOptions(className, given))
}
