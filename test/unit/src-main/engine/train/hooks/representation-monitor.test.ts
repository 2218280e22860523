import { tensor4d } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  meanNorm,
  representationMonitor,
} from '../../../../../../src-main/engine/train/hooks/representation-monitor.ts'
import { useBackend } from '../../../../../support/backend.ts'
import { eventsOf, train } from '../../../../../support/small-training.ts'

beforeAll(() => useBackend())

describe('the monitor of representations', () => {
  it('takes the norm of each image over all of its features, and the mean over images', () => {
    const two = tensor4d([3, 0, 0, 4, 0, 6, 8, 0], [2, 2, 1, 2])
    expect(meanNorm(two).dataSync()[0]).toBeCloseTo((5 + 10) / 2, 6)
  })

  it('reports the mean over layers with the curves and changes nothing', async () => {
    const watched = await train({ config: { representation_monitor: { representations: ['core'] } } })
    const plain = await train()
    const norms = eventsOf(watched.events, 'metrics').flatMap(
      (e) => e.values['Training/RepresentationMonitor/norm'] ?? [],
    )
    expect(norms.length).toBeGreaterThan(5)
    expect(norms.every((norm) => norm > 0)).toBe(true)
    expect(watched.result.weights).toEqual(plain.result.weights)
  })

  it('leaves out layers of the other task and names one that does not exist', async () => {
    const of = (representations: string[]) =>
      train({ config: { representation_monitor: { representations } } })
    const { model } = await import('../../../../../support/small-training.ts').then((m) => ({
      model: m.smallModel(),
    }))
    const unshared = model.layers.find((row) => row.block === 'unshared_block')?.name ?? ''
    await expect(of([unshared])).resolves.toBeDefined()
    await expect(of(['cortex'])).rejects.toThrow(/no layer "cortex"/)
    expect(representationMonitor({ representations: ['core'] }).capture).toEqual(['core'])
  })
})
