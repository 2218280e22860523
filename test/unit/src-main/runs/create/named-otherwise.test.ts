import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { sourcesOf } from '../../../../../src-main/engine/train/rules/sources.ts'
import { buildModel, initialValues } from '../../../../../src-main/engine/model/index.ts'
import { contentHash } from '../../../../../src-main/io/canonical/content-hash.ts'
import { openCanonical, verifyCanonical } from '../../../../../src-main/io/canonical/read.ts'
import { addRuns } from '../../../../../src-main/runs/shelf/add-runs.ts'
import { compareRuns } from '../../../../../src-main/runs/compare/compare-runs.ts'
import { createRun } from '../../../../../src-main/runs/create/create-run.ts'
import { buildData } from '../../../../../src-main/data/assemble/build-data.ts'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { writeRecord } from '../../../../../src-main/data/places/library-records.ts'
import { recordOf } from '../../../../../src-main/data/library/recording-record.ts'
import { fingerprintOf } from '../../../../../src-main/data/content/manifest.ts'
import { isSameData } from '../../../../../src-main/runs/workers/engine-parts.ts'
import { identify } from '../../../../../src-main/runs/workers/run-identity.ts'
import { createHdf5 } from '../../../../../src-main/io/formats/hdf5/hdf5-writer.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { parseChoice } from '../../../../../src-shared/schema/run-config.ts'
import { useBackend } from '../../../../support/backend.ts'
import type { Lab } from '../../../../support/lab.ts'
import { labs, smallConfig } from '../../../../support/lab.ts'
import { npyBytes } from '../../../../support/image-arrays.ts'
import { depsIn, describedIn, workOn } from '../../../../support/real-data.ts'
import { sampleSession, sampleSet } from '../../../../support/sample-set.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
const at = (...names: string[]): string => join(root, ...names)
const lab = labs()
const COUNT = 24

/** A folder of images beside their responses, which says nowhere what its session is called. */
async function writePair(folder: string, change = 0): Promise<void> {
  mkdirSync(at(folder, 'images'), { recursive: true })
  for (let i = 0; i < COUNT; i++) {
    const data = Uint8Array.from({ length: 64 }, (_, p) => (p * 3 + i * 29) % 256)
    const image = sharp(data, { raw: { width: 8, height: 8, channels: 1 } })
    writeFileSync(at(folder, 'images', `${String(i).padStart(3, '0')}.png`), await image.png().toBuffer())
  }
  const values = Float32Array.from({ length: COUNT * 3 }, (_, i) => (i * 7) % 5)
  values[4] = (values[4] ?? 0) + change
  writeFileSync(at(folder, 'responses.npy'), npyBytes({ values, shape: [COUNT, 3] }))
}

const recording = (dataset: string, seed = 1) =>
  smallConfig(seed, {
    model: { fn: 'stacked2d_core_gaussian_readout' },
    trainer: { fn: 'nnvision_trainer' },
    dataset: {
      fn: 'neural_loader',
      config: {
        dataset,
        target_types: ['v1'],
        crop: 0,
        scale: 1,
        batch_size: 4,
        num_workers: 0,
        image_frac: 0.9,
      },
    },
  })

async function queued(here: Lab, dataset: string, seed = 1): Promise<string> {
  const options = { ...here.create, describeData: describedIn(here.home) }
  return (await createRun(options, recording(dataset, seed), { folder: root })).id
}

const add = (here: Lab, path: string, name: string) =>
  dataLibrary.add({ home: here.home, folder: root }, { path, name, area: 'v1' })

beforeAll(async () => {
  await useBackend()
  await writePair('monday')
  cpSync(at('monday'), at('copy', 'of', 'a', 'lab', 'folder'), { recursive: true })
  await writePair('changed', 1)
})

describe('what a recording is called changes neither its identity nor any number', () => {
  it('in another home, under another folder and name', async () => {
    const [one, two] = [lab(), lab()]
    const first = await add(one, 'monday', 'mine')
    const second = await add(two, 'copy/of/a/lab/folder', 'theirs')
    expect(second.fingerprint).toBe(first.fingerprint)
    expect(await queued(two, 'theirs')).toBe(await queued(one, 'mine'))
    expect(await queued(two, './copy/of/a/lab/folder')).toBe(await queued(one, './monday'))
    expect((await add(two, 'changed', 'other')).fingerprint).not.toBe(first.fingerprint)

    const [mine, theirs] = [await numbersOf(one, './monday'), await numbersOf(two, './copy/of/a/lab/folder')]
    expect(theirs.names).not.toEqual(mine.names)
    expect(theirs.values).toEqual(mine.values)
    expect(theirs.order).toEqual(mine.order)
  })

  it('inside of a data file, while their order counts', async () => {
    const keyed = (...keys: string[]) => {
      const sessions = keys.map((key, i) => sampleSession({ key, subject: `monkey ${i}` }))
      return contentHash(sampleSet({ sessions }))
    }
    expect(await keyed('x1', 'x2')).toBe(await keyed('a', 'b'))
    expect(await keyed('b', 'a')).not.toBe(await keyed('a', 'b'))
    const { images } = sampleSet()
    const renamed = { ...images, origin: ['w', 'x', 'y', 'z'] }
    expect(await contentHash(sampleSet({ images: renamed }))).toBe(await contentHash(sampleSet()))
    expect(await contentHash(sampleSet({ images: renamed }), 2)).not.toBe(await contentHash(sampleSet(), 2))
  })

  it('nor do attributes and stamps of the file that held it', async () => {
    const here = lab()
    const mapping = {
      images: { array: '/images', axes: 'ihw' },
      sessions: [{ key: 's', area: 'V1', parts: [{ array: '/r', axes: 'tu', imageIds: '/shown' }] }],
    }
    const ids: string[] = []
    for (const [name, made] of [
      ['first.h5', '2020-01-01'],
      ['second.h5', '2026-11-28'],
    ] as const) {
      const file = await createHdf5(at(name))
      file.attributes('/', { created: made, MATLAB_class: name })
      file.array(
        '/images',
        Uint8Array.from({ length: 12 * 64 }, (_, i) => (i * 31) % 256),
        [12, 8, 8],
      )
      file.array(
        '/r',
        Float32Array.from({ length: 36 }, (_, i) => i % 5),
        [12, 3],
      )
      file.array(
        '/shown',
        Int32Array.from({ length: 12 }, (_, i) => i),
        [12],
      )
      file.close()
      const place = { home: here.home, folder: root }
      ids.push((await dataLibrary.add(place, { path: name, name, mapping })).fingerprint)
    }
    expect(ids[1]).toBe(ids[0])
  })

  it('so that seeds that were trained in two homes are one setting', async () => {
    const [one, two] = [lab(), lab()]
    await add(one, 'monday', 'mine')
    await add(two, 'copy/of/a/lab/folder', 'theirs')
    const ids = [await queued(one, 'mine', 1), await queued(two, 'theirs', 2)]
    await workOn(one, ids[0] as string)
    await workOn(two, ids[1] as string)
    expect((await addRuns(one.store, two.home, root)).added).toEqual([ids[1]])
    const { groups } = compareRuns(one.store, { ids, baseline: null })
    expect(groups.map((group) => group.ids)).toEqual([ids])
    expect(groups[0]?.metrics.find(({ key }) => key === 'FinalTest/img_classification/eval')?.n).toBe(2)
  })
})

describe('a home of the version in which names of sessions counted', () => {
  /** Written by that version: 12 images and a session called "pair" of 3 units, with the hash of its rule. */
  const OLD = join(import.meta.dirname, '../../../../fixtures/data/recording-of-rule-2.h5')
  const HASH = '7a26475a3c88e8c2b5e59018449da3b86373ec1b41bfc813f293991904239761'

  it('keeps its files, its sets and its runs', async () => {
    const here = lab()
    const deps = depsIn(here.home, root)
    const file = await openCanonical(OLD)
    expect(file).toMatchObject({ contentHash: `sha256:${HASH}`, contentRule: 2 })
    await verifyCanonical(file)
    file.close()

    mkdirSync(join(here.home, 'datasets'), { recursive: true })
    const kept = join(here.home, 'datasets', `${HASH}.h5`)
    cpSync(OLD, kept)
    const record = await recordOf({ file: kept, hash: HASH, origin: OLD, name: 'pair' }, deps)
    await writeRecord({ ...record, rule: 2 }, deps)

    // A run that was queued then, and one of the same settings now.
    const config = recording('pair')
    const data = fingerprintOf([{ name: 'v1', bytes: 0, hash: HASH }])
    const { id, identity } = identify(config, { data, weightsFile: null, repetition: 0 }, 2)
    const made = await queued(here, 'pair', 9)
    await here.store.create({
      ...here.store.read(made),
      id,
      identity,
      config: config as never,
      status: 'finished',
    })
    expect(identity.rule).toBe(2)
    expect(await isSameData(identity, await describedIn(here.home)(config.dataset, 1000, root))).toBe(true)
    expect(await queued(here, 'pair')).toBe(id)
    expect(here.store.read(made).identity.rule).toBe(3)

    // The same recording is added again, from a copy that another name brought another session key.
    const again = await dataLibrary.add({ home: here.home, folder: root }, { path: OLD, name: 'copy' })
    expect(again.id).toBe(HASH)
    expect((await dataLibrary.check({ home: here.home, folder: root }, 'copy')).findings).toEqual(
      again.findings,
    )
  })
})

/** What training starts from and in which order it draws, with the names of everything. */
async function numbersOf({ home }: Lab, dataset: string) {
  const { dataset: choice, data_seed: seed } = recording(dataset)
  const built = await buildData(choice, seed, depsIn(home, root))
  try {
    const small = { hidden_channels: 4, layers: 1, input_kern: 3 }
    const parsed = parseChoice('model', 'se_core_gauss_readout', small, 'model')
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    const { specs } = buildModel(parsed.value, built.shapes)
    const first = initialValues(specs, createRng(1))
    const order: number[] = []
    for (const session of sourcesOf(built.data.train, ['v1'], createRng(2)).get('v1')?.values() ?? [])
      for await (const batch of session.open(0)) {
        order.push(...batch.index)
        batch.inputs.dispose()
        batch.targets.dispose()
      }
    return { names: [...first.keys()], values: [...first.values()].map(({ data }) => data), order }
  } finally {
    built.dispose()
  }
}
