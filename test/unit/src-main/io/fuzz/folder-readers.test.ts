import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { encodeNpy } from '../../../../../src-main/io/formats/numpy/npy-write.ts'
import { openImageSet } from '../../../../../src-main/io/images/open-image-set.ts'
import { findImporter } from '../../../../../src-main/io/importers/registry.ts'
import { fuzz, FUZZ_COUNT } from '../../../../support/fuzz.ts'
import { numpyFiles } from '../../../../support/numpy-files.ts'
import { encodedImage, writeTree } from '../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const cacheFolder = temporaryFolder()
const at = (name: string): string => join(folder, name)
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

const cifarBatch = new Uint8Array(2 * 3073).map((_, i) => (i % 3073 === 0 ? 1 : i % 251))
const treeZip = zipSync({
  's/meta/trials/tiers.npy': encodeNpy(['train', 'test'], [2]),
  's/data/images/0.npy': encodeNpy(Uint8Array.of(1, 2), [1, 1, 2]),
  's/data/images/1.npy': encodeNpy(Uint8Array.of(3, 4), [1, 1, 2]),
  's/data/responses/0.npy': encodeNpy(Float32Array.of(1, 2), [2]),
  's/data/responses/1.npy': encodeNpy(Float32Array.of(3, 4), [2]),
})
const images = zipSync({
  'image1.png': new Uint8Array(await encodedImage(1)),
  'image2.png': new Uint8Array(await encodedImage(2)),
})

/** A folder in which one file is replaced by damaged ones: what it holds, which file, and how the folder is read. */
const cases: readonly [string, Record<string, Uint8Array>, string, () => Promise<unknown>][] = [
  [
    'cifar-10 batch',
    { 'batches.meta.txt': text('a\nb\n'), 'test_batch.bin': cifarBatch },
    'test_batch.bin',
    () => openImageSet(at('cifar-10 batch'), { cacheFolder }),
  ],
  [
    'cifar-10 pickle',
    Object.fromEntries(
      ['data_batch_1', 'batches.meta'].map((name) => [name, numpyFiles.cifar.get(name) ?? text('')]),
    ),
    'data_batch_1',
    () => openImageSet(at('cifar-10 pickle'), { cacheFolder }),
  ],
  [
    'session pickle',
    {
      'neuronal_data/A.pickle': numpyFiles.session.get('A.pickle') ?? text(''),
      'images/000001.npy': encodeNpy(Uint8Array.of(1), [1, 1]),
      'images/000002.npy': encodeNpy(Uint8Array.of(2), [1, 1]),
      'images/000003.npy': encodeNpy(Uint8Array.of(3), [1, 1]),
    },
    'neuronal_data/A.pickle',
    () => findImporter('session-pickle').read(at('session pickle'), {}, folder),
  ],
  [
    'file tree zip',
    { 'tree.zip': treeZip },
    'tree.zip',
    () => findImporter('filetree').read(at('file tree zip/tree.zip'), {}, folder),
  ],
  [
    'responses',
    {
      'images_s.zip': images,
      'responses_s.npy': encodeNpy(Float32Array.of(1, 2, 3, 4, NaN, 6, 7, 8), [2, 2, 2]),
    },
    'responses_s.npy',
    () =>
      findImporter('images-and-responses').read(at('responses'), { responseAxes: 'unit,trial' }, cacheFolder),
  ],
  [
    'stimulus tables',
    {
      'region1/validation_inputs.npy': encodeNpy(Float64Array.of(1e-6, 2e-6, 3e-6, 4e-6), [1, 4]),
      'region1/raw_validation_set.npy': encodeNpy(Float64Array.of(1, 2, 3, 4), [2, 1, 2]),
    },
    'region1/validation_inputs.npy',
    () => findImporter('stimulus-tables').read(at('stimulus tables'), {}, folder),
  ],
  [
    'corrupted arrays',
    {
      'labels.npy': encodeNpy(Int32Array.of(0, 1, 0, 1, 0), [5]),
      'fog.npy': encodeNpy(new Uint8Array(60), [5, 2, 2, 3]),
    },
    'fog.npy',
    () => openImageSet(at('corrupted arrays'), { cacheFolder }),
  ],
  [
    'tiny-imagenet table',
    {
      'wnids.txt': text('n00000001\nn00000002\n'),
      'val/val_annotations.txt': text('val_0.png\tn00000001\t0\t0\t1\t1\nval_1.png\tn00000002\t0\t0\t1\t1\n'),
      'val/images/val_0.png': await encodedImage(1),
      'val/images/val_1.png': await encodedImage(2),
    },
    'val/val_annotations.txt',
    () => openImageSet(at('tiny-imagenet table'), { cacheFolder }),
  ],
]

test.each(cases)(
  '%s: every damaged input gives a result or one error, and leaves no file',
  async (name, files, victim, read) => {
    writeTree(at(name), files)
    await read()
    const before = readdirSync(folder)
    const { results, errors, failures } = await fuzz(name, [files[victim] ?? text('')], (bytes) => {
      writeFileSync(at(`${name}/${victim}`), bytes)
      return read()
    })
    expect(failures).toEqual([])
    expect(results + errors).toBe(FUZZ_COUNT)
    expect(errors).toBeGreaterThan(FUZZ_COUNT / 20)
    expect(readdirSync(folder)).toEqual(before)
    expect(readdirSync(cacheFolder).filter((file) => file.endsWith('.tmp'))).toEqual([])
  },
)

test('the readers of folders stay below 1 GiB of memory', () => {
  expect(process.resourceUsage().maxRSS).toBeLessThan(2 ** 20) // kilobytes
})
