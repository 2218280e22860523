import { describe, expect, it } from 'vitest'
import { assumedShapes } from '../../../../src-main/runs/assumed-shapes.ts'
import { modelCard } from '../../../../src-main/runs/model-card.ts'
import { parseRunConfig } from '../../../../src-shared/schema/run-config.ts'

function configOf(model: Record<string, unknown>) {
  const parsed = parseRunConfig({
    dataset: { fn: 'img_loader' },
    model: { fn: 'mtl_builder', config: model },
    trainer: { fn: 'cotrainer' },
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

const tiny = { size: 64, channels: 3, classes: 200 }

describe('model card', () => {
  it('counts the shared network of the paper as published', () => {
    const config = configOf({ vgg_type: 'vgg19_bn', classification_readout_type: 'dense' })
    const sessions = [
      { area: 'v1' as const, key: 'a', units: 10 },
      { area: 'v1' as const, key: 'b', units: 7 },
    ]
    const card = modelCard(config, assumedShapes({ ...tiny, sessions }))
    expect(card.parameters).toBe(46_033_245)
    expect(card.tensors).toBe(78)
    expect(card.splits.find((s) => s.block === 'v1_block')?.receptiveField).toBe(24)
  })

  it('asks for classes or sessions when the data are made up', () => {
    expect(() => assumedShapes({ ...tiny, classes: null, sessions: [] })).toThrow(/--session/)
  })
})
