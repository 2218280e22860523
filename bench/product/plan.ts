import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AREAS } from '../../src-shared/schema/names.ts'
import { createRng } from '../../src-shared/util/rng.ts'
import type { BenchNetwork, Pass } from '../../src-main/runs/bench/bench-network.ts'
import { isPassed } from '../../src-main/runs/bench/bench-network.ts'
import { madeUpData } from '../../src-main/runs/bench/made-up-data.ts'
import { initialValues } from '../../src-main/engine/model/index.ts'
import { groupIndex, groupsOf } from '../../src-main/engine/optim/index.ts'
import { logWeightName, logWeightSpecs } from '../../src-main/engine/loss/index.ts'
import { cotrainerRules } from '../../src-main/engine/train/rules/cotrainer-rules.ts'
import type { LayerRow, Model, ParamSpec } from '../../src-main/engine/types.ts'

/**
 * What the scripts of the other packages build the same network from: its layers in order, its tensors with their first values,
 * and one batch of each session. Written as `plan.json`, `values.f32` and `<batch>.{inputs,targets}`.
 */
export async function writePlan(folder: string, { config, shapes, passes }: BenchNetwork, model: Model) {
  if (config.trainer.fn !== 'cotrainer') throw new RangeError('the bench knows the rules of the co-trainer')
  mkdirSync(folder, { recursive: true })
  const rules = cotrainerRules(config.trainer.config)
  const options: Readonly<Record<string, unknown>> = config.model.config
  const groups = groupsOf(rules.optimizer)
  const learned = rules.learnedWeights ? logWeightSpecs([...rules.losses.keys()]) : []
  const specs = [...model.specs, ...learned]
  // As a training with the seed 1 draws them. Weights that repeat would make ties in max pooling.
  const values = initialValues(specs, createRng(1).fork('init'))
  const chunks: Uint8Array[] = []
  let at = 0
  const params = specs.map((spec) => {
    const { data } = values.get(spec.name) ?? { data: new Float32Array(0) }
    const offset = at
    at += data.byteLength
    chunks.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    const rate = groups[groupIndex(groups, spec.name)]?.options.lr
    return { ...tensorOf(spec), offset, rate, range: model.ranges.get(spec.name)?.map(finite) ?? null }
  })
  writeFileSync(join(folder, 'values.f32'), Buffer.concat(chunks))
  const plan = {
    params,
    tasks: passes.map((pass) => ({ ...pass, rows: trunkOf(model.layers, pass, shapes, options) })),
    optimizer: { name: rules.optimizer.name, ...groups[0]?.options },
    losses: Object.fromEntries(rules.losses),
    penalties: {
      features: rules.regularize ? (options['v1_gamma_readout'] ?? options['gamma_readout'] ?? 0) : 0,
      laplace: rules.regularize ? (options['gamma_input'] ?? 0) : 0,
      average: config.model.fn.startsWith('stacked2d'),
    },
    momentum: options['momentum'] ?? 0.1,
    eluOffset: options['v1_elu_offset'] ?? options['elu_offset'] ?? 0,
    logWeights: rules.learnedWeights ? [...rules.losses.keys()].map((task) => logWeightName(task)) : [],
    batches: await writeBatches(folder, { config, shapes, passes }, rules.scaleLoss, model.layers),
  }
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan))
}

/** JSON has no infinity. */
const finite = (bound: number): number | null => (Number.isFinite(bound) ? bound : null)

const tensorOf = ({ name, shape, kind, role, frozen, torch: { layout } }: ParamSpec) => ({
  name,
  shape,
  role,
  isTrained: kind === 'parameter' && !frozen,
  layout,
})

/** Layers that an image of a task passes up to its readout, with the zeros around each convolution. */
function trunkOf(
  layers: readonly LayerRow[],
  { task }: Pass,
  { inputs }: BenchNetwork['shapes'],
  { stack = null }: Readonly<Record<string, unknown>>,
) {
  const passed = layers.filter(({ block, kind }) => !isReadout(kind) && isPassed(block, task))
  let height = inputs[task]?.height ?? 0
  const ends = lastOfEach(passed)
  return passed.map(({ name, kind, outputShape }, i) => {
    const kernel = Number(/conv (\d+)x/.exec(kind)?.[1] ?? NaN)
    const [out = 1] = outputShape
    const pad = Number.isNaN(kernel) ? null : (out - height + kernel - 1) / 2
    if (pad !== null && (!Number.isInteger(pad) || pad < 0))
      throw new RangeError(`${name} has a stride or a dilation, which the bench does not know`)
    height = out
    // Outputs that the readout sees beside the last one.
    const isStacked = stack === null && ends.has(i) && i < passed.length - 1
    return { name, kind, pad, isStacked }
  })
}

const isReadout = (kind: string): boolean => kind.endsWith('readout')

/** Positions of the last row of each layer of a stacked core; empty for other networks. */
function lastOfEach(rows: readonly LayerRow[]): ReadonlySet<number> {
  const layers = rows.map(({ name }) => /^core\.features\.(layer\d+)\./.exec(name)?.[1])
  return new Set(rows.flatMap((_, i) => (layers[i] !== undefined && layers[i] !== layers[i + 1] ? [i] : [])))
}

async function writeBatches(
  folder: string,
  network: BenchNetwork,
  isScaled: boolean,
  layers: readonly LayerRow[],
) {
  const { train } = madeUpData(network)
  // Neural batches come before the classification batch that makes the step.
  const tasks = [...AREAS, 'img_classification' as const]
  const loaders = tasks.flatMap((task) =>
    [...(train[task] ?? [])].map(([key, loader]) => ({ task, key, loader })),
  )
  const written = []
  for (const [i, { task, key, loader }] of loaders.entries()) {
    const { value: batch } = await loader.epoch(createRng(1))[Symbol.asyncIterator]().next()
    if (batch === undefined) throw new RangeError(`no batch of ${key}`)
    const isNeural = task !== 'img_classification'
    writeFileSync(join(folder, `${i}.inputs`), bytesOf(batch.inputs.dataSync()))
    writeFileSync(join(folder, `${i}.targets`), bytesOf(batch.targets.dataSync()))
    written.push({
      task,
      inputs: batch.inputs.shape,
      targets: batch.targets.shape,
      scale: isNeural && isScaled ? Math.sqrt(loader.size / batch.inputs.shape[0]) : 1,
      readout: isNeural ? readoutOf(layers, task, key) : null,
    })
  }
  return written
}

const bytesOf = (values: Float32Array | Int32Array | Uint8Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

function readoutOf(layers: readonly LayerRow[], task: string, key: string): string {
  const found = layers.find(({ name, kind }) => isReadout(kind) && name.endsWith(`.${key}`))
  if (found?.kind !== 'gaussian readout') throw new RangeError(`the bench knows no readout of ${task} ${key}`)
  return found.name
}
