import { describe, expect, it } from 'vitest'
import { assumedShapes } from '../../../../../src-main/runs/create/assumed-shapes.ts'
import { modelCard } from '../../../../../src-main/runs/create/model-card.ts'
import { parseRunConfig } from '../../../../../src-shared/schema/run-config.ts'

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

  it('agrees with arithmetic done by hand for VGG-19 with batch norm', () => {
    const config = configOf({ vgg_type: 'vgg19_bn', classification_readout_type: 'dense' })
    const sessions = [
      { area: 'v1' as const, key: 'a', units: 10 },
      { area: 'v1' as const, key: 'b', units: 7 },
    ]
    const card = modelCard(config, assumedShapes({ ...tiny, sessions }))
    const expected = byHand(64, 3, 200, 17)
    expect(card.parameters).toBe(expected.parameters)
    expect(card.multiplyAdds).toBe(expected.multiplyAdds)
    const split = card.layers.filter((row) => row.block === 'v1_block')
    expect(split).toHaveLength(17)
    expect(split.at(-1)?.outputShape).toEqual([16, 16, 256])
    expect(split.at(-1)?.receptiveField).toBe(expected.fieldAtSplit)
    const perLayer = card.layers.reduce((n, row) => n + row.parameters, 0)
    expect(perLayer).toBe(card.parameters)
  })

  it('asks for classes or sessions when the data are made up', () => {
    expect(() => assumedShapes({ ...tiny, classes: null, sessions: [] })).toThrow(/--session/)
  })
})

/** Simonyan & Zisserman (2014), configuration E: channels of the convolutions, M for a pool. */
const VGG19 = [
  64,
  64,
  'M',
  128,
  128,
  'M',
  256,
  256,
  256,
  256,
  'M',
  512,
  512,
  512,
  512,
  'M',
  512,
  512,
  512,
  512,
  'M',
]

/** Counts of the network from the formulas of its layers, without any of our code. */
function byHand(size: number, channels: number, classes: number, units: number) {
  let [side, depth, parameters, multiplyAdds] = [size, channels, 0, 0]
  let [field, jump, convolutions, fieldAtSplit, splitDepth] = [1, 1, 0, 0, 0]
  for (const layer of VGG19) {
    if (layer === 'M') {
      field += jump
      jump *= 2
      side /= 2
      continue
    }
    const out = Number(layer)
    parameters += 9 * depth * out + out + 2 * out // kernel, bias, scale and shift of the norm
    multiplyAdds += side * side * 9 * depth * out + side * side * out // and one of the norm for each value
    depth = out
    field += 2 * jump
    // Modules 15 to 17 are the fifth convolution, its norm and its ReLU.
    if (++convolutions === 5) [fieldAtSplit, splitDepth] = [field, depth]
  }
  let width = side * side * depth
  for (const out of [4096, 4096, classes]) {
    parameters += width * out + out
    multiplyAdds += width * out
    width = out
  }
  // A readout has features, a position, its spread in two directions, and a bias.
  parameters += units * (splitDepth + 2 + 2 + 1)
  // Between four grid cells by bilinear weights, then the weighted sum over channels.
  multiplyAdds += units * splitDepth * (4 + 1)
  return { parameters, multiplyAdds, fieldAtSplit, convolutions }
}
