import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { batchSizes } from '../../../src-shared/schema/smaller-batches.ts'
import { leavesOf } from '../../../src-shared/schema/diff.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { sizeText } from '../../../src-shared/util/size-text.ts'
import type { Model } from '../../engine/types.ts'
import { biggestTensors, imagesAtOnce, outputName } from '../create/memory-need.ts'
import type { ModelCard } from '../create/model-card.ts'
import { cardOf } from '../create/model-card.ts'
import type { NetworkWords, WantedTensor } from '../workers/memory-failure.ts'
import { memoryFailureIn, memoryProblem } from '../workers/memory-failure.ts'

/**
 * Passes on what a training tells. Where its memory runs out, the error says so in words of the network: which tensor found no
 * room, and which is the largest. @throws CotrainError `out-of-memory`, with the engine's error as cause
 */
export async function* explainingMemory<Event, End>(
  training: AsyncGenerator<Event, End>,
  model: Pick<Model, 'specs' | 'layers'>,
  config: RunConfig,
): AsyncGenerator<Event, End> {
  try {
    return yield* training
  } catch (error) {
    const found = error instanceof CotrainError ? null : memoryFailureIn(messageOf(error))
    if (found === null) throw error
    const words = wordsOf(cardOf(model), config, found.tensor)
    throw new CotrainError(memoryProblem(found, words), { cause: error })
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function wordsOf(card: ModelCard, config: RunConfig, tensor: WantedTensor | null): NetworkWords {
  const images = imagesAtOnce(config)
  const [largest] = biggestTensors(card, images)
  return {
    tensor: tensor === null ? null : nameOf(card, config, tensor.shape),
    largest: largest === undefined ? null : `${largest.name} (${sizeText(largest.bytes)})`,
  }
}

/** What in the network has this shape: a parameter, or the output of a layer for a batch; null where nothing has. */
function nameOf(card: ModelCard, config: RunConfig, shape: readonly number[]): string | null {
  const weights = card.parameterList.find((row) => isSame(row.shape, shape))
  if (weights !== undefined) return `weights ${weights.name}`
  const sizes = batchSizes(leavesOf(config)).map(({ size }) => size)
  for (const images of new Set([...sizes, imagesAtOnce(config)])) {
    const layer = card.layers.find((row) => isSame([images, ...row.outputShape], shape))
    if (layer !== undefined) return outputName(layer, images)
  }
  return null
}

/** The same lengths in any order: on a card, channels come before height and width. */
function isSame(a: readonly number[], b: readonly number[]): boolean {
  const sorted = (shape: readonly number[]): string => [...shape].sort((x, y) => x - y).join(' ')
  return sorted(a) === sorted(b)
}
