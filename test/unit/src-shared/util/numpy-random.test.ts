import { expect, test } from 'vitest'
import { numpyRandom } from '../../../../src-shared/util/numpy-random.ts'

// Vectors of numpy 1.x/2.x `np.random.seed(1000)` and torch 2.x `torch.manual_seed(1000)`.
const SEED = 1000
const counting = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

test('draws the 32-bit words and doubles of np.random.seed(1000)', () => {
  const words = numpyRandom(SEED)
  expect([words.u32(), words.u32(), words.u32()]).toEqual([2807145907, 882709079, 493951047])
  const doubles = numpyRandom(SEED)
  expect(doubles.randomSample()).toBe(0.6535895854646095)
  expect(doubles.randomSample()).toBe(0.11500694312440574)
})

test('shuffles like np.random.shuffle, short and long', () => {
  const short = counting(10)
  numpyRandom(SEED).shuffle(short)
  expect(short).toEqual([2, 6, 5, 1, 4, 9, 0, 8, 7, 3])
  const long = Uint32Array.from(counting(100000))
  numpyRandom(SEED).shuffle(long)
  const start = [81768, 72785, 16208, 39960, 61947, 98465, 11119, 42004, 10358, 77422]
  expect([...long.subarray(0, 10)]).toEqual(start)
})

test('permutes a copy and leaves 0..n-1 complete', () => {
  const oneToTen = counting(10).map((i) => i + 1)
  numpyRandom(SEED).shuffle(oneToTen)
  expect(oneToTen).toEqual([3, 7, 6, 2, 5, 10, 1, 9, 8, 4])
  const order = numpyRandom(SEED).permutation(10)
  expect([...order].map((i) => i + 1)).toEqual([3, 7, 6, 2, 5, 10, 1, 9, 8, 4])
  expect([...numpyRandom(3).permutation(777)].sort((a, b) => a - b)).toEqual(counting(777))
})

test('draws torch.randperm(10) of torch.manual_seed(1000)', () => {
  expect([...numpyRandom(SEED).torchRandperm(10)]).toEqual([7, 6, 9, 0, 5, 2, 1, 4, 3, 8])
})

test('keeps interval draws within 0..max for maxima at and beside powers of two', () => {
  const random = numpyRandom(7)
  for (const max of [0, 1, 2, 3, 4, 255, 256, 0x80000000, 0xffffffff]) {
    for (let i = 0; i < 50; i++) {
      const value = random.interval(max)
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThanOrEqual(max)
    }
  }
})

test('chooses without replacement', () => {
  const chosen = numpyRandom(5).choice(100, 40)
  expect(new Set(chosen).size).toBe(40)
  // numpy 2.4: np.random.seed(5); np.random.choice(100, 5, replace=False)
  expect([...chosen.subarray(0, 5)]).toEqual([66, 32, 46, 28, 74])
})

test('refuses a seed that numpy would refuse', () => {
  expect(() => numpyRandom(-1)).toThrow('seed: expected an integer in 0..4294967295, got -1')
  expect(() => numpyRandom(1.5)).toThrow('got 1.5')
})
