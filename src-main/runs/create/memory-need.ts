import type { TrainerChoice } from '../../../src-shared/schema/registry.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import type { ModelCard } from './model-card.ts'

/** A float32 parameter with its gradient, two moments of the optimizer, the best weights so far and a copy for the checkpoint. */
const BYTES_PER_PARAMETER = 24
/** Activations are kept for the backward pass, and their gradients come while they go. */
const ACTIVATION_COPIES = 2
/** TensorFlow, Node, and what they keep of what they freed. */
const BASE_BYTES = 850e6
/** Where a config states no batch size, its data set's own default is at most this. */
const USUAL_BATCH = 128

export interface MemoryNeed {
  readonly bytes: number
  /** The largest things in it, largest first. */
  readonly biggest: readonly { readonly name: string; readonly bytes: number }[]
  /** Changes that make it smaller: options by path. */
  readonly fixes: readonly { readonly label: string; readonly changes: readonly Change[] }[]
}

interface Change {
  readonly path: string
  readonly value: unknown
}

/** The batch sizes of a config, by path. */
function batchSizes({ dataset }: RunConfig): readonly { path: string; size: number }[] {
  if (dataset.fn !== 'mtl_loader')
    return [{ path: 'dataset.config.batch_size', size: dataset.config.batch_size }]
  const parts = ['img_dataset_dict', 'v1_dataset_dict', 'v4_dataset_dict'] as const
  return parts.flatMap((part) => {
    const size = dataset.config[part]?.batch_size
    return size === undefined ? [] : [{ path: `dataset.config.${part}.batch_size`, size }]
  })
}

/** Memory that training takes at once: weights with what belongs to them, and the activations of the largest batch. */
export function memoryNeed(card: ModelCard, config: RunConfig): MemoryNeed {
  const sizes = batchSizes(config)
  const batch = Math.max(...(sizes.length === 0 ? [USUAL_BATCH] : sizes.map((s) => s.size)))
  const weights = card.parameters * BYTES_PER_PARAMETER
  const activations = card.activationBytes * batch * ACTIVATION_COPIES
  const layer = card.layers.reduce<ModelCard['layers'][number] | null>(
    (most, row) => (most === null || row.activationBytes > most.activationBytes ? row : most),
    null,
  )
  const tensor = card.parameterList.reduce<ModelCard['parameterList'][number] | null>(
    (most, row) => (most === null || row.count > most.count ? row : most),
    null,
  )
  const biggest = [
    ...(layer === null
      ? []
      : [
          {
            name: `output of ${layer.name}, ${layer.outputShape.join(' × ')}, for ${batch} images`,
            bytes: layer.activationBytes * batch,
          },
        ]),
    ...(tensor === null
      ? []
      : [{ name: `weights ${tensor.name}, ${tensor.shape.join(' × ')}`, bytes: tensor.count * 4 }]),
  ].sort((a, b) => b.bytes - a.bytes)
  return { bytes: BASE_BYTES + weights + activations, biggest, fixes: smaller(config, sizes) }
}

/** Half the batch in two steps' turn where the cycler can add up gradients, else half the batch. */
function smaller(config: RunConfig, sizes: readonly { path: string; size: number }[]): MemoryNeed['fixes'] {
  const halves = sizes
    .filter(({ size }) => size > 1)
    .map(({ path, size }) => ({ path, value: Math.floor(size / 2) }))
  if (halves.length === 0) return []
  const now = accumulated(config.trainer)
  if (now === null) return [{ label: 'Halve the batch', changes: halves }]
  const path = 'trainer.config.train_cycler_args.grad_accum_step'
  return [
    {
      label: 'Halve the batch and accumulate',
      changes: [...halves, { path, value: Math.max(1, now) * 2 }],
    },
  ]
}

/** Batches that are added up to a step; null where the cycler adds up none, or a number that is not known here. */
function accumulated(trainer: TrainerChoice): number | null {
  if (trainer.fn !== 'cotrainer') return null
  const { train_cycler: cycler, train_cycler_args: args, loss_functions: losses } = trainer.config
  const { grad_accum_step: now } = args
  // 0 means one batch per session.
  const isKnown = now > 0 || Object.keys(losses).length === 1
  return cycler !== 'MTL_Cycler' && isKnown ? now : null
}
