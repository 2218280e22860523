import { componentTitle } from '../schema/option-names.ts'
import type { AnyLossName } from '../schema/names.ts'
import type { Choices } from '../schema/registry.ts'
import { wordOf } from '../schema/words.ts'
import { formatTick } from '../util/number-text.ts'
import { tasksOf } from './methods-data.ts'
import type { Told } from './methods-data.ts'
import { counted } from '../util/counted.ts'
import { listed } from '../util/listed.ts'
import { lastPart } from './methods-words.ts'

/** "a VGG-11 with batch normalisation, 0.25 of the published channels": the network in words, else the title of its builder. */
export function networkPhrase({ config: { model } }: Told): string {
  const vgg = vggOf(model)
  if (vgg !== null) return `a VGG-${vgg.depth}${vgg.norm ? ' with batch normalisation' : ''}${vgg.size}`
  if (model.fn === 'resnet_builder') return `a ResNet-${model.config.type}${widthText(model.config.width)}`
  return `the model “${componentTitle('model.fn', model.fn)}” (${model.fn})`
}

function vggOf(model: Choices['model']): { depth: string; norm: boolean; size: string } | null {
  switch (model.fn) {
    case 'mtl_builder':
      return { ...typeOf(model.config.vgg_type), size: widthText(model.config.width) }
    case 'classification_cnn_builder':
      return { ...typeOf(model.config.type), size: widthText(model.config.width) }
    case 'vgg_core_gauss_readout':
    case 'vgg_core_full_gauss_readout':
      return { ...typeOf(model.config.vgg_type), size: `, its first ${model.config.model_layer} modules` }
    default:
      return null
  }
}

/** `vgg11_bn` -> 11, with norm. */
const typeOf = (type: string): { depth: string; norm: boolean } => ({
  depth: /\d+/.exec(type)?.[0] ?? '',
  norm: type.endsWith('_bn'),
})

const widthText = (width: number): string =>
  width === 1 ? '' : ` and ${formatTick(width)} of the published channels`

/** "V1 behind module 11": where the areas read the shared network; null where the model does not say. */
export function readoutPhrase({ config }: Told): string | null {
  const { model } = config
  if (model.fn !== 'mtl_builder') return null
  const layers = { v1: model.config.v1_model_layer, v4: model.config.v4_model_layer }
  const parts = Object.entries(layers)
    .filter(([area, layer]) => layer > 0 && tasksOf(config).includes(area))
    .map(([area, layer]) => `${wordOf(area)} behind module ${layer}`)
  return parts.length === 0 ? null : listed(parts)
}

/** Where weights started. */
export function startPhrase({ config: { parent } }: Told): string {
  if (parent === null || parent.use === 'data') return 'from random values'
  if (parent.run === null) return `from the file ${lastPart(parent.file ?? '')}`
  const epoch = parent.epoch === null ? '' : ` at epoch ${parent.epoch}`
  const what = parent.use === 'training' ? ', whose training went on' : ''
  return `from run ${parent.run.slice(0, 10)}${epoch}${what}`
}

/** "cross entropy for classification and squared error for V1, weighed by a factor that is learned for each task". */
export function lossPhrase({ config }: Told): string | null {
  const { trainer } = config
  if (trainer.fn === 'nnvision_trainer') return wordOf(trainer.config.loss_function)
  if (trainer.fn !== 'cotrainer') return null
  const { loss_functions: losses, loss_weighing } = trainer.config
  // a learned weight makes a negative binomial loss of the Poisson loss
  const used = (loss: AnyLossName): AnyLossName =>
    loss_weighing && loss === 'PoissonLoss' ? 'NegativeBinomialLoss' : loss
  const parts = Object.entries(losses).map(([task, loss]) => `${wordOf(used(loss))} for ${wordOf(task)}`)
  return `${listed(parts)}${loss_weighing ? ', with a learned weight for each task' : ''}`
}

/** How batches of several tasks follow each other; null with one task. */
export function cyclePhrase({ config }: Told): string | null {
  const { trainer } = config
  const tasks = tasksOf(config)
  if (trainer.fn !== 'cotrainer' || tasks.length < 2) return null
  const { train_cycler: cycler, train_cycler_args: args } = trainer.config
  if (cycler !== 'MTL_Cycler')
    return `batches of the sessions and of the images took turns, for ${wordOf(cycler)} of them`
  const others = listed(tasks.filter((task) => task !== args.main_key).map(wordOf))
  return `${ratioText(args.ratio)} of ${others} came before each of ${wordOf(args.main_key)}, and every step added up their gradients`
}

/** Batches, which may change from an epoch on. */
function ratioText(ratio: number | Readonly<Record<string, number>>): string {
  const by = typeof ratio === 'number' ? { '1': ratio } : ratio
  return Object.entries(by)
    .map(
      ([epoch, n]) =>
        `${formatTick(n)} ${n === 1 ? 'batch' : 'batches'}${epoch === '1' ? '' : ` from epoch ${epoch} on`}`,
    )
    .join(', ')
}

/** "Adam with a learning rate of 0.003 and a weight decay of 1e-5". */
export function optimizerPhrase({ config: { trainer } }: Told): string | null {
  if (trainer.fn === 'nnvision_trainer')
    return `Adam with a learning rate of ${formatTick(trainer.config.lr_init)}`
  if (trainer.fn !== 'cotrainer') return null
  const { optimizer, optimizer_options: o, specific_opt_options: own } = trainer.config
  const parts = Object.entries(own).flatMap(([part, { lr }]) =>
    lr === undefined ? [] : [`${formatTick(lr)} for parameters named ${part}`],
  )
  const facts = [
    `a learning rate of ${formatTick(o.lr)}${parts.length === 0 ? '' : ` (${listed(parts)})`}`,
    ...(optimizer === 'SGD' ? [`a momentum of ${formatTick(o.momentum)}`] : []),
    `a weight decay of ${formatTick(o.weight_decay)}`,
  ]
  return `${optimizer} with ${listed(facts)}`
}

/** What became of the learning rate. */
export function schedulePhrase({ config: { trainer } }: Told): string | null {
  if (trainer.fn === 'nnvision_trainer')
    return `was multiplied by ${formatTick(trainer.config.lr_decay_factor)} whenever the monitored score stalled, down to ${formatTick(trainer.config.min_lr)}`
  if (trainer.fn !== 'cotrainer') return null
  const c = trainer.config
  const warm = c.lr_warmup > 1 ? `rose over ${c.lr_warmup} epochs, then ` : ''
  const times = `was multiplied by ${formatTick(c.lr_decay)}`
  if (c.scheduler === '') return `${warm}stayed as it was`
  if (c.scheduler === 'manual') {
    const at = c.scheduler_options.milestones
    if (at.length === 0) return `${warm}stayed as it was`
    return `${warm}${times} after ${at.length === 1 ? 'evaluation' : 'evaluations'} ${listed(at.map(String))}`
  }
  return c.scheduler_options.mtl
    ? `${warm}${times} at the end of each round of patience but the last`
    : `${warm}${times} whenever the monitored score stalled, down to ${formatTick(c.min_lr)}`
}

/** When training was to end. */
export function stoppingPhrase({ config }: Told): string | null {
  const { trainer } = config
  if (trainer.fn !== 'cotrainer' && trainer.fn !== 'nnvision_trainer') return null
  const { max_iter, patience, lr_decay_steps: rounds, interval } = trainer.config
  const monitored = trainer.fn === 'cotrainer' ? trainer.config.to_monitor : tasksOf(config)
  const every = interval === 1 ? '' : `, each after ${interval} epochs`
  return `${counted(max_iter, 'epoch')} at the latest, or earlier after ${counted(rounds, 'round')} of ${counted(patience, 'evaluation')} without improvement in ${listed(monitored.map(wordOf))}${every}`
}

/** The weights that were scored. */
export const scoredPhrase = ({ config: { trainer } }: Told): string | null =>
  trainer.fn !== 'cotrainer' && trainer.fn !== 'nnvision_trainer'
    ? null
    : trainer.config.restore_best
      ? 'those of the best validation score'
      : 'those at the end of training'
