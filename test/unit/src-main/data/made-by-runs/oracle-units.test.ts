import { describe, expect, it } from 'vitest'
import {
  oracleDrives,
  oracleResponses,
  oracleUnits,
} from '../../../../../src-main/data/made-by-runs/oracle-units.ts'
import { fc } from '../../../../support/property.ts'

const options = { n_neurons: 6, channels_per_neuron: 3, mean_response: 1 }

describe('simulated neurons', () => {
  it('read distinct channels of one place of the map', () => {
    for (const { from, weights } of oracleUnits(20, 5, options, 7)) {
      const place = Math.floor(from[0]! / 5)
      expect(place).toBeLessThan(20)
      expect(new Set(Array.from(from, (at) => Math.floor(at / 5)))).toEqual(new Set([place]))
      expect(new Set(from).size).toBe(3)
      expect(weights).toHaveLength(3)
    }
  })

  it('take all channels where there are fewer than asked for', () => {
    expect([...oracleUnits(1, 2, options, 7)[0]!.from].sort()).toEqual([0, 1])
  })

  it('stay the same when more of them are drawn, and differ with the seed', () => {
    const few = oracleUnits(20, 5, { ...options, n_neurons: 2 }, 7)
    expect(oracleUnits(20, 5, options, 7).slice(0, 2)).toEqual(few)
    expect(oracleUnits(20, 5, { ...options, n_neurons: 2 }, 8)).not.toEqual(few)
  })
})

it('drives are weighted sums of the values of each image', () => {
  const units = [
    { from: Int32Array.of(0, 2), weights: Float64Array.of(2, -1) },
    { from: Int32Array.of(1), weights: Float64Array.of(0.5) },
  ]
  const drives = oracleDrives(Float32Array.of(1, 2, 3, 10, 20, 30), 3, units)
  expect([...drives]).toEqual([2 - 3, 1, 20 - 30, 10])
})

describe('responses', () => {
  it('are ELU + 1 of standardised drives, scaled to the mean', () => {
    // Mean 0 and sd 1 over the two training images: 2 and 1 / e; the test image lies three sd out.
    const [low, high, tested] = oracleResponses(Float32Array.of(-1, 1, 3), 1, 2, 5)
    const scale = 5 / ((Math.exp(-1) + 2) / 2)
    expect(low).toBeCloseTo(Math.exp(-1) * scale, 5)
    expect(high).toBeCloseTo(2 * scale, 5)
    expect(tested).toBeCloseTo(4 * scale, 5)
  })

  it('of a unit that nothing drives are the mean for every image', () => {
    const silent = oracleResponses(Float32Array.of(4, 4, 4), 1, 2, 0.5)
    expect([...silent]).toEqual([0.5, 0.5, 0.5])
  })

  it('are never negative and have the mean asked for over the training images, unit by unit', () => {
    const drive = fc.float({ min: -1000, max: 1000, noNaN: true })
    fc.assert(
      fc.property(fc.array(drive, { minLength: 8, maxLength: 8 }), (drives) => {
        const out = oracleResponses(Float32Array.from(drives), 2, 3, 2)
        expect(out.every((value) => value >= 0)).toBe(true)
        for (const unit of [0, 1])
          expect((out[unit]! + out[unit + 2]! + out[unit + 4]!) / 3).toBeCloseTo(2, 4)
      }),
    )
  })
})
