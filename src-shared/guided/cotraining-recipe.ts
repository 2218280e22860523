import type { PlainConfig } from '../schema/component.ts'
import type { Patch } from '../schema/patch.ts'
import { applyPatch } from '../schema/patch.ts'
import type { RecipeIn } from '../schema/recipe.ts'
import type { Chosen, Pictures, Responses, Setting } from './choices.ts'
import { areaWord, chosenSessions, lengthFacts, SEEDS, SETTING_WORDS, SETTINGS, titleOf } from './choices.ts'
import { lacksTest, lossFor, sharedSizeFor } from './suggestions.ts'

const CORRUPTIONS = [
  'gaussian_noise',
  'shot_noise',
  'impulse_noise',
  'contrast',
  'brightness',
  'defocus_blur',
  'pixelate',
  'jpeg_compression',
] as const
/** Behind how many modules an area is read, by core: the second of the deeper blocks for V1, one further for V4. */
const LAYERS = { small: { v1: 11, v4: 14 }, published: { v1: 17, v4: 26 } } as const

/**
 * The family of a co-training: its baseline is the classification alone, and every other setting says what it changes of it. All
 * share pictures, network, optimizer and number of epochs. `title` is the name of the family and leads those of its runs.
 */
export function cotrainingRecipe(choices: Chosen, title = titleOf(choices)): RecipeIn {
  const settings = SETTINGS.filter((setting) => choices.settings.includes(setting))
  return {
    name: title,
    question: questionOf(choices),
    baseline: baselineConfig(choices),
    list: settings.map((setting) => ({
      label: SETTING_WORDS[setting].label,
      patch: { name: runName(title, setting), ...patchOf(setting, choices) },
    })),
    compareTo: SETTING_WORDS[settings[0] ?? 'pictures'].label,
    seeds: SEEDS.slice(0, choices.seeds),
  }
}

/** The config of one setting, as it stands in the recipe. */
export const settingConfig = (choices: Chosen, setting: Setting, title = titleOf(choices)): PlainConfig =>
  applyPatch(baselineConfig(choices), { name: runName(title, setting), ...patchOf(setting, choices) })

const runName = (title: string, setting: Setting): string =>
  `${title}: ${SETTING_WORDS[setting].label.toLowerCase()}`

function questionOf({ settings, responses }: Chosen): string {
  const area = areaWord(responses)
  if (!settings.includes('cotrained')) return `How do networks with and without ${area} responses differ?`
  return settings.includes('shuffled')
    ? `Do ${area} responses change what a network learns from pictures, beyond regularisation?`
    : `Do ${area} responses change what a network learns from pictures?`
}

function baselineConfig(choices: Chosen): PlainConfig {
  return {
    name: titleOf(choices),
    dataset: { fn: 'mtl_loader', config: { img_dataset_dict: pictureOptions(choices) } },
    model: { fn: 'mtl_builder', config: { ...networkOptions(choices), v1_model_layer: -1 } },
    trainer: {
      fn: 'cotrainer',
      config: {
        loss_functions: { img_classification: 'CrossEntropyLoss' },
        to_monitor: ['img_classification'],
        ...trainingOptions(choices),
        add_final_train_eval: false,
      },
    },
    seed: SEEDS[0],
  }
}

function pictureOptions({ pictures, responses, length }: Chosen): PlainConfig {
  const { trainSubset, testSubset, flySubset, severities } = lengthFacts(length, pictures)
  const set =
    pictures.kind === 'digits'
      ? { dataset_cls: 'MNIST' }
      : {
          dataset_cls: 'library',
          data_set: pictures.set.name,
          apply_grayscale: !isColour(responses, pictures),
        }
  return {
    ...set,
    input_size: sizeOf(pictures),
    batch_size: 64,
    ...(trainSubset < 1 && { train_subset: trainSubset }),
    ...(testSubset < 1 && { test_subset: testSubset }),
    apply_augmentation: false,
    add_corrupted_test: false,
    add_out_domain_test: false,
    validation_gauss: [],
    add_fly_corrupted_test: Object.fromEntries(CORRUPTIONS.map((name) => [name, [...severities]])),
    fly_subset: flySubset,
    constants: 'auto',
  }
}

/** Pixels a side that the network gets of the pictures. */
const sizeOf = (pictures: Pictures): number =>
  pictures.kind === 'digits' ? 32 : sharedSizeFor(trainPart(pictures)?.height ?? 0)

const trainPart = (pictures: Pictures) =>
  pictures.kind === 'digits' ? undefined : pictures.set.parts?.find(({ name }) => name === 'train')

function networkOptions({ network, pictures }: Chosen): PlainConfig {
  const small = { vgg_type: 'vgg11_bn', width: sizeOf(pictures) > 32 ? 0.3 : 0.25, readout_hidden: 0 }
  return {
    ...(network === 'small' ? small : { vgg_type: 'vgg19_bn', classification_readout_type: 'conv' }),
    pretrained: false,
  }
}

/** The same for every setting, so that only the responses can make a difference. */
function trainingOptions({ network, length, pictures }: Chosen): PlainConfig {
  const { epochs } = lengthFacts(length, pictures)
  const shared = { max_iter: epochs, patience: epochs, lr_decay_steps: 1, scheduler: 'manual' }
  const milestones = [Math.round(epochs * 0.6), Math.round(epochs * 0.85)]
  const optimizer =
    network === 'published'
      ? {
          optimizer: 'SGD',
          optimizer_options: { lr: 0.1, momentum: 0.75, weight_decay: 5e-4 },
          lr_decay: 0.3,
        }
      : { optimizer: 'AdamW', optimizer_options: { lr: 0.002, weight_decay: 0.05 }, lr_decay: 0.2 }
  return { ...optimizer, lr_warmup: 1, ...shared, scheduler_options: { milestones } }
}

function patchOf(setting: Setting, choices: Chosen): Patch {
  if (setting === 'pictures') return {}
  const { responses, network } = choices
  const area = responses.kind === 'simulated' ? 'v1' : responses.area
  const data = responseOptions(choices, setting === 'shuffled')
  const shared: Patch = {
    [`dataset.${area}_dataset_dict`]: data,
    // V1 is off by default in the baseline, so it is named here in either case.
    'model.v1_model_layer': area === 'v1' ? LAYERS[network].v1 : -1,
    ...(area === 'v4' && { 'model.v4_model_layer': LAYERS[network].v4 }),
    'model.v1_init_sigma_range': 0.4,
    'trainer.regularize': 'always',
    'trainer.specific_opt_options': { mu: { lr: 0.01 }, sigma: { lr: 0.01 } },
  }
  const loss = responses.kind === 'simulated' ? 'MSELoss' : lossFor(chosenSessions(responses))
  if (setting === 'responses')
    return {
      ...shared,
      'dataset.classification_loader': 'none',
      'dataset.img_dataset_dict': null,
      'model.classification': false,
      'model.classification_readout_type': null,
      'model.readout_hidden': null,
      'trainer.loss_functions': { $set: { [area]: loss } },
      'trainer.to_monitor': [area],
    }
  return {
    ...shared,
    'trainer.loss_functions': { [area]: loss },
    'trainer.loss_weighing': true,
    'trainer.train_cycler': 'MTL_Cycler',
    'trainer.train_cycler_args': { main_key: 'img_classification', ratio: 1 },
  }
}

function responseOptions({ responses, pictures, length }: Chosen, shuffled: boolean): PlainConfig {
  const variant = shuffled ? { variant: 'shuffled' } : {}
  if (responses.kind === 'simulated') {
    const images = length === 'quick' ? 2000 : 10_000
    const own = { n_neurons: 60, n_images: images, n_test: 100, repeats: 10 }
    // Populations see the digits themselves; registered pictures cannot be shown to them yet.
    const shown =
      pictures.kind === 'digits'
        ? { images: 'classification' }
        : { images: 'dead_leaves', image_size: sizeOf(pictures) }
    return { dataset: 'in_silico', ...variant, batch_size: 64, generator: { ...shown, ...own } }
  }
  const { set, sessions } = responses
  const isAll = sessions.length === (set.sessions ?? []).length
  return {
    dataset: set.name,
    ...variant,
    ...(!isAll && { sessions: [...sessions] }),
    ...fittedStimuli(set.stimuli, sizeOf(pictures)),
    // The core has one number of channels: colour stimuli beside grey pictures become grey.
    ...(hasColour(set.stimuli) && !isColour(responses, pictures) && { train_transformation: true }),
    train_frac: 0.9,
    ...(lacksTest(chosenSessions(responses)) && { test_frac: 0.2 }),
    ...set.options,
    batch_size: 64,
  }
}

type Stimuli = Extract<Responses, { kind: 'recorded' }>['set']['stimuli']

/** Stimuli larger than the pictures are made as large: a core that sees both is not to meet two scales. */
function fittedStimuli(stimuli: Stimuli, size: number): PlainConfig {
  if (stimuli === undefined || stimuli.height <= size) return {}
  return { scale: Math.round((size / stimuli.height) * 1000) / 1000, rounding: 'round' }
}

const hasColour = (images: { readonly channels: number } | undefined): boolean => (images?.channels ?? 1) > 1

/** Pictures keep their colours where the stimuli have some too. */
const isColour = (responses: Responses, pictures: Pictures): boolean =>
  responses.kind === 'recorded' && hasColour(responses.set.stimuli) && hasColour(trainPart(pictures))
