import { expect, test } from 'vitest'
import { impulseNoise, shotNoise } from '../../../../../../../src-main/engine/data/corruptions/noise/noise.ts'
import { drawsFrom } from '../../../../../../../src-main/engine/data/corruptions/base/draws.ts'
import { poissonQuantiles } from '../../../../../../../src-main/engine/data/corruptions/noise/poisson-quantiles.ts'
import { createRng } from '../../../../../../../src-shared/util/rng.ts'

const context = () => ({ constants: 'ic' as const, draws: drawsFrom(createRng(5)), textures: () => [] })
const flat = (level: number) => ({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(level) })

test('inverts the Poisson distribution', () => {
  const { count } = poissonQuantiles(3)
  const [p0, p1] = [Math.exp(-3), 3 * Math.exp(-3)]
  expect(count(255, 0)).toBe(0)
  expect(count(255, p0 - 1e-12)).toBe(0)
  expect(count(255, p0 + 1e-12)).toBe(1)
  expect(count(255, p0 + p1 + 1e-12)).toBe(2)
  expect(count(0, 0.999999)).toBe(0)
  expect(count(255, 1 - 2 ** -53)).toBeLessThan(40)
})

test.each([
  [60, 200],
  [500, 255],
])('shot noise of %d photons at level %d has Poisson mean and variance', (photons, level) => {
  const { count } = poissonQuantiles(photons)
  const rng = createRng(2)
  const n = 20_000
  const counts = Array.from({ length: n }, () => count(level, rng.uniform()))
  const mean = counts.reduce((a, b) => a + b, 0) / n
  const variance = counts.reduce((a, b) => a + (b - mean) ** 2, 0) / n
  const expected = (photons * level) / 255
  expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(expected / n))
  expect(variance / expected).toBeCloseTo(1, 1)
})

test('shot noise keeps black black and shows whole photons only', () => {
  expect(shotNoise(flat(0), 3, context()).every((v) => v === 0)).toBe(true)
  const levels = new Set(shotNoise(flat(120), 3, context()))
  expect([...levels].sort((a, b) => a - b)).toEqual([0, 85, 170, 255])
})

test('impulse noise alters the stated share of the values, half of them to white', () => {
  const made = impulseNoise(flat(100), 0.27, context())
  const share = (level: number) => made.filter((v) => v === level).length / made.length
  expect(share(100)).toBeCloseTo(0.73, 1)
  expect(share(0)).toBeCloseTo(0.135, 1)
  expect(share(255)).toBeCloseTo(0.135, 1)
})
