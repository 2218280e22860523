import { describe, expect, it } from 'vitest'
import type { Problem } from '../../../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import { assumedShapes } from '../../../../../src-main/runs/create/assumed-shapes.ts'
import { explainingMemory } from '../../../../../src-main/runs/work/explain-memory.ts'
import { failureOf } from '../../../../../src-main/runs/workers/failure.ts'
import { buildModel } from '../../../../../src-main/engine/model/index.ts'
import { smallConfig } from '../../../../support/lab.ts'

const config = smallConfig(1, { dataset: { fn: 'img_loader', config: { batch_size: 48 } } })
const shapes = assumedShapes({ size: 64, channels: 3, classes: 200, sessions: [] })
const model = buildModel(config.model, shapes)
const layer = model.layers[0]
const weights = model.specs[0]
if (layer === undefined || weights === undefined) throw new Error('the model has no layers')

/** Events of a training that ends with this error. */
async function* failing(error: Error): AsyncGenerator<number, string> {
  yield 1
  await Promise.resolve()
  throw error
}

async function ended(error: Error): Promise<{ problem: Problem; cause: unknown; events: readonly number[] }> {
  const events: number[] = []
  try {
    for await (const event of explainingMemory(failing(error), model, config)) events.push(event)
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.cause : undefined
    return { problem: failureOf(thrown), cause, events }
  }
  throw new Error('it did not fail')
}

/** TensorFlow on a card, in the order in which its kernels hold images: channels first. */
const onCard = (shape: readonly number[]): Error =>
  new Error(
    `Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[${shape.join(',')}] and type float on ` +
      '/job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc [Op:Conv2D]',
  )

describe('memory that runs out in a training', () => {
  it('is told as the layer whose output found no room, and the largest tensor', async () => {
    const [height = 0, width = 0, channels = 0] = layer.outputShape
    const { problem, cause, events } = await ended(onCard([48, channels, height, width]))
    expect(events).toEqual([1])
    expect(problem.code).toBe('out-of-memory')
    expect(problem.message).toContain('the memory of the card ran out')
    expect(problem.message).toContain(`48 × ${channels} × ${height} × ${width} float (`)
    expect(problem.message).toContain(`the output of ${layer.name}, `)
    expect(problem.message).toMatch(/The largest tensor of the network: weights .*, 4096 × 4096 \(64.0 MiB\)/)
    expect(problem.hint).toMatch(/half the batch, .*twice as many batches added up/)
    expect(cause).toBeInstanceOf(Error)
  })

  it('is told as the weights of that shape', async () => {
    const { problem } = await ended(onCard(weights.shape))
    expect(problem.message).toContain(`weights ${weights.name}`)
  })

  it('names no layer where none has the shape', async () => {
    const { problem } = await ended(onCard([47, 1, 2, 3]))
    expect(problem.message).toContain('no room for 47 × 1 × 2 × 3 float (1.1 KiB).')
    expect(problem.message).toContain('The largest tensor')
  })

  it('leaves other errors as they are', async () => {
    const plain = new Error('the loss is NaN')
    expect((await ended(plain)).problem.code).toBe('non-finite')
    const ours = new CotrainError({ code: 'data-missing', message: 'OOM.csv is gone.' })
    expect((await ended(ours)).problem).toEqual(ours.problems[0])
  })

  it('passes events and the end on', async () => {
    async function* training(): AsyncGenerator<number, string> {
      yield* [1, 2]
      await Promise.resolve()
      return 'done'
    }
    const steps = explainingMemory(training(), model, config)
    expect([await steps.next(), await steps.next(), await steps.next()].map(({ value }) => value)).toEqual([
      1,
      2,
      'done',
    ])
  })
})
