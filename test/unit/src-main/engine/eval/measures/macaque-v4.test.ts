import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fev, oracleJackknife } from '../../../../../../src-main/engine/eval/measures/reliability.ts'
import { repeatsOfImages } from '../../../../../../src-main/engine/eval/measures/repeated-responses.ts'
import { poolScores } from '../../../../../../src-main/engine/eval/measures/unit-scores.ts'
import { sharedPath } from '../../../../../support/shared-data.ts'

const file = sharedPath('data', 'v4_cowley2023', 'responses_raw', 'responses_210325.npy')

/** A float64 array [units, images, repeats] in numpy's format, as the data set stores it. */
function readUnitsImagesRepeats(path: string): {
  shape: [number, number, number]
  at(unit: number, image: number, repeat: number): number
} {
  const bytes = readFileSync(path)
  const header = bytes.toString('latin1', 10, 10 + bytes.readUInt16LE(8))
  const shape = /\((\d+), (\d+), (\d+)\)/.exec(header)?.slice(1).map(Number) as [number, number, number]
  const start = 10 + bytes.readUInt16LE(8)
  const fortran = header.includes("'fortran_order': True")
  if (!header.includes("'<f8'")) throw new Error(`unexpected type in ${header}`)
  const [units, images, repeats] = shape
  const index = (u: number, i: number, r: number): number =>
    fortran ? u + units * (i + images * r) : (u * images + i) * repeats + r
  return { shape, at: (u, i, r) => bytes.readDoubleLE(start + 8 * index(u, i, r)) }
}

describe.runIf(file !== null)('macaque V4 session 210325', () => {
  it('has the jackknife oracle 0.4710 and the fraction of explainable variance 0.3144 of the independent analysis', () => {
    const { shape, at } = readUnitsImagesRepeats(file as string)
    const [units, images, repeats] = shape
    const nested = Array.from({ length: images }, (_, i) =>
      Array.from({ length: repeats }, (_, r) => Array.from({ length: units }, (_, u) => at(u, i, r))),
    )
    const responses = repeatsOfImages(nested)
    expect(poolScores([oracleJackknife(responses)]).mean).toBeCloseTo(0.471, 4)
    const share = fev(responses)
    expect(poolScores([share]).mean).toBeCloseTo(0.3144, 4)
    expect(share.values.filter((value) => value > 0.15)).toHaveLength(46)
  })
})
