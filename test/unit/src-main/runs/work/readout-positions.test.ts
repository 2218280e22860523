import { expect, it } from 'vitest'
import { readoutPositions } from '../../../../../src-main/runs/work/readout-positions.ts'

const mu = { shape: [2, 2], dtype: 'float32', data: Float32Array.from([0.1, 0.2, 0.3, 0.4]) } as const
const sessions = [['s1', { area: 'v1', units: ['a', 'b'] }]] as const

it('takes positions of the units of a session as x and y', () => {
  const found = readoutPositions(new Map([['readout.s1.mu', mu]]), sessions, false)
  const rounded = (name: string) => Array.from(found.get(name)?.data ?? [], (v) => Number(v.toFixed(3)))
  expect(rounded('neurons/v1/s1/mu_x')).toEqual([0.1, 0.3])
  expect(rounded('neurons/v1/s1/mu_y')).toEqual([0.2, 0.4])
})

it('turns positions whose first axis runs along rows', () => {
  const found = readoutPositions(new Map([['readout.s1.mu', mu]]), sessions, true)
  expect(found.get('neurons/v1/s1/mu_x')?.data[0]).toBeCloseTo(0.2)
})

it('gives nothing where positions are not one for each unit', () => {
  const shared = { ...mu, shape: [4, 1] }
  expect(readoutPositions(new Map([['readout.s1.mu', shared]]), sessions, false).size).toBe(0)
})

it('tells sessions apart whose names begin or end alike', () => {
  const at = (first: number) => ({ ...mu, data: Float32Array.from([first, 0, 0, 0]) })
  const units = ['a', 'b']
  const found = readoutPositions(
    new Map([
      ['v1_readout.s10.mu', at(0.25)],
      ['v1_readout.as1.mu', at(0.5)],
      ['v1_readout.s1.mu', at(0.75)],
    ]),
    ['s1', 's10', 'as1'].map((key) => [key, { area: 'v1' as const, units }] as const),
    false,
  )
  const first = (key: string) => found.get(`neurons/v1/${key}/mu_x`)?.data[0]
  expect(['s1', 's10', 'as1'].map(first)).toEqual([0.75, 0.25, 0.5])
})
