import { expect, test } from 'vitest'
import { join } from 'node:path'
import { loadMnist } from '../../../../../support/packaged-mnist.ts'
import { readIdxPair } from '../../../../../../src-main/io/images/arrays/idx-set.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { sharedPath } from '../../../../../support/shared-data.ts'

const histogram = (labels: Int32Array): number[] => {
  const out = new Array<number>(10).fill(0)
  for (const label of labels) out[label] = (out[label] ?? 0) + 1
  return out
}

test('the packaged MNIST has its known counts, label histograms and pixel statistics', () => {
  const train = loadMnist('train')
  const test10k = loadMnist('test')
  expect(train.images).toMatchObject({
    length: 60000,
    height: 28,
    width: 28,
    channels: 1,
    pixels: { white: 255 },
  })
  expect(test10k.images.length).toBe(10000)
  expect(histogram(train.labels)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
  expect(histogram(test10k.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
  const pixels = new Uint8Array(60000 * 784)
  void train.images.read(
    Uint32Array.from({ length: 60000 }, (_, i) => i),
    pixels,
  )
  let sum = 0
  let squares = 0
  for (const value of pixels) {
    sum += value
    squares += value * value
  }
  const mean = sum / pixels.length / 255
  expect(mean).toBeCloseTo(0.1307, 4)
  expect(Math.sqrt(squares / pixels.length / 65025 - mean * mean)).toBeCloseTo(0.3081, 4)
})

test('gzipped files beside the checkout hold the packaged test set', async ({ skip }) => {
  const shared = sharedPath('data/mnist')
  if (!shared) return skip('the real data are not beside this checkout')
  const zipped = readIdxPair(
    join(shared, 't10k-images-idx3-ubyte.gz'),
    join(shared, 't10k-labels-idx1-ubyte.gz'),
    loadMnist('test').classNames,
  )
  expect(zipped.labels).toEqual(loadMnist('test').labels)
  const [a, b] = [new Uint8Array(784), new Uint8Array(784)]
  await zipped.images.read([9999], a)
  await loadMnist('test').images.read([9999], b)
  expect(a).toEqual(b)
})

test('a folder without the files is named', async () => {
  expect((await problemOf(() => loadMnist('train', 'nowhere'))).path).toBe(
    join('nowhere', 'train-images-idx3-ubyte'),
  )
})
