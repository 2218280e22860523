import { expect, it } from 'vitest'
import {
  marksOf,
  numberText,
  unitRows,
} from '../../../../../../src-renderer/features/run/analyses/analysis-rows.ts'
import { analysisOf } from '../../../../../support/fake-renderer/made-up-analyses.ts'

const made = analysisOf('receptive-field')
const rows = unitRows({
  ...made,
  numbers: [
    ...made.numbers,
    ...['readout_x', 'readout_y'].map((name) => ({ ...made.numbers[0]!, name, values: [0, 31, 1, 1, 1, 1] })),
  ],
})

it('puts the field two standard deviations wide and the readout over the image, pixels by their middles', () => {
  const [field, readout] = marksOf(rows[0]!, made.size)
  expect(field).toEqual({
    kind: 'field',
    x: 450 / 32,
    y: 550 / 32,
    radiusX: 1200 / 32,
    radiusY: 1400 / 32,
    angle: 8,
  })
  expect(readout).toMatchObject({ kind: 'readout', x: 50 / 32, y: 50 / 32, radiusX: 0 })
})

it('leaves out a field that is not known', () => {
  expect(marksOf(rows[5]!, made.size).map(({ kind }) => kind)).toEqual(['readout'])
})

it('writes numbers with a minus, and a dash for none', () => {
  expect([numberText(-1.25, 1), numberText(null, 1)]).toEqual(['−1.3', '–'])
})
