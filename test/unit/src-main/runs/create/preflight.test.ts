import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import { assumedShapes } from '../../../../../src-main/runs/create/assumed-shapes.ts'
import { NO_DEVICES } from '../../../../../src-main/io/native/devices/compute-devices.ts'
import { memoryNeed } from '../../../../../src-main/runs/create/memory-need.ts'
import { modelCard } from '../../../../../src-main/runs/create/model-card.ts'
import { preflight } from '../../../../../src-main/runs/create/preflight.ts'
import { webgpuKey, writeWebgpu } from '../../../../../src-main/io/native/webgpu/webgpu-record.ts'
import { watchMachine } from '../../../../../src-main/runs/home/machine.ts'
import { intactRecord } from '../../../../support/engine-home.ts'
import { fakeDescription } from '../../../../support/fake-engine.ts'
import { A100, fakeSmi, MIG_CARD } from '../../../../support/fake-smi.ts'
import { labs, smallConfig } from '../../../../support/lab.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const lab = labs()
const onProcessor = {
  machine: { read: () => Promise.resolve({ ...NO_DEVICES, slotsPerGpu: 1 }) },
  unusedGpu: () => Promise.resolve(null),
}
const noShapes = { ...fakeDescription, shapes: null }

describe('the check before queueing', () => {
  it('builds data whose shapes are not known, and reports their faults', async () => {
    const { store, home } = lab()
    const fault = {
      code: 'config-invalid',
      path: 'dataset.config.filter_classes',
      message: 'too far.',
    } as const
    const answer = await preflight(
      {
        store,
        ...onProcessor,
        folder: home,
        describeData: () => Promise.resolve(noShapes),
        shapesOf: () => Promise.reject(new CotrainError(fault)),
      },
      smallConfig(1),
    )
    expect(answer.problems).toEqual([fault])
    expect(answer.memoryBytes).toBeNull()
  })

  it('says that a card of the machine computes nothing', async () => {
    const { store, home } = lab()
    const why = 'The A100 is not used: it is too old.'
    const described = { describeData: () => Promise.resolve(fakeDescription), folder: home, store }
    const shapesOf = () => Promise.reject(new Error('known'))
    const check = (unused: () => Promise<string | null>) =>
      preflight({ ...described, shapesOf, ...onProcessor, unusedGpu: unused }, smallConfig(1))
    expect((await check(() => Promise.resolve(why))).warnings).toContain(why)
    expect((await check(onProcessor.unusedGpu)).warnings.join()).not.toContain('A100')
  })

  it('refuses a number format that no engine here has, with the reason and the fix', async () => {
    const { store, home } = lab()
    const { problems } = await preflight(
      {
        ...{ store, folder: home, ...onProcessor },
        describeData: () => Promise.resolve(fakeDescription),
        shapesOf: () => Promise.reject(new Error('the shapes are known')),
      },
      smallConfig(1, { trainer: { fn: 'cotrainer', config: { precision: 'tf32' } } }),
    )
    expect(problems).toMatchObject([
      {
        path: 'trainer.config.precision',
        message: expect.stringContaining('tf32 needs an NVIDIA card'),
        hint: expect.stringContaining('float32'),
      },
    ])
  })

  it('refuses a tensor that the adapter of WebGPU cannot hold, with its layer, its size and the fix', async () => {
    vi.stubEnv('COTRAIN_ENGINE', 'webgpu')
    const { store, home } = lab()
    const config = smallConfig(1)
    const check = async (maxBufferBytes: number) => {
      await writeWebgpu(store.layout.engine, {
        key: await webgpuKey(),
        adapter: { name: 'Radeon', isSoftware: false, maxBufferBytes },
        ...{ trial: null, proof: '', wish: 'auto', decision: { isDefault: false, why: '' }, at: 1 },
      })
      const how = { store, folder: home, ...onProcessor, shapesOf: () => Promise.reject(new Error('known')) }
      return preflight({ ...how, describeData: () => Promise.resolve(fakeDescription) }, config)
    }
    const { biggest, problems: none } = await check(2 ** 40)
    const [largest] = biggest
    if (largest === undefined) throw new Error('no tensor is estimated')
    expect(none).toEqual([])
    expect((await check(largest.bytes)).problems).toEqual([])
    const { problems } = await check(largest.bytes - 1)
    expect(problems).toMatchObject([
      { code: 'out-of-memory', hint: expect.stringMatching(/batch|images/) as string },
    ])
    expect(problems[0]?.message).toContain(`the largest is ${largest.name}: `)
    vi.stubEnv('COTRAIN_ENGINE', 'wasm')
    expect((await check(1)).problems).toEqual([])
    vi.unstubAllEnvs()
  })

  it('says that the data of a clone have changed', async () => {
    const { store, add, home } = lab()
    const id = await add(1, { name: 'first' })
    const check = (fingerprint: string, seed: number) =>
      preflight(
        {
          store,
          ...onProcessor,
          folder: home,
          describeData: () => Promise.resolve({ ...fakeDescription, fingerprint }),
          shapesOf: () => Promise.reject(new Error('the shapes are known')),
        },
        smallConfig(seed),
        id,
      )
    expect((await check('0'.repeat(64), 2)).warnings.join()).toContain('changed since "first"')
    expect((await check(fakeDescription.fingerprint, 2)).warnings.join()).not.toContain('changed')
    expect((await check(fakeDescription.fingerprint, 1)).identicalRun?.id).toBe(id)
  })
})

describe('what a run would train with', () => {
  const neural = (trainer: Record<string, unknown> = {}) =>
    smallConfig(1, {
      dataset: {
        fn: 'mtl_loader',
        config: { v4_dataset_dict: { dataset: 'rec' }, img_dataset_dict: { dataset_cls: 'MNIST' } },
      },
      model: { fn: 'mtl_builder', config: { v4_model_layer: 7, v1_model_layer: -1, pretrained: false } },
      trainer: {
        fn: 'cotrainer',
        config: {
          loss_functions: { img_classification: 'CrossEntropyLoss', v4: 'PoissonLoss' },
          to_monitor: ['img_classification'],
          train_cycler: 'MTL_Cycler',
          train_cycler_args: { main_key: 'img_classification', ratio: 1 / 15 },
          ...trainer,
        },
      },
    })
  const shapes = {
    inputs: {},
    sessions: [],
    classes: 10,
    sizes: {
      train: { img_classification: { img_classification: 9 }, v4: { a: 4, b: 4 } },
      scored: { img_classification: ['img_classification'], v4: ['a', 'b'] },
      tested: { v4: ['b'] },
    },
  }
  const check = (trainer?: Record<string, unknown>) => {
    const { store, home } = lab()
    const described = { ...fakeDescription, shapes }
    const deps = { store, ...onProcessor, folder: home, describeData: () => Promise.resolve(described) }
    return preflight({ ...deps, shapesOf: () => Promise.reject(new Error('known')) }, neural(trainer))
  }

  it('counts batches of each session, and refuses a task that gets none', async () => {
    const { share, problems } = await check()
    expect(share.map(({ session, perEpoch }) => [session, perEpoch[0]?.batches])).toEqual([
      ['a', 0],
      ['b', 0],
      ['img_classification', 9],
    ])
    expect(problems.map(({ path }) => path)).toContain('trainer.config.train_cycler_args.ratio')
  })

  it('allows it when the config does, and says so', async () => {
    const { problems, warnings } = await check({ allow_untrained: true })
    expect(problems.map(({ path }) => path)).not.toContain('trainer.config.train_cycler_args.ratio')
    expect(warnings.join()).toContain('v4 was not trained')
  })

  it('offers a test part for the sessions that have none', async () => {
    const { offers, warnings } = await check()
    expect(offers).toEqual([
      {
        label: 'Keep 20 % of the V4 images for testing',
        changes: [{ path: 'dataset.config.v4_dataset_dict.test_frac', value: 0.2 }],
      },
    ])
    expect(warnings.join()).toContain('session a has no test part')
  })
})

describe.skipIf(process.platform === 'win32')(
  'the memory of a card (its tool is a shell script here)',
  () => {
    afterEach(() => vi.unstubAllEnvs())

    it('is compared with what is free there, with the largest tensor and what would help', async () => {
      const { store, home } = lab()
      mkdirSync(join(home, 'engine'), { recursive: true })
      const info = { ...intactRecord(), gpu: true, libraryPath: [] }
      writeFileSync(join(home, 'engine', 'native.json'), JSON.stringify(info))
      const checkOn = async (card: string, list: readonly string[] = [], engine?: string) => {
        const tools = temporaryFolder()
        fakeSmi([card], { folder: tools, list })
        vi.stubEnv('PATH', `${tools}:${path}`)
        vi.stubEnv('COTRAIN_ENGINE', engine)
        vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined)
        const known = () => Promise.reject(new Error('the shapes are known'))
        return preflight(
          {
            ...{ store, folder: home, machine: watchMachine(store), unusedGpu: onProcessor.unusedGpu },
            ...{ describeData: () => Promise.resolve(fakeDescription), shapesOf: known },
          },
          smallConfig(1),
        )
      }
      const check = (freeMib: number, engine?: string) =>
        checkOn(A100.replace('80000', String(freeMib)), [], engine)
      const path = process.env['PATH']
      const roomy = await check(80_000)
      const { deviceMemory } = roomy
      expect(deviceMemory).toMatchObject({ card: 'NVIDIA A100-SXM4-80GB', freeBytes: 80_000 * 2 ** 20 })
      expect(deviceMemory?.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(deviceMemory?.needBytes)
      expect(roomy.warnings.join()).not.toContain('A100')
      const tight = await check(100)
      expect(tight.warnings.join()).toMatch(
        /Training needs about .* on the NVIDIA A100-SXM4-80GB, 100 MiB of 80.0 GiB are free. The largest tensor: .* To fit: halve the batch and accumulate, or halve the batch/,
      )
      const withoutCard = await check(100, 'wasm')
      expect(withoutCard.deviceMemory).toBeNull()
      expect(withoutCard.memoryBytes).not.toBe(tight.memoryBytes)
      // The driver does not tell what is free of a part; the activations are on it all the same.
      const onPart = await checkOn(MIG_CARD.line, MIG_CARD.list)
      expect(onPart.deviceMemory).toBeNull()
      expect(onPart.memoryBytes).toBe(tight.memoryBytes)
    })
  },
)

describe('the memory that training needs', () => {
  const shapes = assumedShapes({ size: 64, channels: 3, classes: 200, sessions: [] })
  const need = (trainer: Record<string, unknown>, batch = 64) => {
    const config = smallConfig(1, {
      dataset: { fn: 'img_loader', config: { batch_size: batch } },
      trainer: { fn: 'cotrainer', config: trainer },
    })
    return memoryNeed(modelCard(config, shapes), config)
  }

  it('grows with the batch and names the largest tensor', () => {
    const [small, large] = [need({}, 32), need({}, 64)]
    expect(large.bytes).toBeGreaterThan(small.bytes)
    expect(large.biggest[0]?.name).toMatch(/^output of .*64 × 64 × 64, for 64 images$/)
    expect(large.biggest[0]?.bytes).toBe(64 * 64 * 64 * 64 * 4)
  })

  it('of a card is told in parts, and is not taken of main memory', () => {
    const config = smallConfig(1, { dataset: { fn: 'img_loader', config: { batch_size: 64 } } })
    const card = modelCard(config, shapes)
    const of = (options: Record<string, unknown>, batch = 64) => {
      const changed = smallConfig(1, {
        dataset: { fn: 'img_loader', config: { batch_size: batch } },
        trainer: { fn: 'cotrainer', config: options },
      })
      return memoryNeed(card, changed, shapes.inputs)
    }
    const bytes = ({ onCard }: ReturnType<typeof of>, name: RegExp) =>
      onCard.find((part) => name.test(part.name))?.bytes
    const adam = of({ optimizer: 'Adam' })
    const weights = 4 * card.parameters
    expect(bytes(adam, /^weights$/)).toBe(weights)
    expect(bytes(adam, /Adam remembers/)).toBe(2 * weights)
    expect(bytes(of({ optimizer: 'SGD' }), /SGD remembers/)).toBeUndefined()
    const momentum = of({ optimizer: 'SGD', optimizer_options: { momentum: 0.9 } })
    expect(bytes(momentum, /SGD remembers/)).toBe(weights)
    const added = { train_cycler_args: { grad_accum_step: 2 } }
    const single = { train_cycler_args: { grad_accum_step: 1 } }
    expect(bytes(of(added), /gradients of the weights/)).toBe(2 * weights)
    expect(bytes(of(single), /gradients of the weights/)).toBe(weights)
    expect(bytes(adam, /batches of images/)).toBe(2 * 64 * 64 * 64 * 3 * 4)
    expect(bytes(adam, /activations of 64 images/)).toBe(2 * 64 * card.activationBytes)
    expect(of({}, 640).besideCardBytes - of({}, 64).besideCardBytes).toBe(576 * 2 * 64 * 64 * 3 * 4)
    expect(of({}, 640).bytes - of({}, 64).bytes).toBeGreaterThan(576 * 2 * card.activationBytes)
  })

  it('counts paired views as images', () => {
    const paired = smallConfig(1, {
      dataset: {
        fn: 'img_loader',
        config: { batch_size: 64, apply_noise: { representation_matching: true } },
      },
    })
    expect(memoryNeed(modelCard(paired, shapes), paired).biggest[0]?.name).toContain('for 128 images')
  })

  it('offers to halve the batch, and to add up two of them where the cycler can', () => {
    expect(need({}).fixes[0]?.changes).toEqual([
      { path: 'dataset.config.batch_size', from: 64, value: 32 },
      { path: 'trainer.config.train_cycler_args.grad_accum_step', from: 0, value: 2 },
    ])
    const mtl = need({ train_cycler: 'MTL_Cycler' })
    expect(mtl.fixes[0]).toEqual({
      label: 'Halve the batch',
      changes: [{ path: 'dataset.config.batch_size', from: 64, value: 32 }],
    })
    expect(need({}, 1).fixes).toEqual([])
  })
})
