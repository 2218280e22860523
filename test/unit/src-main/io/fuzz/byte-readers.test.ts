import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { bytesSource } from '../../../../../src-main/io/formats/base/byte-source.ts'
import { readIdxFrom } from '../../../../../src-main/io/formats/tensors/idx.ts'
import { readMat5From } from '../../../../../src-main/io/formats/matlab/mat5.ts'
import { decodeNpy } from '../../../../../src-main/io/formats/numpy/npy.ts'
import { decodePickle } from '../../../../../src-main/io/formats/numpy/pickle.ts'
import {
  decodeSafetensors,
  encodeSafetensors,
} from '../../../../../src-main/io/formats/tensors/safetensors.ts'
import { openZip } from '../../../../../src-main/io/formats/zip/zip.ts'
import { decodeImage } from '../../../../../src-main/io/images/decode/decode.ts'
import { parseCsv } from '../../../../../src-main/io/importers/layouts/csv.ts'
import { fuzz, FUZZ_COUNT } from '../../../../support/fuzz.ts'
import { numpyFiles } from '../../../../support/numpy-files.ts'
import { encodedImage } from '../../../../support/sample-images.ts'

const idx = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8])
const tensors = new Uint8Array(
  Buffer.concat(
    encodeSafetensors(
      new Map([
        ['core.weight', { shape: [2, 3], dtype: 'float32', data: new Float32Array(6) }],
        ['step', { shape: [1], dtype: 'int32', data: Int32Array.of(3) }],
      ]),
      { format: 'x' },
    ),
  ),
)
const zip = zipSync({
  'a.npy': numpyFiles.npy.get('f4') ?? new Uint8Array(0),
  'b/c.txt': new Uint8Array(200).fill(65),
})
const bmp = Buffer.alloc(54 + 16)
bmp.write('BM', 0)
bmp.set([54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24], 10)
const csv = new TextEncoder().encode('image,session,unit_a,unit_b\n"a.png",s,1,2.5\nb.png,s,,3\n')

function readAllMembers(bytes: Uint8Array): void {
  const archive = openZip(bytesSource('f', bytes))
  for (const { name } of archive.entries) archive.read(name)
}

const readers: readonly [string, readonly Uint8Array[], (bytes: Uint8Array) => unknown][] = [
  ['safetensors', [tensors], (bytes) => decodeSafetensors(bytes, 'f')],
  ['idx', [idx, gzipSync(idx)], (bytes) => readIdxFrom(bytesSource('f', bytes), 3)],
  ['npy', [...numpyFiles.npy.values()], (bytes) => decodeNpy(bytes, 'f')],
  ['zip', [zip, numpyFiles.npz], readAllMembers],
  ['pickle', [...numpyFiles.pickle.values()], (bytes) => decodePickle(bytes, 'f')],
  ['mat5', [...numpyFiles.mat5.values()], (bytes) => readMat5From(bytesSource('f', bytes), ['X', 'y'])],
  ['csv', [csv], (bytes) => parseCsv(new TextDecoder().decode(bytes), 'f')],
  [
    'image',
    [
      await encodedImage(90, { size: 24 }),
      await encodedImage(90, { size: 24, format: 'jpeg' }),
      await encodedImage(7, { grey: true, format: 'jpeg' }),
      Buffer.concat([Buffer.from('P6\n4 4\n255\n'), Buffer.alloc(48, 3)]),
      bmp,
    ],
    (bytes) => decodeImage(bytes, 'f'),
  ],
]

test.each(readers)('%s: every damaged input gives a result or one error', async (name, samples, read) => {
  for (const sample of samples) if (name !== 'pickle' && name !== 'npy') await read(sample) // the samples themselves are sound
  const { results, errors, failures } = await fuzz(name, samples, read)
  expect(failures).toEqual([])
  expect(results + errors).toBe(FUZZ_COUNT)
  expect(errors).toBeGreaterThan(FUZZ_COUNT / 20) // the inputs are damaged indeed
})

test('the readers stay below 1 GiB of memory', () => {
  expect(process.resourceUsage().maxRSS).toBeLessThan(2 ** 20) // kilobytes
})
