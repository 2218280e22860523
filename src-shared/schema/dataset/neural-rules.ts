import type { Problem } from '../../contract/errors.ts'
import type { PlainConfig } from '../component.ts'
import type { GeneratorOptions } from './generator-fields.ts'
import { imageSetFacts } from './image-sets.ts'
import type { NeuralOptions } from './neural-fields.ts'
import type { PredictionOptions } from './prediction-fields.ts'
import { RUN_DATA } from './prediction-fields.ts'

/** Published folder layouts that a config can name. */
export const PUBLISHED_SETS = ['CSRF19_V1', 'CSRF19_V4', 'PlosCB19_V1'] as const
/** Upstream skips this one session by name. */
const SKIPPED_SESSION = 'CSRF19_V4_3653663964522.pickle'

const isPublished = (c: PlainConfig): boolean => (PUBLISHED_SETS as readonly unknown[]).includes(c['dataset'])
const isInSilico = (c: PlainConfig): boolean => c['dataset'] === 'in_silico'
const generator = (c: PlainConfig): GeneratorOptions => c['generator'] as GeneratorOptions
const targets = (c: PlainConfig): readonly string[] => c['target_types'] as string[]
const hasLabels = (c: PlainConfig): boolean => targets(c).includes('img_classification')

const predictions = (c: PlainConfig): PredictionOptions => c['predictions'] as PredictionOptions
const madeByRun = (c: PlainConfig): 'predicted' | 'oracle' | null =>
  (RUN_DATA.exec(String(c['dataset']))?.[1] as 'predicted' | 'oracle' | undefined) ?? null
const isOracle = (c: PlainConfig): boolean => madeByRun(c) === 'oracle'

/** Defaults that depend on the chosen recording. */
export const neuralDerive: Readonly<Record<string, (config: PlainConfig) => unknown>> = {
  'generator.image_size': (c) => imageSetFacts[generator(c).image_set].inputSize,
  'predictions.image_size': (c) => imageSetFacts[predictions(c).image_set].inputSize,
  crop: (c) => (isPublished(c) ? 36 : 0),
  scale: (c) => (isPublished(c) ? 0.4 : 1),
  exclude: (c) => (c['dataset'] === 'CSRF19_V4' ? [SKIPPED_SESSION] : []),
}

/** A folder or file in another layout: data files and registered sets say themselves what is white. */
const isImported = (c: PlainConfig): boolean => {
  const name = String(c['dataset'])
  return isPublished(c) || (/[\\/]/.test(name) && !/\.(h5|hdf5)$/i.test(name))
}

export const neuralApplies: Readonly<Record<string, (config: PlainConfig) => boolean>> = {
  generator: isInSilico,
  'generator.image_set': (c) => generator(c).images === 'classification',
  'generator.image_dir': (c) => generator(c).images === 'classification',
  predictions: (c) => madeByRun(c) !== null,
  'predictions.layer': isOracle,
  'predictions.n_neurons': isOracle,
  'predictions.channels_per_neuron': isOracle,
  'predictions.mean_response': isOracle,
  data_dir: isPublished,
  value_min: isImported,
  value_max: isImported,
  sessions_dir: isPublished,
  individual_image_paths: isPublished,
  variant_seed: (c) => c['variant'] === 'shuffled',
  train_transformation: () => true,
  input_size: (c) => c['apply_augmentation'] === true,
  stats: (c) => c['normalize'] === true,
  stats_source: (c) => c['normalize'] === true && c['stats'] === null,
  test_split: (c) => (c['test_frac'] as number) > 0,
  test_seed: (c) => (c['test_frac'] as number) > 0,
  image_selection_seed: (c) => (c['image_frac'] as number) < 1,
  validation_gauss: hasLabels,
  add_fly_corrupted_test: hasLabels,
  constants: hasLabels,
}

export function checkNeural(config: PlainConfig): readonly Problem[] {
  const c = config as unknown as NeuralOptions
  const problems: Problem[] = []
  const add = (path: string, message: string, hint: string): void => {
    problems.push({ code: 'config-invalid', path, message, hint })
  }
  if (c.target_types.length === 0)
    add('target_types', 'there is nothing to learn.', 'Name v1, v4 or img_classification.')
  if (c.target_types.includes('v1') && c.target_types.includes('v4')) {
    add(
      'target_types',
      'v1 and v4 need a set each.',
      'Use a combined set (mtl_loader) with one group for each area.',
    )
  }
  if (c.dataset === '')
    add(
      'dataset',
      'no data set is named.',
      'Write in_silico, the name of a registered set, or the path of a data file.',
    )
  if (/^(predicted|oracle):/.test(c.dataset) && !RUN_DATA.test(c.dataset)) {
    add(
      'dataset',
      `"${c.dataset}" names no run.`,
      'Write predicted: or oracle: and the id of a finished run.',
    )
  }
  if (isOracle(config) && c.predictions.layer === '') {
    add(
      'predictions.layer',
      'no layer is named.',
      'Name a layer of the model, for example that which the V1 readout reads.',
    )
  }
  if (c.stats !== null && c.stats.mean.length !== c.stats.std.length) {
    add(
      'stats.std',
      'has another number of channels than stats.mean.',
      'Give one value for each channel in both.',
    )
  }
  if (c.dataset === 'in_silico') {
    const g = c.generator
    for (const [low, high] of [
      ['frequency_low', 'frequency_high'],
      ['bandwidth_low', 'bandwidth_high'],
      ['aspect_low', 'aspect_high'],
    ] as const) {
      if (g[low] > g[high])
        add(`generator.${high}`, `is ${g[high]}, below ${low} = ${g[low]}.`, 'Swap the two.')
    }
    if (g.frequency_high * (64 / g.image_size) > 0.5) {
      add(
        'generator.frequency_high',
        `is above half a cycle per pixel at ${g.image_size} px.`,
        'Lower it, or use larger pictures.',
      )
    }
  }
  return problems
}
