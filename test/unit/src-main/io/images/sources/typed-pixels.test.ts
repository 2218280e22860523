import { expect, test } from 'vitest'
import type { NumericValues } from '../../../../../../src-main/io/formats/hdf5/hdf5-values.ts'
import { memoryImages } from '../../../../../../src-main/io/images/sources/memory-images.ts'
import type { StatedPixels, TypedPixels } from '../../../../../../src-main/io/images/sources/typed-pixels.ts'
import { typedPixels } from '../../../../../../src-main/io/images/sources/typed-pixels.ts'
import { everyElementType } from '../../../../../support/image-arrays.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { fc } from '../../../../../support/property.ts'

const typed = (stored: string, values: NumericValues, stated: StatedPixels = {}): TypedPixels =>
  typedPixels([{ values, stored, where: 'set.npz, x' }], stated)[0] as TypedPixels // one for one

const asked = (stored: string, values: NumericValues) => problemOf(() => typed(stored, values))

const bytes = (values: Uint8Array): NumericValues => values

test('grey levels are the same bytes in whatever type they are stored', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 2, maxLength: 40 }),
      fc.boolean(),
      (drawn: Uint8Array, isBinary) => {
        // Black and white occur, as in every set of images; otherwise white is a question (below).
        const all = Uint8Array.from([0, 255, ...drawn])
        const levels = isBinary ? all.map((level) => (level < 128 ? 0 : 255)) : all
        for (const [name, { values, isBool }] of Object.entries(everyElementType(levels))) {
          const stored = isBool ? 'bool' : name.startsWith('uint') ? name : 'float64'
          const found = typed(stored, values)
          expect(found.values, name).toEqual(levels)
          expect(found.type, name).toMatchObject({ element: 'uint8', black: 0, white: 255 })
        }
      },
    ),
  )
})

test('pixels beyond 256 levels keep their values and are read as grey levels where bytes are asked for', async () => {
  const values = Uint16Array.of(0, 1000, 40000, 65535)
  const { values: kept, type } = typed('uint16', values)
  expect(type).toEqual({ element: 'float32', black: 0, white: 65535, stored: 'uint16', whiteFrom: 'type' })
  const source = memoryImages(kept, { height: 2, width: 2, channels: 1 }, type)
  const [floats, levels] = [new Float32Array(4), new Uint8Array(4)]
  await source.read([0], floats)
  await source.read([0], levels)
  expect([...floats]).toEqual([0, 1000, 40000, 65535])
  expect([...levels]).toEqual([0, 4, 156, 255])
})

test('white is by the type, as stated, or as measured', () => {
  const white = (stored: string, values: NumericValues, stated?: StatedPixels) => {
    const { black, white: top, whiteFrom } = typed(stored, values, stated).type
    return [black, top, whiteFrom]
  }
  expect(white('uint8', bytes(Uint8Array.of(3, 90)))).toEqual([0, 255, 'type'])
  expect(typed('bool', Uint8Array.of(0, 1, 1)).values).toEqual(Uint8Array.of(0, 255, 255))
  expect(typed('uint8', Uint8Array.of(0, 1, 1)).values).toEqual(Uint8Array.of(0, 255, 255))
  expect(white('float32', Float32Array.of(0.123, 0.7))).toEqual([0, 1, 'measured'])
  expect(white('float64', Float64Array.of(0.123, 254.3))).toEqual([0, 255, 'measured'])
  expect(white('uint16', Uint16Array.of(17, 4000), { valueMax: 4095 })).toEqual([0, 4095, 'stated'])
  expect(white('float32', Float32Array.of(-2.5, 3), { valueMin: -3, valueMax: 3 })).toEqual([-3, 3, 'stated'])
  expect(white('float32', Float32Array.of(-2.25, 2), { valueMin: -2.5 })).toEqual([-2.5, 2, 'stated'])
})

test.each([
  ['floats a little beyond 1', 'float32', Float32Array.of(-0.01, 0.5, 1.01), 'go from -0.01 to 1.01'],
  ['floats beyond 1', 'float32', Float32Array.of(0, 0.5, 1.01), 'go from 0 to 1.01'],
  ['z-scores', 'float64', Float64Array.of(-2.1, 0, 3.4), 'go from -2.1 to 3.4'],
  ['floats to 300', 'float32', Float32Array.of(0, 12.5, 300), 'go from 0 to 300'],
  ['12 bits of 16', 'uint16', Uint16Array.of(0, 4080), 'go from 0 to 4080'],
  ['signed integers', 'int16', Int16Array.of(0, 4080), 'go from 0 to 4080'],
])('%s are a question that names the option', async (_, stored, values, range) => {
  const problem = await asked(stored, values)
  expect(problem).toMatchObject({ code: 'config-invalid', path: 'set.npz, x' })
  expect(problem.message).toContain(range)
  expect(problem.hint).toContain('valueMax')
  expect(problem.asks).toEqual(['valueMax', 'valueMin'])
})

test('the choices of 12 bits in 16 are both named', async () => {
  expect((await asked('uint16', Uint16Array.of(0, 4080))).hint).toContain('valueMax 4095 or valueMax 65535')
})

test('white is decided once for all parts of a set', () => {
  const [train, test] = typedPixels([
    { values: Float32Array.of(0.1, 0.3), stored: 'float32', where: 'a' },
    { values: Float32Array.of(0.5, 200.5), stored: 'float32', where: 'b' },
  ]) as [TypedPixels, TypedPixels]
  expect([train.type.white, test.type.white]).toEqual([255, 255])
})

test('pixels that are no numbers are refused with their count and place', async () => {
  const problem = await asked('float32', Float32Array.of(0, NaN, 1, Infinity))
  expect(problem.message).toBe('2 of 4 pixel values are not finite, the first at 1.')
  expect(
    (await problemOf(() => typed('float32', Float32Array.of(0, 1), { valueMin: 1, valueMax: 1 }))).message,
  ).toBe('white (valueMax 1) has to be above black (valueMin 1).')
})
