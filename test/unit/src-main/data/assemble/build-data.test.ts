import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildData, describeData } from '../../../../../src-main/data/assemble/build-data.ts'
import { changesBetween } from '../../../../../src-main/data/content/manifest-store.ts'
import type { DataDeps } from '../../../../../src-main/data/content/data-deps.ts'
import type { Batch, Loader } from '../../../../../src-main/engine/types.ts'
import type { DatasetChoice } from '../../../../../src-shared/schema/registry.ts'
import { parseChoice } from '../../../../../src-shared/schema/run-config.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import { writeTinyMnist } from '../../../../support/tiny-mnist.ts'

const home = temporaryFolder()
const folder = writeTinyMnist(join(home, 'MNIST'))
const deps: DataDeps = { home, folder: home, now: () => performance.now(), date: () => new Date(0) }

beforeAll(() => useBackend('cpu'))

function choice(fn: string, given: Record<string, unknown>): DatasetChoice {
  const parsed = parseChoice('dataset', fn, given, 'dataset')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

const images = {
  dataset_cls: 'MNIST',
  data_dir: 'MNIST',
  batch_size: 50,
  validation_gauss: [0, 0.1],
  add_fly_corrupted_test: { contrast: [2], fog: [1] },
}
const population = {
  dataset: 'in_silico',
  batch_size: 40,
  generator: { n_neurons: 30, n_images: 120, n_test: 40, repeats: 6 },
}
const combined = (more: Record<string, unknown> = {}) =>
  choice('mtl_loader', { img_dataset_dict: images, v1_dataset_dict: { ...population, ...more } })

async function drain(
  loader: Loader | undefined,
  seed = 1,
): Promise<{ inputs: number[][]; targets: number[][]; index: number[] }> {
  const out = { inputs: [] as number[][], targets: [] as number[][], index: [] as number[] }
  if (loader === undefined) throw new Error('no such loader')
  const rows = (values: Float32Array | Int32Array | Uint8Array, n: number): number[][] =>
    Array.from({ length: n }, (_, i) =>
      Array.from(values.slice((i * values.length) / n, ((i + 1) * values.length) / n)),
    )
  for await (const batch of loader.epoch(createRng(seed)) as AsyncIterable<Batch>) {
    out.inputs.push(...rows(batch.inputs.dataSync(), batch.index.length))
    out.targets.push(...rows(batch.targets.dataSync(), batch.index.length))
    out.index.push(...batch.index)
    batch.inputs.dispose()
    batch.targets.dispose()
  }
  return out
}

describe('buildData for a combined set', () => {
  it('gives loaders for both tasks, shapes for the model and conditions in the published order', async () => {
    const built = await buildData(combined(), 1000, deps)
    const { data, shapes } = built
    expect(Object.keys(data.train)).toEqual(['v1', 'img_classification'])
    expect(shapes.inputs).toEqual({
      v1: { height: 32, width: 32, channels: 1 },
      img_classification: { height: 32, width: 32, channels: 1 },
    })
    expect([shapes.classes, shapes.sessions[0]?.units]).toEqual([10, 30])
    const sizes = (['train', 'validation', 'test'] as const).map(
      (t) => data[t].img_classification?.get('img_classification')?.size,
    )
    expect(sizes).toEqual([180, 20, 60])
    expect([...data.conditions.keys()]).toEqual([
      'FinalValidationOutDomain',
      'FinalTestOutDomain',
      'Validation_gauss 0.0',
      'Validation_gauss 0.1',
      'fly_c_test contrast 2',
      'fly_c_test fog 1',
    ])
    built.dispose()
  })

  it('keeps every label and every response with its image', async () => {
    const built = await buildData(combined(), 1000, deps)
    const train = await drain(built.data.train.img_classification?.get('img_classification'))
    train.index.forEach((position, i) => expect(train.targets[i]).toEqual([position % 10]))
    const session = built.data.sessions.get('in_silico_v1')
    const shown = await drain(built.data.train.v1?.get('in_silico_v1'))
    const [at, image] = [7, shown.index[7]]
    const trial = Array.from(session?.imageIndex ?? []).findIndex(
      (i, t) => i === image && session?.tier[t] === 1,
    )
    expect(shown.targets[at]).toEqual(
      Array.from(session?.responses.slice(trial * 30, (trial + 1) * 30) ?? []),
    )
    built.dispose()
  })

  it('generates the population once and gives the same data ever after', async () => {
    const first = await buildData(combined(), 1000, deps)
    const files = readdirSync(join(home, 'datasets'))
    const again = await buildData(combined(), 1000, deps)
    expect(readdirSync(join(home, 'datasets'))).toEqual(files)
    expect(again.fingerprint).toBe(first.fingerprint)
    expect(again.data.sessions.get('in_silico_v1')?.responses).toEqual(
      first.data.sessions.get('in_silico_v1')?.responses,
    )
    const other = await describeData(combined(), 1001, deps)
    expect(other.fingerprint).not.toBe(first.fingerprint)
    first.dispose()
    again.dispose()
  })

  it('groups the repeats of each test image', async () => {
    const built = await buildData(combined(), 1000, deps)
    const { index } = await drain(built.data.test.v1?.get('in_silico_v1'))
    expect(index).toHaveLength(240)
    expect(index).toEqual([...index].sort((a, b) => a - b))
    expect(index.filter((i) => i === index[0])).toHaveLength(6)
    built.dispose()
  })

  it('leaves nothing to predict in the shuffled variant and keeps its images', async () => {
    const average = async (variant: string): Promise<{ rate: number[][]; mean: number[][] }> => {
      const built = await buildData(combined({ variant }), 1000, deps)
      const session = built.data.sessions.get('in_silico_v1')
      const tested = await drain(built.data.test.v1?.get('in_silico_v1'))
      built.dispose()
      const noiseless = await buildData(
        combined({ generator: { ...population.generator, noise: 'none' } }),
        1000,
        deps,
      )
      const rates = noiseless.data.sessions.get('in_silico_v1')
      noiseless.dispose()
      const images = [...new Set(tested.index)]
      const mean = images.map((p) => columnMeans(tested.targets.filter((_, i) => tested.index[i] === p)))
      const rate = images.map((p) => {
        const trial = session?.imageIndex.findIndex((i) => i === p) ?? -1
        return Array.from(rates?.responses.slice(trial * 30, (trial + 1) * 30) ?? [])
      })
      return { rate, mean }
    }
    const [normal, shuffled] = [await average('normal'), await average('shuffled')]
    expect(meanCorrelation(normal.rate, normal.mean)).toBeGreaterThan(0.9)
    expect(Math.abs(meanCorrelation(shuffled.rate, shuffled.mean))).toBeLessThan(0.1)
  })

  it('scores corrupted images that are the same in every run and kept on disk', async () => {
    const built = await buildData(combined(), 1000, deps)
    const first = await drain(built.data.conditions.get('fly_c_test fog 1'))
    built.dispose()
    const files = readdirSync(join(home, 'cache', 'corrupted'))
    const again = await buildData(combined(), 1000, deps)
    expect(await drain(again.data.conditions.get('fly_c_test fog 1'), 9)).toEqual(first)
    again.dispose()
    expect(readdirSync(join(home, 'cache', 'corrupted'))).toEqual(files)
    expect(first.index).toEqual(Array.from({ length: 60 }, (_, i) => i))
  })

  it('keeps the noise of validation images fixed', async () => {
    const built = await buildData(combined(), 1000, deps)
    const noisy = built.data.conditions.get('Validation_gauss 0.1')
    expect(await drain(noisy, 1)).toEqual(await drain(noisy, 2))
    built.dispose()
  })

  it('does not depend on the number of loading threads', async () => {
    const noisy = (num_workers: number) =>
      choice('img_loader', {
        ...images,
        apply_augmentation: true,
        apply_noise: { noise_std: { '0.1': 1 } },
        num_workers,
        add_fly_corrupted_test: {},
      })
    const passes = []
    for (const threads of [0, 1, 2]) {
      const built = await buildData(noisy(threads), 1000, deps)
      passes.push(await drain(built.data.train.img_classification?.get('img_classification')))
      built.dispose()
    }
    expect(passes[1]).toEqual(passes[0])
    expect(passes[2]).toEqual(passes[0])
  })
})

describe('buildData for one task', () => {
  it('touches no classification images for a neural set of synthetic ones', async () => {
    const alone = choice('neural_loader', {
      dataset: 'in_silico',
      generator: { images: 'white_noise', n_neurons: 3, n_images: 20, n_test: 4, image_size: 32 },
    })
    const built = await buildData(alone, 1000, deps)
    expect(Object.keys(built.data.train)).toEqual(['v1'])
    expect(built.manifest.map((e) => e.name)).toEqual(['v1/in-silico population'])
    expect(built.shapes.classes).toBeNull()
    built.dispose()
  })

  it('learns classes and responses from the same images where the recording has labels', async () => {
    const both = choice('neural_loader', {
      ...population,
      target_types: ['v1', 'img_classification'],
      generator: { ...population.generator, image_dir: folder },
      validation_gauss: [0.1],
      add_fly_corrupted_test: { contrast: [1] },
    })
    const built = await buildData(both, 1000, deps)
    const { data, shapes } = built
    expect(Object.keys(data.train)).toEqual(['v1'])
    expect(Object.keys(data.test)).toEqual(['v1', 'img_classification'])
    expect([...data.conditions.keys()]).toEqual(['Validation_gauss 0.1', 'fly_c_test contrast 1'])
    expect([shapes.classes, shapes.inputs.img_classification]).toEqual([
      10,
      { height: 32, width: 32, channels: 1 },
    ])
    const tested = await drain(data.test.img_classification?.get('img_classification'))
    const classOf = new Map(tested.index.map((image, i) => [image, tested.targets[i]?.[0]]))
    expect(classOf.size).toBe(40)
    for await (const batch of data.train.v1?.get('in_silico_v1')?.epoch(createRng(1)) ?? []) {
      expect(batch.labels?.shape).toEqual([batch.index.length])
      for (const tensor of [batch.inputs, batch.targets, batch.labels]) tensor?.dispose()
    }
    expect((await drain(data.conditions.get('fly_c_test contrast 1'))).index).toHaveLength(12)
    built.dispose()
  })

  it('generates nothing for a classification set', async () => {
    const own = temporaryFolder()
    const built = await buildData(choice('img_loader', { ...images, data_dir: folder }), 1000, {
      ...deps,
      home: own,
    })
    expect(Object.keys(built.data.train)).toEqual(['img_classification'])
    expect(existsSync(join(own, 'datasets'))).toBe(false)
    built.dispose()
  })

  it('uses the classes and parts asked for', async () => {
    const part = choice('img_loader', {
      ...images,
      filter_classes: [2, 5],
      reduce_to_filtered_classes: true,
      test_subset: 0.5,
      add_fly_corrupted_test: {},
    })
    const built = await buildData(part, 1000, deps)
    expect(built.data.classNames).toEqual(['2', '3', '4'])
    const tested = await drain(built.data.test.img_classification?.get('img_classification'))
    expect(tested.targets).toHaveLength(9)
    tested.index.forEach((position, i) => expect(tested.targets[i]).toEqual([(position % 10) - 2]))
    built.dispose()
  })
})

describe('missing and changed data', () => {
  it('names the folder that was looked for', async () => {
    const problem = await problemOf(() =>
      describeData(choice('img_loader', { dataset_cls: 'CIFAR10', data_dir: 'nowhere' }), 1000, deps),
    )
    expect(problem).toMatchObject({ code: 'data-missing', path: join(home, 'nowhere', 'CIFAR10') })
    const neural = await problemOf(() =>
      describeData(choice('neural_loader', { dataset: 'unheard' }), 1000, deps),
    )
    expect(neural).toMatchObject({ code: 'data-missing', path: 'unheard' })
  })

  it('names each part that differs from the record of the run', async () => {
    const own = temporaryFolder()
    const place = writeTinyMnist(join(own, 'MNIST'))
    const set = choice('img_loader', { ...images, data_dir: place })
    const { manifest } = await describeData(set, 1000, { ...deps, home: own })
    await expect(buildData(set, 1000, { ...deps, home: own }, { recorded: manifest })).resolves.toBeDefined()
    const before = await describeData(set, 1000, { ...deps, home: own })
    writeTinyMnist(place, 200, 59)
    const after = await describeData(set, 1000, { ...deps, home: own })
    const changes = await changesBetween(before.fingerprint, after.fingerprint, own)
    expect(changes.map((c) => c.path?.split('/').at(-1))).toEqual(['dataset', 'test images', 'test labels'])
    expect(await changesBetween('0'.repeat(64), after.fingerprint, own)).toHaveLength(1)
    const problem = await problemOf(() =>
      buildData(set, 1000, { ...deps, home: own }, { recorded: manifest }),
    )
    expect(problem.code).toBe('data-changed')
    expect(problem.path).toContain('test images')
    writeFileSync(join(place, 't10k-labels-idx1-ubyte'), 'broken')
    const broken = await problemOf(() => buildData(set, 1000, { ...deps, home: own }))
    expect(broken).toMatchObject({ code: 'file-invalid' })
  })
})

const columnMeans = (rows: readonly number[][]): number[] =>
  (rows[0] ?? []).map((_, c) => rows.reduce((sum, row) => sum + (row[c] as number), 0) / rows.length)

function meanCorrelation(a: readonly number[][], b: readonly number[][]): number {
  const units = a[0]?.length ?? 0
  let sum = 0
  for (let u = 0; u < units; u++)
    sum += correlation(
      a.map((r) => r[u] as number),
      b.map((r) => r[u] as number),
    )
  return sum / units
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (v: readonly number[]): number => v.reduce((s, a) => s + a, 0) / v.length
  const [mx, my] = [mean(x), mean(y)]
  let [xy, xx, yy] = [0, 0, 0]
  x.forEach((value, i) => {
    const [dx, dy] = [value - mx, (y[i] as number) - my]
    xy += dx * dy
    xx += dx * dx
    yy += dy * dy
  })
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0
}
