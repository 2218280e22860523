import { beforeAll, describe, expect, it } from 'vitest'
import { imageFeatures } from '../../../../../../src-main/engine/eval/baselines/image-features.ts'
import type { ImageSource } from '../../../../../../src-main/engine/types.ts'
import { UNIT_FLOATS } from '../../../../../../src-main/engine/data/pixels.ts'
import { testedBackends, useBackend } from '../../../../../support/backend.ts'

const SIDE = 112
const ALL = Int32Array.from([0])
/** Energies come wavelength by wavelength, in each the orientations, in each 7 x 7 blocks; then the thumbnail. */
const BLOCKS = 49
const ORIENTATIONS = 8

function grating(wavelength: number, angle: number, { white = 255, phase = 0 } = {}): ImageSource {
  const value = (y: number, x: number): number => {
    const along = x * Math.cos(angle) + y * Math.sin(angle)
    return white * (0.5 + 0.5 * Math.cos((2 * Math.PI * along) / wavelength + phase))
  }
  const pixels = Float32Array.from({ length: SIDE * SIDE }, (_, i) => value(Math.floor(i / SIDE), i % SIDE))
  return {
    length: 1,
    height: SIDE,
    width: SIDE,
    channels: 1,
    pixels: { ...UNIT_FLOATS, white },
    read: (_, out) => out.set(pixels),
  }
}

async function energies(source: ImageSource): Promise<number[]> {
  const features = await imageFeatures(source, ALL, 'gabor')
  const values = Float32Array.from(await features.data())
  features.dispose()
  return Array.from({ length: 4 * ORIENTATIONS }, (_, filter) =>
    values.slice(filter * BLOCKS, (filter + 1) * BLOCKS).reduce((sum, v) => sum + v, 0),
  )
}

const strongest = (values: readonly number[]): number => values.indexOf(Math.max(...values))

describe.each(await testedBackends())('imageFeatures on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  it.each([
    { orientation: 0, name: 'vertical' },
    { orientation: 2, name: 'oblique' },
    { orientation: 4, name: 'horizontal' },
  ])('answers a $name grating most with its own filter', async ({ orientation }) => {
    // 14 pixels of 112 are 7 cells of 56: the second wavelength.
    const found = await energies(grating(14, (Math.PI * orientation) / ORIENTATIONS))
    const second = found.slice(ORIENTATIONS, 2 * ORIENTATIONS)
    expect(strongest(second)).toBe(orientation)
  })

  it('does not depend on the phase of a grating away from the rim', async () => {
    const features = async (phase: number) => {
      const f = await imageFeatures(grating(14, 0, { phase }), ALL, 'gabor')
      const middle = (await f.data())[ORIENTATIONS * BLOCKS + 24] as number
      f.dispose()
      return middle
    }
    const [a, b] = [await features(0), await features(Math.PI / 2)]
    expect(b / a).toBeCloseTo(1, 1)
  })

  it('takes white from the source: the same image on another scale has the same features', async () => {
    const [bytes, unit] = [await energies(grating(14, 0.4)), await energies(grating(14, 0.4, { white: 1 }))]
    bytes.forEach((v, i) => expect(unit[i]).toBeCloseTo(v, 2))
  })

  it('means pixels over the area of a cell', async () => {
    const f = await imageFeatures(grating(2, 0), ALL, 'pixels') // stripes of one pixel: every cell is grey
    expect(f.shape).toEqual([1, 28 * 28])
    for (const v of await f.data()) expect(v).toBeCloseTo(0.5, 5)
    f.dispose()
  })
})
