import type { BalanceSide, TaskBalance } from '../contract/balance.ts'

/** Options of a co-trained run that decide how much each task moves. */
export interface BalanceOptions {
  readonly lossWeighing: boolean
  /** Neural batches for each of classification; null where the cycler has no ratio. */
  readonly ratio: number | null
  readonly scaleLoss: boolean
  /** Whether a Poisson loss or likelihood is averaged; null where none is. */
  readonly averages: boolean | null
  /** Module after which the neurons read; null for models without that option. */
  readonly layer: number | null
}

type Advice = TaskBalance['advice'][number]

/** What would change the balance, the mildest first. Nothing where no task dominates and none pulls apart. */
export function adviceFor(
  side: BalanceSide | null,
  direction: TaskBalance['direction'],
  options: BalanceOptions,
): Advice[] {
  const { lossWeighing, ratio, scaleLoss, averages, layer } = options
  const advice: Advice[] = []
  if (side !== null && !lossWeighing)
    advice.push({
      option: 'trainer.config.loss_weighing',
      text: 'true: each task gets a weight that is learned with the network.',
    })
  if (side === 'neural') {
    if (averages === false)
      advice.push({
        option: 'trainer.config.avg_loss',
        text: 'true: the loss of responses is then a mean, not a sum over units and images.',
      })
    if (scaleLoss)
      advice.push({
        option: 'trainer.config.scale_loss',
        text: 'false: no factor of the root of images by batch size; it takes the regulariser with it.',
      })
    if (ratio !== null)
      advice.push({
        option: 'trainer.config.train_cycler_args.ratio',
        text: `below ${ratio}: fewer neural batches for each of classification.`,
      })
  }
  if (side === 'img_classification' && ratio !== null)
    advice.push({
      option: 'trainer.config.train_cycler_args.ratio',
      text: `above ${ratio}: more neural batches for each of classification.`,
    })
  if (direction === 'apart' && layer !== null && layer > 0)
    advice.push({
      option: 'model.config.v1_model_layer',
      text: `below ${layer}: the tasks share fewer layers.`,
    })
  return advice
}
