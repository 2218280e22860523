import { describe, expect, it } from 'vitest'
import {
  largestTensors,
  layerName,
  stagesOf,
} from '../../../../../../src-renderer/features/editor/model/model-blocks.ts'

const layer = (block: string, name: string, activationBytes = 8) => ({
  name: `net.${block}.${name}`,
  kind: 'conv 3x3',
  block,
  outputShape: [4, 4, 2],
  parameters: 10,
  activationBytes,
  multiplyAdds: 100,
})
const card = (blocks: readonly string[]) => ({
  parameters: 0,
  tensors: 0,
  multiplyAdds: 0,
  activationBytes: 0,
  layers: blocks.map((b, i) => layer(b, `conv${i}`, i + 1)),
  parameterList: [{ name: 'w', shape: [2, 3], count: 6, frozen: false }],
  splits: [{ block: 'v1_block', receptiveField: 24 }],
})
const drawn = (blocks: readonly string[]) =>
  stagesOf(card(blocks)).map((s) => [s.block.name, s.block.use, s.readouts.map((r) => r.name)])

describe('the blocks of a network', () => {
  it('branch off where each task reads, and say who shares them', () => {
    expect(
      drawn(['v1_block', 'v4_block', 'unshared_block', 'v1_readout', 'v4_readout', 'classification_readout']),
    ).toEqual([
      ['v1_block', 'shared by V1, V4 and classification', ['v1_readout']],
      ['v4_block', 'shared by V4 and classification', ['v4_readout']],
      ['unshared_block', 'only classification', ['classification_readout']],
    ])
  })

  it('are one after the other where there is one task', () => {
    expect(drawn(['core', 'readout'])).toEqual([['core', '', ['readout']]])
  })

  it('sum what their layers cost', () => {
    const [first] = stagesOf(card(['v1_block', 'v1_block', 'v1_readout']))
    expect(first?.block).toMatchObject({
      parameters: 20,
      multiplyAdds: 200,
      activationBytes: 3,
      receptiveField: 24,
    })
  })

  it('name the largest output and weights, and layers without their block', () => {
    const made = card(['v1_block', 'unshared_block'])
    expect(largestTensors(made).output?.name).toBe('net.unshared_block.conv1')
    expect(largestTensors(made).weights?.name).toBe('w')
    expect(layerName(made.layers[0]!)).toBe('conv0')
  })
})
