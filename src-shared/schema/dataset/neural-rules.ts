import type { Problem } from '../../contract/errors.ts'
import type { RuleTable } from '../component.ts'
import { imageSetFacts } from './image-sets.ts'
import type { NeuralOptions } from './neural-fields.ts'
import { runDataOf } from './prediction-fields.ts'

/** Published folder layouts that a config can name. */
export const PUBLISHED_SETS = ['CSRF19_V1', 'CSRF19_V4', 'PlosCB19_V1'] as const
/** Upstream skips this one session by name. */
const SKIPPED_SESSION = 'CSRF19_V4_3653663964522.pickle'

const isPublished = ({ dataset }: NeuralOptions): boolean => PUBLISHED_SETS.some((name) => name === dataset)
const isInSilico = (c: NeuralOptions): boolean => c.dataset === 'in_silico'
const hasLabels = (c: NeuralOptions): boolean => c.target_types.includes('img_classification')

const isMadeByRun = (c: NeuralOptions): boolean => runDataOf(c.dataset) !== null
const isOracle = (c: NeuralOptions): boolean => runDataOf(c.dataset)?.kind === 'oracle'

/** Defaults that depend on the chosen recording. */
export const neuralDerive: RuleTable<unknown, NeuralOptions> = {
  'generator.image_size': (c) => imageSetFacts[c.generator.image_set].inputSize,
  'predictions.image_size': (c) => imageSetFacts[c.predictions.image_set].inputSize,
  crop: (c) => (isPublished(c) ? 36 : 0),
  scale: (c) => (isPublished(c) ? 0.4 : 1),
  exclude: (c) => (c.dataset === 'CSRF19_V4' ? [SKIPPED_SESSION] : []),
}

/** A folder or file in another layout: data files and registered sets say themselves what is white. */
const isImported = (c: NeuralOptions): boolean => {
  const name = c.dataset
  return isPublished(c) || (/[\\/]/.test(name) && !/\.(h5|hdf5)$/i.test(name))
}

export const neuralApplies: RuleTable<boolean, NeuralOptions> = {
  generator: isInSilico,
  'generator.image_set': (c) => c.generator.images === 'classification',
  'generator.image_dir': (c) => c.generator.images === 'classification',
  predictions: isMadeByRun,
  'predictions.layer': isOracle,
  'predictions.n_neurons': isOracle,
  'predictions.channels_per_neuron': isOracle,
  'predictions.mean_response': isOracle,
  data_dir: isPublished,
  value_min: isImported,
  value_max: isImported,
  sessions_dir: isPublished,
  individual_image_paths: isPublished,
  variant_seed: (c) => c.variant === 'shuffled',
  train_transformation: () => true,
  input_size: (c) => c.apply_augmentation === true,
  stats: (c) => c.normalize === true,
  stats_source: (c) => c.normalize === true && c.stats === null,
  test_split: (c) => c.test_frac > 0,
  test_seed: (c) => c.test_frac > 0,
  image_selection_seed: (c) => c.image_frac < 1,
  validation_gauss: hasLabels,
  add_fly_corrupted_test: hasLabels,
  constants: hasLabels,
}

/** Rules across the fields of a set of responses. */
export function checkNeural(c: NeuralOptions): readonly Problem[] {
  return [...taskProblems(c), ...sourceProblems(c), ...statsProblems(c), ...generatorProblems(c)]
}

const problem = (path: string, message: string, hint: string): Problem => ({
  code: 'config-invalid',
  path,
  message,
  hint,
})

function taskProblems({ target_types: tasks }: NeuralOptions): readonly Problem[] {
  if (tasks.length === 0)
    return [problem('target_types', 'there is nothing to learn.', 'Name v1, v4 or img_classification.')]
  if (!tasks.includes('v1') || !tasks.includes('v4')) return []
  const hint = 'Use a combined set (mtl_loader) with one group for each area.'
  return [problem('target_types', 'v1 and v4 need a set each.', hint)]
}

function sourceProblems(c: NeuralOptions): readonly Problem[] {
  const { dataset, predictions } = c
  if (dataset === '') {
    const hint = 'Write in_silico, the name of a registered set, or the path of a data file.'
    return [problem('dataset', 'no data set is named.', hint)]
  }
  if (/^(predicted|oracle):/.test(dataset) && runDataOf(dataset) === null) {
    const hint = 'Write predicted: or oracle: and the id of a finished run.'
    return [problem('dataset', `"${dataset}" names no run.`, hint)]
  }
  if (!isOracle(c) || predictions.layer !== '') return []
  const hint = 'Name a layer of the model, for example that which the V1 readout reads.'
  return [problem('predictions.layer', 'no layer is named.', hint)]
}

function statsProblems({ stats }: NeuralOptions): readonly Problem[] {
  if (stats === null || stats.mean.length === stats.std.length) return []
  const message = 'has another number of channels than stats.mean.'
  return [problem('stats.std', message, 'Give one value for each channel in both.')]
}

const GENERATOR_RANGES = [
  ['frequency_low', 'frequency_high'],
  ['bandwidth_low', 'bandwidth_high'],
  ['aspect_low', 'aspect_high'],
] as const

function generatorProblems({ dataset, generator: g }: NeuralOptions): readonly Problem[] {
  if (dataset !== 'in_silico') return []
  const turned = GENERATOR_RANGES.filter(([low, high]) => g[low] > g[high]).map(([low, high]) =>
    problem(`generator.${high}`, `is ${g[high]}, below ${low} = ${g[low]}.`, 'Swap the two.'),
  )
  if (g.frequency_high * (64 / g.image_size) <= 0.5) return turned
  const message = `is above half a cycle per pixel at ${g.image_size} px.`
  return [...turned, problem('generator.frequency_high', message, 'Lower it, or use larger images.')]
}
