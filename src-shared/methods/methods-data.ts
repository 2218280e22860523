import type { RunDetail } from '../contract/run.ts'
import { imageSetTitle } from '../schema/dataset/image-sets.ts'
import type { ImageOptions } from '../schema/dataset/image-fields.ts'
import type { NeuralOptions } from '../schema/dataset/neural-fields.ts'
import { runDataOf } from '../schema/dataset/prediction-fields.ts'
import type { Area } from '../schema/names.ts'
import { AREAS } from '../schema/names.ts'
import { findComponent } from '../schema/registry.ts'
import type { RunConfig } from '../schema/run-config.ts'
import { wordOf } from '../schema/words.ts'
import { counted } from '../util/counted.ts'
import { listed } from '../util/listed.ts'
import { lastPart } from './methods-words.ts'

/** A run with every option of its config filled in. */
export interface Told {
  readonly detail: RunDetail
  readonly config: RunConfig
}

/** Tasks that a run learns: those with a loss, or all that its data have where the trainer takes what is there. */
export const tasksOf = ({ dataset, trainer }: RunConfig): readonly string[] =>
  findComponent('trainer', trainer.fn)?.tasks?.(trainer.config) ??
  findComponent('dataset', dataset.fn)?.tasks?.(dataset.config) ??
  []

function imageOptions({ dataset }: RunConfig): ImageOptions | null {
  if (dataset.fn === 'img_loader') return dataset.config
  const own = dataset.fn === 'mtl_loader' && dataset.config.classification_loader === 'img_classification'
  return own ? dataset.config.img_dataset_dict : null
}

/** "those of MNIST (10 classes, 32 × 32 px, 1 channel), 20 % of the training images"; null without classification. */
export function imagesPhrase(told: Told): string | null {
  const { detail, config } = told
  if (!tasksOf(config).includes('img_classification')) return null
  const options = imageOptions(config)
  const facts = imageFacts(detail, options)
  const size = facts.length === 0 ? '' : ` (${facts.join(', ')})`
  if (options === null) return `the stimuli of the recording${size}`
  const parts = [
    ...(options.train_subset < 1 ? [`${percent(options.train_subset)} of the training images`] : []),
    ...(options.examples_per_class === null
      ? []
      : [`${options.examples_per_class} training images of each class`]),
  ]
  return [`those of ${imageSetName(options, detail)}${size}`, ...parts].join(', ')
}

function imageFacts({ seen }: RunDetail, options: ImageOptions | null): string[] {
  const image = seen?.image ?? null
  if (seen === undefined || image === null)
    return options === null ? [] : [`${options.input_size} × ${options.input_size} px`]
  return [
    ...(seen.classes === null ? [] : [counted(seen.classes, 'class', 'classes')]),
    `${image.height} × ${image.width} px`,
    counted(image.channels, 'channel'),
  ]
}

function imageSetName(
  { dataset_cls: set, data_set: registered, data_dir }: ImageOptions,
  d: RunDetail,
): string {
  if (set === 'library') return registeredName(registered, d)
  return set === 'ImageFolder' ? `the folder ${lastPart(data_dir)}` : imageSetTitle(set)
}

/** Configs may name a registered set by its fingerprint. */
const registeredName = (given: string, { dataSets = [] }: RunDetail): string =>
  dataSets.find(({ id }) => id === given)?.name ?? given

const percent = (part: number): string => `${Number((100 * part).toPrecision(3))} %`

/** "those of 60 units of V1 in 1 session (simulated population)", one area after the other; null without responses. */
export function responsesPhrase(told: Told): string | null {
  const { detail, config } = told
  const tasks = tasksOf(config)
  const areas = AREAS.filter((area) => tasks.includes(area))
  if (areas.length === 0) return null
  return listed(areas.map((area) => areaPhrase(area, detail, neuralOptions(config, area))))
}

function neuralOptions({ dataset }: RunConfig, area: Area): NeuralOptions | null {
  if (dataset.fn === 'neural_loader') return dataset.config
  return dataset.fn === 'mtl_loader' ? dataset.config[`${area}_dataset_dict`] : null
}

function areaPhrase(area: Area, detail: RunDetail, options: NeuralOptions | null): string {
  const sessions = detail.seen?.sessions.filter((s) => s.area === area) ?? []
  const units = sessions.reduce((sum, s) => sum + s.units, 0)
  const who =
    sessions.length === 0
      ? wordOf(area)
      : `${counted(units, 'unit')} of ${wordOf(area)} in ${counted(sessions.length, 'session')}`
  if (options === null) return `those of ${who}`
  const control = options.variant === 'shuffled' ? ', shuffled between the images as a control' : ''
  const less = options.image_frac < 1 ? `, ${percent(options.image_frac)} of the training trials` : ''
  return `those of ${who} (${sourceName(options, detail)}${control}${less})`
}

function sourceName({ dataset, predictions }: NeuralOptions, detail: RunDetail): string {
  if (dataset === 'in_silico') return 'simulated population'
  const made = runDataOf(dataset)
  if (made === null) return registeredName(lastPart(dataset), detail)
  return made.kind === 'predicted'
    ? `predicted by run ${made.run}`
    : `simulated units that read ${predictions.layer} of run ${made.run}`
}

/** "64 images and 32 trials of V4": what the batches hold of each task that is learned. */
export function batchPhrase({ config }: Told): string {
  const tasks = tasksOf(config)
  const images = tasks.includes('img_classification') ? imageOptions(config) : null
  const parts = AREAS.filter((area) => tasks.includes(area)).flatMap((area) => {
    const options = neuralOptions(config, area)
    return options === null ? [] : [`${counted(options.batch_size, 'trial')} of ${wordOf(area)}`]
  })
  return listed([...(images === null ? [] : [counted(images.batch_size, 'image')]), ...parts])
}
