import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { train as trainWith } from '../../../../../src-main/engine/train/index.ts'
import type { Loader, Model, TrainResult } from '../../../../../src-main/engine/types.ts'
import { encodeNpy } from '../../../../../src-main/io/formats/numpy/npy-write.ts'
import { buildData } from '../../../../../src-main/data/assemble/build-data.ts'
import type { DataDeps } from '../../../../../src-main/data/content/data-deps.ts'
import type { PlainConfig } from '../../../../../src-shared/schema/component.ts'
import type { Choices } from '../../../../../src-shared/schema/registry.ts'
import { parseChoice } from '../../../../../src-shared/schema/run-config.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'
import { configuredModel } from '../../../../support/configured-model.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

vi.setConfig({ testTimeout: 120_000 })

const home = temporaryFolder()
const deps: DataDeps = { home, folder: home, now: () => performance.now(), date: () => new Date(0) }
const SIDE = 13
const TRIALS = 240
/** Eye positions in pixels of the camera, behaviour in units of its own. */
const EYE = { centre: [130, 80], spread: [12, 7] } as const
/** Shift of receptive fields, in the readout's units from edge (-1) to edge (1), for an eye position one spread off. */
const SHIFT = 0.22
const FIELDS = [
  [-0.3, 0.1],
  [0.2, 0.3],
  [0.1, -0.35],
] as const

interface Trial {
  readonly image: Float32Array
  readonly pupil: readonly [number, number]
  readonly behavior: readonly [number, number, number]
  readonly responses: readonly number[]
}

const rng = createRng(3)

/** An image of smooth spots. */
function spots(stream = rng.fork('image')): (x: number, y: number) => number {
  const all = Array.from({ length: 7 }, () => [
    stream.uniform() * 2.4 - 1.2,
    stream.uniform() * 2.4 - 1.2,
    stream.normal(),
  ])
  return (x, y) => all.reduce((s, [a, b, h]) => s + h! * Math.exp(-((x - a!) ** 2 + (y - b!) ** 2) / 0.08), 0)
}

/** Units respond to the place of the image that their field, moved by the eye, falls on; running scales them. */
function trialOf(index: number): Trial {
  const stream = rng.fork(index)
  const at = spots(stream.fork('image'))
  const eye = [stream.normal(), stream.normal()] as const
  const running = 2 + stream.uniform() * 6
  const image = Float32Array.from({ length: SIDE * SIDE }, (_, i) =>
    at((2 * (i % SIDE)) / (SIDE - 1) - 1, (2 * Math.floor(i / SIDE)) / (SIDE - 1) - 1),
  )
  return {
    image,
    pupil: [EYE.centre[0] + EYE.spread[0] * eye[0], EYE.centre[1] + EYE.spread[1] * eye[1]],
    behavior: [1 + stream.uniform(), stream.normal(), running],
    responses: FIELDS.map(
      ([x, y]) => (0.3 * running * (at(x + SHIFT * eye[0], y - SHIFT * eye[1]) + 2.5)) / 2.5,
    ),
  }
}

const trials = Array.from({ length: TRIALS }, (_, i) => trialOf(i))
const tierOf = (i: number): string => (i % 6 === 4 ? 'validation' : i % 6 === 5 ? 'test' : 'train')

/** Bytes around middle grey: for numbers on no scale the import asks what is white. */
const grey = (image: Float32Array): Uint8Array => Uint8Array.from(image, (v) => 128 + 30 * v)

function writeTree(name: string, channels: { readonly behaviour: boolean }): string {
  const files: Record<string, Uint8Array> = {
    'meta/neurons/unit_ids.npy': encodeNpy(Int32Array.from(FIELDS.keys()), [FIELDS.length]),
    'meta/trials/tiers.npy': encodeNpy(
      trials.map((_, i) => tierOf(i)),
      [TRIALS],
    ),
    'meta/trials/frame_image_id.npy': encodeNpy(Int32Array.from(trials.keys()), [TRIALS]),
  }
  trials.forEach(({ image, pupil, behavior, responses }, i) => {
    files[`data/images/${i}.npy`] = encodeNpy(grey(image), [1, SIDE, SIDE])
    files[`data/responses/${i}.npy`] = encodeNpy(Float32Array.from(responses), [FIELDS.length])
    if (!channels.behaviour) return
    files[`data/pupil_center/${i}.npy`] = encodeNpy(Float32Array.from(pupil), [2])
    files[`data/behavior/${i}.npy`] = encodeNpy(Float32Array.from(behavior), [3])
  })
  for (const [file, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name, file)), { recursive: true })
    writeFileSync(join(home, name, file), bytes)
  }
  return join(home, name)
}

function parsed<K extends 'dataset' | 'trainer'>(kind: K, fn: string, given: PlainConfig): Choices[K] {
  const result = parseChoice(kind, fn, given, kind)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.value
}

const build = (path: string) =>
  buildData(
    parsed('dataset', 'neural_loader', { dataset: path, target_types: ['v1'], batch_size: 32 }),
    1000,
    deps,
  )

const mouse = writeTree('static1-1-1-GrayImageNet-with', { behaviour: true })
const still = writeTree('static1-1-1-GrayImageNet-without', { behaviour: false })

const MODEL: PlainConfig = {
  stacked: { hidden_channels: 3, input_kern: 3, hidden_kern: 3, layers: 1 },
  readout: 'gaussian',
}

beforeAll(() => useBackend())

interface Rows {
  readonly index: number[]
  readonly pupil: number[]
  readonly behavior: number[]
}

async function drain(loader: Loader | undefined): Promise<Rows> {
  const rows: Rows = { index: [], pupil: [], behavior: [] }
  for await (const batch of loader?.epoch(createRng(4)) ?? []) {
    rows.index.push(...batch.index)
    rows.pupil.push(...(batch.pupil?.dataSync() ?? []))
    rows.behavior.push(...(batch.behavior?.dataSync() ?? []))
    for (const tensor of [batch.inputs, batch.targets, batch.pupil, batch.behavior]) tensor?.dispose()
  }
  return rows
}

describe('trials with behaviour and eye positions', () => {
  it('carry them in every tier, each with its own image, on the published scale', async () => {
    const { data, shapes, dispose } = await build(mouse)
    expect(shapes.sessions[0]).toMatchObject({ pupil: 2, behavior: 3 })
    const spread = (values: readonly number[]): { mean: number; sd: number } => {
      const mean = values.reduce((a, b) => a + b, 0) / values.length
      return { mean, sd: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) }
    }
    const eye = [0, 1].map((k) => spread(trials.map((t) => t.pupil[k]!)))
    const state = [0, 1, 2].map((k) => spread(trials.map((t) => t.behavior[k]!)))
    for (const tier of ['train', 'validation', 'test'] as const) {
      const rows = await drain([...(data[tier].v1?.values() ?? [])][0])
      expect(rows.index.length).toBeGreaterThan(30)
      expect(rows.index.some((image, i) => image < (rows.index[i - 1] ?? 0))).toBe(tier === 'train') // shuffled
      rows.index.forEach((image, row) => {
        const { pupil, behavior } = trials[image]!
        eye.forEach(({ mean, sd }, k) =>
          expect(rows.pupil[2 * row + k]).toBeCloseTo((pupil[k]! - mean) / sd, 3),
        )
        state.forEach(({ sd }, k) => expect(rows.behavior[3 * row + k]).toBeCloseTo(behavior[k]! / sd, 3))
      })
    }
    dispose()
  })

  it('are absent where the recording has none, and a model that reads them is refused', async () => {
    const { data, shapes, dispose } = await build(still)
    const rows = await drain([...(data.train.v1?.values() ?? [])][0])
    expect([rows.pupil, rows.behavior]).toEqual([[], []])
    const model = (config: PlainConfig) => () =>
      configuredModel('composed_neural_model', { ...MODEL, ...config }, shapes)
    expect(model({ shifter: 'mlp' })).toThrow(/session 1-1-1 has no eye positions, which the shifter reads/)
    expect(model({ modulator: 'mlp' })).toThrow(/has no behaviour, which the modulator reads/)
    dispose()
  })

  it('let a shifter and a modulator predict what the image alone cannot', async () => {
    const { data, shapes, dispose } = await build(mouse)
    const train = async (config: PlainConfig): Promise<{ model: Model; result: TrainResult }> => {
      const model = configuredModel('composed_neural_model', { ...MODEL, ...config }, shapes)
      const options = { lr_init: 0.03, max_iter: 40, patience: 40, lr_decay_steps: 1 }
      const run = trainWith({
        data,
        model,
        trainer: parsed('trainer', 'nnvision_trainer', options),
        seed: 5,
        start: null,
        checkpoint: null,
        now: () => performance.now(),
        stopRequest: () => 'no',
      })
      for (;;) {
        const step = await run.next()
        if (step.done === true) return { model, result: step.value }
      }
    }
    const moving = { shifter: 'mlp', modulator: 'mlp', mlp_modulator: { gain: 'elu1' } }
    const [blind, seeing] = [await train({}), await train(moving)]
    const score = ({ result }: { result: TrainResult }): number => result.scores['FinalTest/v1/eval'] ?? NaN
    expect(score(seeing)).toBeGreaterThan(score(blind) + 0.15)
    const learned = [...seeing.result.weights].filter(([name]) => /^(shifter|modulator)\./.test(name))
    expect(learned.length).toBeGreaterThan(5)
    dispose()
  })
})
