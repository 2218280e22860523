import { expect, test, vi } from 'vitest'
import { corrupt } from '../../../../../../../src-main/engine/data/corruptions/corrupt.ts'
import { frostTextures } from '../../../../../../../src-main/engine/data/corruptions/weather/frost-texture.ts'
import { createRng } from '../../../../../../../src-shared/util/rng.ts'
import { testImage } from '../../../../../../support/test-image.ts'

vi.setConfig({ testTimeout: 60_000 }) // a busy machine takes several times longer than a quiet one

test('draws five different textures with the brightness of frost photographs', () => {
  const textures = frostTextures()
  const means = textures.map(({ data }) => data.reduce((a, b) => a + b, 0) / data.length)
  expect(means.map(Math.round)).toEqual([131, 207, 205, 152, 123])
  for (const { data } of textures) expect(new Set(data).size).toBeGreaterThan(60)
})

test('lays a user texture over the image, enlarging one that is too small', () => {
  const image = { width: 48, height: 64, data: new Uint8Array(48 * 64 * 3).fill(50) }
  const grey = { width: 10, height: 12, data: new Uint8Array(10 * 12 * 3).fill(100) }
  for (const constants of ['ic', 'hd64', 'hd32'] as const) {
    const made = corrupt(image, 'frost', 1, { rng: createRng(1), textures: [grey], constants })
    // 1 * 50 + b * 100 with b of severity 1
    expect(new Set(made)).toEqual(new Set([{ ic: 90, hd64: 80, hd32: 70 }[constants]]))
  }
})

test('draws among the first five textures', () => {
  const image = testImage(32, 32)
  const sheet = (level: number) => ({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(level) })
  const textures = [0, 0, 0, 0, 0, 255].map(sheet)
  const dark = corrupt(image, 'frost', 1, { rng: createRng(0), textures: textures.slice(0, 5) })
  for (let seed = 1; seed < 30; seed++) {
    expect(Buffer.from(corrupt(image, 'frost', 1, { rng: createRng(seed), textures })).equals(dark)).toBe(
      true,
    )
  }
})
