import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../../../support/backend.ts'
import { images } from '../../../../support/configured-model.ts'
import type { ExchangeCase } from '../../../../support/exchanged-network.ts'
import { COMPARE, writeExchanged } from '../../../../support/exchanged-network.ts'
import { pythonHas, testPython } from '../../../../support/python-with.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const SIDE = 18
const sessions = [{ area: 'v1' as const, key: 's.1', units: 5 }]
const core = { hidden_channels: 6, input_kern: 5, hidden_kern: 3 }
const neural = (fn: string, config = {}): ExchangeCase => ({
  fn,
  config,
  shapes: { inputs: { v1: images(SIDE, 1) }, sessions, classes: null },
  route: { task: 'v1', session: 's.1' },
})
const classes = (config: ExchangeCase['config'], side = 32): ExchangeCase => ({
  fn: 'classification_cnn_builder',
  config: { type: 'vgg11_bn', width: 0.06, readout_hidden: 8, ...config },
  shapes: { inputs: { img_classification: images(side, 3) }, sessions: [], classes: 4 },
  route: { task: 'img_classification' },
})
const shared: Omit<ExchangeCase, 'route'> = {
  fn: 'mtl_builder',
  config: {
    ...{ vgg_type: 'vgg11_bn', width: 0.06, pretrained: false, v1_model_layer: 8, v1_final_batchnorm: true },
    ...{ classification: true, classification_readout_type: 'dense', readout_hidden: 8 },
  },
  shapes: { inputs: { img_classification: images(32, 1), v1: images(32, 1) }, sessions, classes: 4 },
}
const CASES: Readonly<Record<string, ExchangeCase>> = {
  'VGG classification': classes({}),
  'VGG, pooled, one linear layer': classes({ type: 'vgg11', readout_hidden: 0, avg_pool: true }, 64),
  'VGG, convolutions read': classes({ readout_type: 'conv' }, 64),
  'co-trained classes': { ...shared, route: { task: 'img_classification' } },
  'co-trained responses': { ...shared, route: { task: 'v1', session: 's.1' } },
  'stacked core': neural('stacked2d_core_gaussian_readout', core),
  'SE core': neural('se_core_gauss_readout', { ...core, n_se_blocks: 2, se_reduction: 2 }),
  'separable core': neural('se_core_full_gauss_readout', { ...core, depth_separable: true }),
  'pooled points': neural('se_core_point_readout', { ...core, pool_steps: 1 }),
  'spatial masks': neural('se_core_spatialXfeature_readout', { ...core, init_noise: 0.5 }),
}
const folderOf = (name: string): string => join(folder, name)

/** Types of the nodes of an ONNX file, and the shape that its input has. */
function read(path: string): {
  readonly nodes: string[]
  readonly initialisers: string[]
  readonly opset: number
} {
  const found = { nodes: [] as string[], initialisers: [] as string[], opset: 0 }
  const fields = (bytes: Uint8Array, wanted: Readonly<Record<number, (r: BinaryReader) => void>>): void => {
    const r = new BinaryReader(bytes)
    while (r.pos < r.len) {
      const [field, type] = r.tag()
      const take = wanted[field]
      if (take === undefined) r.skip(type, field)
      else take(r)
    }
  }
  fields(readFileSync(path), {
    7: (r) =>
      fields(r.bytes(), {
        1: (g) => fields(g.bytes(), { 4: (n) => found.nodes.push(n.string()) }),
        5: (g) => fields(g.bytes(), { 8: (t) => found.initialisers.push(t.string()) }),
      }),
    8: (r) => fields(r.bytes(), { 2: (o) => (found.opset = Number(o.int64())) }),
  })
  return found
}

beforeAll(async () => {
  await useBackend('wasm')
})

describe('networks for other programs', () => {
  it('are written from what the engine computes', async () => {
    const graphs = new Map<string, Awaited<ReturnType<typeof writeExchanged>>>()
    for (const [name, given] of Object.entries(CASES))
      graphs.set(name, await writeExchanged(folderOf(name), given))
    const opsOf = (name: string): readonly string[] => graphs.get(name)?.ops.map(({ op }) => op) ?? []
    const count = (name: string, op: string): number => opsOf(name).filter((o) => o === op).length
    expect(count('VGG classification', 'conv')).toBe(8)
    expect(count('VGG classification', 'batchNorm')).toBe(8)
    expect(count('VGG classification', 'linear')).toBe(3)
    // Maps lie as PyTorch has them all the way.
    expect(count('VGG classification', 'transpose')).toBe(0)
    expect(count('co-trained responses', 'conv')).toBe(2)
    expect(graphs.get('separable core')?.ops.filter((o) => o.op === 'conv' && o.groups > 1)).toHaveLength(2)
    const { nodes, initialisers, opset } = read(join(folderOf('SE core'), 'network.onnx'))
    expect(opset).toBe(17)
    expect(nodes.filter((n) => n === 'Conv')).toHaveLength(3)
    expect(nodes.filter((n) => n === 'Sigmoid')).toHaveLength(2)
    expect(nodes).toContain('GridSample')
    expect(initialisers).toContain('core.features.layer0.conv.weight')
    const text = readFileSync(join(folderOf('stacked core'), 'model.py'), 'utf8')
    expect(text).toContain(
      'F.conv2d(images, w["core.features.layer0.conv.weight"], stride=1, padding=(0, 0))',
    )
  })

  it('names the part that has no form elsewhere', async () => {
    const attention = neural('stacked2d_core_gaussian_readout', { ...core, attention_conv: true })
    await expect(writeExchanged(folderOf('no'), attention)).rejects.toThrow(
      /behind core\.features\.layer0.*cannot be written/,
    )
  })

  const packages = ['torch', 'safetensors', 'onnx', 'onnxruntime']
  it.skipIf(!pythonHas(...packages))('give the same answers there', () => {
    const names = Object.keys(CASES)
    const out = execFileSync(testPython ?? '', ['-W', 'ignore', '-c', COMPARE, ...names.map(folderOf)], {
      encoding: 'utf8',
    })
    const lines = out.split('\n').filter((line) => line.startsWith('CASE '))
    const said = lines.map((line) => JSON.parse(line.slice(5)) as Record<'torch' | 'onnx' | 'spread', number>)
    expect(said).toHaveLength(names.length)
    for (const [i, { torch, onnx, spread }] of said.entries()) {
      expect(torch, names[i]).toBeLessThan(1e-5)
      expect(onnx, names[i]).toBeLessThan(1e-5)
      expect(spread, names[i]).toBeGreaterThan(1e-3)
    }
  })
})
