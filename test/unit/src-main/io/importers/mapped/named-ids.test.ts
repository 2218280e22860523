import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { zipSync } from 'fflate'
import { encodeNpy } from '../../../../../../src-main/io/formats/numpy/npy-write.ts'
import { mappedArrays } from '../../../../../../src-main/io/importers/mapped/mapped-arrays.ts'
import { findImporter } from '../../../../../../src-main/io/importers/registry.ts'
import { fileTree } from '../../../../../../src-main/io/importers/layouts/filetree.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { writeTree } from '../../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

/** Ids beyond 32 bits, with gaps, and text name images; three images, five trials of one unit. */
const root = temporaryFolder()
const SHOWN = [2, 0, 1, 2, 0]
const float64 = (values: number[]): Uint8Array => encodeNpy(Float64Array.from(values), [values.length])

async function read(name: string, ids: Uint8Array, trials: Uint8Array) {
  const path = join(root, `${name}.npz`)
  writeFileSync(
    path,
    zipSync({
      'images.npy': encodeNpy(
        Uint8Array.from({ length: 60 }, (_, i) => i),
        [3, 4, 5],
      ),
      'ids.npy': ids,
      'trials.npy': trials,
      'resp.npy': encodeNpy(
        Float32Array.from(SHOWN, (_, i) => i + 0.5),
        [5, 1],
      ),
    }),
  )
  const parts = [{ array: 'resp', axes: 'tu', imageIds: 'trials' }]
  const mapping = {
    images: { array: 'images', axes: 'ihw', ids: 'ids' },
    sessions: [{ key: 's', area: 'V1', parts }],
  }
  return findImporter(mappedArrays.kind).read(path, { mapping }, root)
}

test.each([
  ['beyond 2^31', [5_000_000_007, 4_294_967_299, 3]],
  ['with gaps', [900, 17, 40_000]],
  ['negative', [-5, 17, -1]],
])('numbers %s', async (name, ids) => {
  const { images, sessions } = await read(name, float64(ids), float64(SHOWN.map((i) => ids[i] ?? 0)))
  const shown = Array.from(sessions[0]?.trials.imageId ?? [], (id) => images.id.indexOf(id))
  expect(shown).toEqual(SHOWN)
  if (name === 'beyond 2^31') expect(images.origin).toEqual(ids.map(String))
})

test('text', async () => {
  const names = ['n01_7.png', 'zebra', 'ä']
  const { images, sessions } = await read(
    'text',
    encodeNpy(names, [3]),
    encodeNpy(
      SHOWN.map((i) => names[i] ?? ''),
      [5],
    ),
  )
  expect(images.origin).toEqual(names)
  expect([...(sessions[0]?.trials.imageId ?? [])]).toEqual(SHOWN)
})

test('what cannot be told apart or is not there is refused', async () => {
  const big = [2 ** 53 + 2, 1, 2]
  expect(
    (await problemOf(() => read('beyond 2^53', float64(big), float64([1, 1, 1, 1, 1])))).message,
  ).toContain('beyond 2^53')
  const names = encodeNpy(['a', 'b', 'c'], [3])
  const unknown = await problemOf(() => read('unknown', names, encodeNpy(['a', 'b', 'x', 'a', 'b'], [5])))
  expect(unknown.message).toContain('trial 2 shows image x, which does not exist')
  const twice = await problemOf(() => read('twice', encodeNpy(['a', 'b', 'a'], [3]), names))
  expect(twice.message).toBe('names two images "a".')
})

test('ids beyond 2^31 of a Sensorium folder name images, which their content tells apart', async () => {
  const path = join(root, 'static1-0-GrayImageNet')
  writeTree(path, {
    'meta/trials/tiers.npy': encodeNpy(['train', 'train', 'test'], [3]),
    'meta/trials/frame_image_id.npy': float64([5_000_000_007, 4_294_967_299, 5_000_000_007]),
    ...Object.fromEntries(
      [9, 8, 9].flatMap((level, trial) => [
        [`data/images/${trial}.npy`, encodeNpy(new Uint8Array(4).fill(level), [1, 2, 2])],
        [`data/responses/${trial}.npy`, encodeNpy(Float32Array.of(trial), [1])],
      ]),
    ),
  })
  const { sessions } = await findImporter(fileTree.kind).read(path, { area: 'v1' }, root)
  expect([...(sessions[0]?.trials.imageId ?? [])]).toEqual([0, 1, 0])
})
