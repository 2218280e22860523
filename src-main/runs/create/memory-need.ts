import { leavesOf } from '../../../src-shared/schema/diff.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import type { SmallerBatches } from '../../../src-shared/schema/smaller-batches.ts'
import { batchSizes, smallerBatches } from '../../../src-shared/schema/smaller-batches.ts'
import { groupsOf, updateRules } from '../../engine/optim/index.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import type { ModelCard } from './model-card.ts'

const FLOAT = 4
/** Activations are kept for the backward pass, and their gradients come while they go: the tensors alive at the peak of a step. */
const ACTIVATION_COPIES = 2
/** What operations take beyond their tensors on a processor, as a part of these: measured on steps of the shipped configs. */
const PROCESSOR_WORKSPACE = 0.3
/** TensorFlow, Node, and what they keep of what they freed. */
const BASE_BYTES = 650e6
/** Beside it where a card computes: the libraries of CUDA as a process maps them. */
const CUDA_ON_HOST_BYTES = 1e9
/** On the card before anything computes: the context of CUDA, and the kernels that are loaded. */
const CONTEXT_BYTES = 2 ** 29
/** cuBLAS takes this on newer cards. */
const LEAST_WORKSPACE_BYTES = 2 ** 25
/** One that computes and one that is on its way. */
const BATCHES_AT_ONCE = 2
/** Where a config states no batch size, its data set's own default is at most this. */
const USUAL_BATCH = 128

/** Something that takes memory, named for people. */
export interface MemoryPart {
  readonly name: string
  readonly bytes: number
}

/** What training a config takes; estimated. */
export interface MemoryNeed {
  /** Of main memory, where the processor computes. */
  readonly bytes: number
  /** Of main memory, where a card computes. */
  readonly besideCardBytes: number
  /** Of the memory of a card, in order of a step. */
  readonly onCard: readonly MemoryPart[]
  /** The largest tensors, largest first. */
  readonly biggest: readonly MemoryPart[]
  /** Changes that make it smaller: options by path. */
  readonly fixes: readonly SmallerBatches[]
}

/** Images of the largest pass through the network; paired views come as one batch. */
export function imagesAtOnce(config: RunConfig): number {
  const leaves = leavesOf(config)
  const sizes = batchSizes(leaves).map(({ path, size }) => {
    const place = path.slice(0, path.lastIndexOf('.') + 1)
    const isPaired = [...leaves].some(
      ([key, value]) => key.startsWith(place) && key.endsWith('.representation_matching') && value === true,
    )
    return isPaired ? 2 * size : size
  })
  return sizes.length === 0 ? USUAL_BATCH : Math.max(...sizes)
}

/** Memory that training takes at once: weights with what belongs to them, and the activations of the largest batch. */
export function memoryNeed(
  card: ModelCard,
  config: RunConfig,
  inputs: ModelShapes['inputs'] = {},
): MemoryNeed {
  const batch = imagesAtOnce(config)
  const state = trainingState(card, config)
  const stateBytes = bytesOf(state)
  const activations = card.activationBytes * batch * ACTIVATION_COPIES
  const image = Math.max(0, ...Object.values(inputs).map((s) => s.height * s.width * s.channels * FLOAT))
  const batches = image * batch * BATCHES_AT_ONCE
  // The best weights so far, and a copy of weights and moments for the checkpoint.
  const kept = card.parameters * FLOAT + stateBytes
  const largest = Math.max(0, ...card.layers.map((row) => row.activationBytes)) * batch
  const onCard = [
    { name: 'context of CUDA', bytes: CONTEXT_BYTES },
    ...state,
    { name: `activations of ${batch} images and their gradients`, bytes: activations },
    { name: 'batches of images', bytes: batches },
    // Layouts are turned for some kernels: what goes in and what comes out.
    { name: 'workspace of operations', bytes: Math.max(LEAST_WORKSPACE_BYTES, 2 * largest) },
  ]
  const onProcessor = (1 + PROCESSOR_WORKSPACE) * activations
  return {
    bytes: BASE_BYTES + stateBytes + kept + batches + onProcessor,
    besideCardBytes: BASE_BYTES + CUDA_ON_HOST_BYTES + kept + batches,
    onCard,
    biggest: biggestTensors(card, batch),
    fixes: smallerBatches(leavesOf(config)),
  }
}

export const bytesOf = (parts: readonly MemoryPart[]): number =>
  parts.reduce((sum, { bytes }) => sum + bytes, 0)

/** Weights, gradients and what the optimizer remembers of each. */
function trainingState(card: ModelCard, { trainer }: RunConfig): readonly MemoryPart[] {
  const weights = card.parameters * FLOAT
  const trained =
    FLOAT * card.parameterList.reduce((sum, { count, frozen }) => (frozen ? sum : sum + count), 0)
  const isCotrained = trainer.fn === 'cotrainer'
  const optimizer = isCotrained ? trainer.config.optimizer : 'Adam'
  const options = isCotrained ? trainer.config.optimizer_options : {}
  const [group] = groupsOf({ name: optimizer, options })
  const slots = group === undefined ? 0 : updateRules[optimizer].slots(group.options).length
  const isOneBatch = isCotrained
    ? trainer.config.train_cycler_args.grad_accum_step === 1 && trainer.config.train_cycler !== 'MTL_Cycler'
    : trainer.config.loss_accum_batch_n === 1
  return [
    { name: 'weights', bytes: weights },
    // Those of a batch, and the sum that they are added to.
    { name: 'gradients of the weights', bytes: isOneBatch ? trained : 2 * trained },
    ...(slots === 0 ? [] : [{ name: `what ${optimizer} remembers of them`, bytes: slots * trained }]),
  ]
}

/** The largest output of a layer for so many images, and the largest parameter; the larger first. */
export function biggestTensors(
  { layers, parameterList }: Pick<ModelCard, 'layers' | 'parameterList'>,
  images: number,
): readonly MemoryPart[] {
  const layer = largestBy(layers, (row) => row.activationBytes)
  const tensor = largestBy(parameterList, (row) => row.count)
  return [
    ...(layer === null ? [] : [{ name: outputName(layer, images), bytes: layer.activationBytes * images }]),
    ...(tensor === null
      ? []
      : [{ name: `weights ${tensor.name}, ${tensor.shape.join(' × ')}`, bytes: tensor.count * FLOAT }]),
  ].sort((a, b) => b.bytes - a.bytes)
}

/** What a layer gives for so many images, in words. */
export const outputName = (row: ModelCard['layers'][number], images: number): string =>
  `output of ${row.name}, ${row.outputShape.join(' × ')}, for ${images} images`

const largestBy = <T>(rows: readonly T[], size: (row: T) => number): T | null =>
  rows.reduce<T | null>((most, row) => (most === null || size(row) > size(most) ? row : most), null)
