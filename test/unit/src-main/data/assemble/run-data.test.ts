import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildModel, initialValues } from '../../../../../src-main/engine/model/index.ts'
import { forward } from '../../../../../src-main/engine/eval/network.ts'
import { createParamStore } from '../../../../../src-main/engine/tensor/index.ts'
import type { NamedArrays } from '../../../../../src-main/engine/types.ts'
import { writeSafetensors } from '../../../../../src-main/io/formats/tensors/safetensors.ts'
import { buildData, describeData } from '../../../../../src-main/data/assemble/build-data.ts'
import { oracleResponses, oracleUnits } from '../../../../../src-main/data/made-by-runs/oracle-units.ts'
import { runLayout } from '../../../../../src-main/store/files/layout.ts'
import { RECORD_FORMAT } from '../../../../../src-main/store/files/run-record.ts'
import { parseComponent } from '../../../../../src-shared/schema/component.ts'
import { neuralLoader } from '../../../../../src-shared/schema/dataset/neural-loader.ts'
import type { DatasetChoice } from '../../../../../src-shared/schema/registry.ts'
import type { RunConfig } from '../../../../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../../../../src-shared/schema/run-config.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import { writeTinyMnist } from '../../../../support/tiny-mnist.ts'

const home = temporaryFolder()
const folder = writeTinyMnist(join(home, 'digits'), 40, 12)
const deps = { home, folder: home, now: () => 0, date: () => new Date(0) }
const ID = 'abcdef0123456789'

function config(): RunConfig {
  const parsed = parseRunConfig({
    dataset: {
      fn: 'mtl_loader',
      config: {
        img_dataset_dict: {
          dataset_cls: 'MNIST',
          data_dir: folder,
          add_fly_corrupted_test: {},
          validation_gauss: [],
        },
        v1_dataset_dict: { dataset: 'in_silico', generator: { n_neurons: 6, n_images: 25, n_test: 5 } },
      },
    },
    model: {
      fn: 'mtl_builder',
      config: { vgg_type: 'vgg11_bn', width: 0.0625, v1_model_layer: 4, readout_hidden: 0 },
    },
    trainer: {
      fn: 'cotrainer',
      config: { loss_functions: { v1: 'MSELoss', img_classification: 'CrossEntropyLoss' } },
    },
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

let weights: NamedArrays

beforeAll(async () => {
  await useBackend('cpu')
  const run = config()
  const built = await buildData(run.dataset, run.data_seed, deps)
  built.dispose()
  weights = initialValues(buildModel(run.model, built.shapes).specs, createRng(5))
  const layout = runLayout(join(home, 'runs', ID))
  mkdirSync(join(layout.folder, 'model'), { recursive: true })
  await writeSafetensors(layout.weights, weights)
  const record = {
    format: RECORD_FORMAT,
    id: ID,
    name: 'small run',
    config: run,
    identity: { config: '', group: '', data: '', engine: 1, repetition: 0 },
    parent: null,
    folder: home,
    status: 'finished',
    reason: '',
    problem: null,
    createdAt: 0,
    startedAt: 0,
    endedAt: 0,
    seconds: 1,
    segment: 1,
    epoch: 1,
    epochs: 1,
    step: 1,
    latest: {},
    scores: {},
    environment: null,
  }
  writeFileSync(layout.record, JSON.stringify(record))
})

function neural(given: Record<string, unknown>): DatasetChoice {
  const parsed = parseComponent(neuralLoader, given, 'dataset.config')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return { fn: 'neural_loader', config: parsed.value }
}

const predictions = { image_set: 'MNIST', image_dir: 'digits', n_images: 20 }

describe('predicted responses of a finished run', () => {
  it('are what its network answers to the standardised images, without noise or repeats', async () => {
    const built = await buildData(neural({ dataset: `predicted:${ID.slice(0, 8)}`, predictions }), 1000, deps)
    const session = built.data.sessions.get('in_silico_v1')
    expect(session?.responses).toHaveLength((20 + 12) * 6)
    expect(session?.tier.filter((t) => t === 3)).toHaveLength(12)
    const run = config()
    const origin = await buildData(run.dataset, run.data_seed, deps)
    const store = createParamStore(weights)
    const network = {
      model: buildModel(run.model, origin.shapes),
      params: store.tensors,
    }
    for await (const batch of built.data.test.v1?.get('in_silico_v1')?.epoch(createRng(1)) ?? []) {
      const answers = forward(network, batch.inputs, { task: 'v1', session: 'in_silico_v1' })
      const [found, expected] = [batch.targets.dataSync(), answers.dataSync()]
      // The loader standardises over all images, the run's answers over the training images: nearly the same.
      found.forEach((value, i) => expect(Math.abs(value - (expected[i] as number))).toBeLessThan(0.05))
      for (const tensor of [answers, batch.inputs, batch.targets]) tensor.dispose()
    }
    store.dispose()
    origin.dispose()
    built.dispose()
  })

  it('are computed once and named by the run and its images', async () => {
    const choice = neural({ dataset: `predicted:${ID}`, predictions })
    const first = await describeData(choice, 1000, deps)
    expect(first.manifest.map((e) => e.name)).toEqual(['v1/predicted responses'])
    const fewer = await describeData(
      neural({ dataset: `predicted:${ID}`, predictions: { ...predictions, n_images: 15 } }),
      1000,
      deps,
    )
    expect(fewer.fingerprint).not.toBe(first.fingerprint)
  })

  it('need a finished run that is there', async () => {
    const problem = await problemOf(() =>
      describeData(neural({ dataset: 'predicted:0123', predictions }), 1000, deps),
    )
    expect(problem).toMatchObject({ code: 'run-missing', path: '0123' })
  })
})

describe('oracle responses of a classifier', () => {
  it('read one layer, are positive and have the mean asked for', async () => {
    const run = config()
    const origin = await buildData(run.dataset, run.data_seed, deps)
    const model = buildModel(run.model, origin.shapes)
    origin.dispose()
    const layer = model.layers.find((row) => row.outputShape.length === 3)?.name ?? ''
    const oracle = { ...predictions, layer, n_neurons: 9, mean_response: 2 }
    const built = await buildData(neural({ dataset: `oracle:${ID}`, predictions: oracle }), 1000, deps)
    const session = built.data.sessions.get('oracle_v1')
    expect(session?.units).toHaveLength(9)
    const training = Array.from(session?.responses.slice(0, 20 * 9) ?? [])
    expect(training.every((r) => r > 0)).toBe(true)
    expect(training.reduce((a, b) => a + b) / training.length).toBeCloseTo(2, 3)
    built.dispose()
    const problem = await problemOf(() =>
      buildData(
        neural({ dataset: `oracle:${ID}`, predictions: { ...oracle, layer: 'nowhere' } }),
        1000,
        deps,
      ),
    )
    expect(problem).toMatchObject({ code: 'config-invalid', path: 'predictions.layer' })
  })

  it('keep the earlier neurons when there are more', () => {
    const options = { channels_per_neuron: 4, mean_response: 1 }
    const few = oracleUnits(16, 8, { ...options, n_neurons: 3 }, 1)
    expect(oracleUnits(16, 8, { ...options, n_neurons: 5 }, 1).slice(0, 3)).toEqual(few)
    const responses = oracleResponses(Float32Array.from([1, 5, 2, 5, 3, 5]), 2, 3, 4)
    expect(
      (((responses[0] as number) + (responses[2] as number) + (responses[4] as number)) / 3).toFixed(4),
    ).toBe('4.0000')
    expect([responses[1], responses[3]]).toEqual([4, 4])
  })
})
