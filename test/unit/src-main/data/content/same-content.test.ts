import { cpSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { DataDeps } from '../../../../../src-main/data/content/data-deps.ts'
import { describeData } from '../../../../../src-main/data/assemble/build-data.ts'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { identify } from '../../../../../src-main/runs/workers/run-identity.ts'
import { parseRunConfig, type RunConfig } from '../../../../../src-shared/schema/run-config.ts'
import { writeClassImages } from '../../../../support/class-images.ts'
import { writeNpz } from '../../../../support/image-arrays.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import { writeTinyMnist } from '../../../../support/tiny-mnist.ts'

const root = temporaryFolder()
const at = (...names: string[]): string => join(root, ...names)
const depsOf = (home: string): DataDeps => ({
  home: at(home),
  folder: root,
  now: () => 0,
  date: () => new Date(),
})

function config(fn: string, dataset: Record<string, unknown>, trainer = 'cotrainer'): RunConfig {
  const given = {
    dataset: { fn, config: dataset },
    model: { fn: fn === 'img_loader' ? 'classification_cnn_builder' : 'neural_cnn_builder' },
    trainer: { fn: trainer },
  }
  const parsed = parseRunConfig(given)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

async function runId(made: RunConfig, home = 'home'): Promise<string> {
  const { fingerprint } = await describeData(made.dataset, made.data_seed, depsOf(home))
  return identify(made, { data: fingerprint, weightsFile: null, repetition: 0 }).id
}

const images = (dataDir: string): RunConfig =>
  config('img_loader', { dataset_cls: 'ImageFolder', data_dir: dataDir, input_size: 8 })
const recording = (dataset: string): RunConfig =>
  config('neural_loader', { dataset, target_types: ['v1'] }, 'nnvision_trainer')

const writeImages = (folder: string, shift = 0): Promise<void> => writeClassImages(at(folder), shift)

const MAPPING = {
  images: { array: 'images', axes: 'ihw' },
  sessions: [{ key: 's', area: 'V1', parts: [{ array: 'resp', axes: 'tu', imageIds: 'ids' }] }],
}

function writeRecording(name: string, change = 0): Promise<void> {
  const values = Float32Array.from({ length: 36 }, (_, i) => (i * 7) % 5)
  values[4] = (values[4] ?? 0) + change
  return writeNpz(at(name), {
    images: { values: Uint8Array.from({ length: 12 * 64 }, (_, i) => (i * 31) % 256), shape: [12, 8, 8] },
    resp: { values, shape: [12, 3] },
    ids: { values: Int32Array.from({ length: 12 }, (_, i) => i), shape: [12] },
  })
}

const addRecording = (path: string, name: string, home = 'home') =>
  dataLibrary.add({ home: at(home), folder: root }, { path, name, mapping: MAPPING })

describe('the same content is the same run', () => {
  it('when a recording is added again, under another name, in another home', async () => {
    await writeRecording('rec.npz')
    const first = await addRecording('rec.npz', 'rec')
    const id = await runId(recording('rec'))
    await dataLibrary.remove({ home: at('home'), folder: root }, first.id)
    cpSync(at('rec.npz'), at('copy.npz'))
    expect((await addRecording('copy.npz', 'again')).fingerprint).toBe(first.fingerprint)
    expect(await runId(recording('again'))).toBe(id)
    expect((await addRecording('rec.npz', 'mine', 'home-2')).fingerprint).toBe(first.fingerprint)
    expect(await runId(recording('mine'), 'home-2')).toBe(id)
    await writeRecording('other.npz', 1)
    await addRecording('other.npz', 'other', 'home-2')
    expect(await runId(recording('other'), 'home-2')).not.toBe(id)
  })

  it('when a data file is copied or written at another time', async () => {
    await writeRecording('set.npz')
    await addRecording('set.npz', 'set', 'home-3')
    const place = { home: at('home-3'), folder: root }
    for (const path of ['a.h5', 'b.h5'])
      await dataLibrary.export(place, { id: 'set', format: 'canonical', path })
    expect(readFileSync(at('a.h5')).equals(readFileSync(at('b.h5')))).toBe(false)
    const ids = [await runId(recording('./a.h5'), 'home-3'), await runId(recording('./b.h5'), 'home-3')]
    expect(ids[0]).toBe(ids[1])
    expect(await runId(recording('set'), 'home-3')).toBe(ids[0])
  })

  it('when files that nobody reads lie beside the images, files are renamed in order, packed otherwise or touched', async () => {
    await writeImages('images')
    const id = await runId(images('images'))
    for (const name of ['README.txt', 'Thumbs.db', 'desktop.ini', '.DS_Store'])
      writeFileSync(at('images', name), 'x')
    writeFileSync(at('images', 'train', 'ant', 'Thumbs.db'), 'x')
    utimesSync(at('images', 'train', 'ant', '0.png'), new Date(0), new Date(0))
    const packed = await sharp(at('images', 'train', 'ant', '1.png'))
      .png({ compressionLevel: 1 })
      .toBuffer()
    writeFileSync(at('images', 'train', 'ant', '1.png'), packed)
    renameSync(at('images', 'test', 'bee', '2.png'), at('images', 'test', 'bee', 'last.png'))
    expect(await runId(images('images'))).toBe(id)
    expect(await runId(images('images'), 'home-4')).toBe(id)
    await writeImages('others', 1)
    expect(await runId(images('others'))).not.toBe(id)
    renameSync(at('images', 'train', 'ant', '0.png'), at('images', 'train', 'ant', '9.png'))
    expect(await runId(images('images'))).not.toBe(id) // the order of the training images
  })

  it('when a folder of images is zipped, which then can be trained on and added', async () => {
    await writeImages('loose')
    const files = readdirSync(at('loose'), { recursive: true, withFileTypes: true }).filter((f) => f.isFile())
    const members = files.map(({ parentPath, name }): [string, Uint8Array] => [
      relative(root, join(parentPath, name)).replaceAll('\\', '/'),
      readFileSync(join(parentPath, name)),
    ])
    writeFileSync(at('packed.zip'), zipSync(Object.fromEntries(members)))
    const add = async (path: string, home: string) =>
      (await dataLibrary.add({ home: at(home), folder: root }, { path, name: 'images' })).fingerprint
    expect(await add('packed.zip', 'home-zip')).toBe(await add('loose', 'home-loose'))
    const library = config('img_loader', { dataset_cls: 'library', data_set: 'images', input_size: 8 })
    expect(await runId(library, 'home-zip')).toBe(await runId(library, 'home-loose'))
  })

  it('when digits are gzipped', async () => {
    writeTinyMnist(at('raw', 'MNIST'))
    writeTinyMnist(at('gz', 'MNIST'))
    for (const name of ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1']) {
      const path = at('gz', 'MNIST', `${name}-ubyte`)
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)))
      renameSync(path, at('gz', `${name}.unused`))
    }
    const digits = (dataDir: string): RunConfig =>
      config('img_loader', { dataset_cls: 'MNIST', data_dir: dataDir, input_size: 32 })
    expect(await runId(digits('gz'))).toBe(await runId(digits('raw')))
  })

  it('when a JPEG carries other remarks', async () => {
    const { pixelContent } = await import('../../../../../src-main/io/images/decode/pixel-content.ts')
    const raw = { raw: { width: 8, height: 8, channels: 1 as const } }
    const image = sharp(
      Uint8Array.from({ length: 64 }, (_, i) => i * 3),
      raw,
    )
    const plain = await image.clone().jpeg().toBuffer()
    const dated = await image
      .clone()
      .withExif({ IFD0: { DateTime: '2026:01:02 03:04:05' } })
      .jpeg()
      .toBuffer()
    expect(dated.equals(plain)).toBe(false)
    expect(await pixelContent(dated, 'a')).toBe(await pixelContent(plain, 'b'))
    const worse = await image.clone().jpeg({ quality: 30 }).toBuffer()
    expect(await pixelContent(worse, 'c')).not.toBe(await pixelContent(plain, 'b'))
  })
})
