import { expect, it } from 'vitest'
import { environmentLines } from '../../../../../../src-renderer/features/run/details/environment-lines.ts'
import { demoRuns, detailOf } from '../../../../../support/fake-renderer/made-up-runs.ts'

it('says whether a repeat is bit-identical', () => {
  const environment = detailOf(demoRuns()[0]!, []).environment!
  const line = (e: typeof environment) => environmentLines(e, String).find(([k]) => k === 'Repeatable')?.[1]
  expect(line(environment)).toBe('bit by bit')
  expect(line({ ...environment, nondeterministic: ['conv'] })).toBe('not bit by bit: conv')
})

it('names a card that was there and computed nothing', () => {
  const environment = detailOf(demoRuns()[0]!, []).environment!
  const line = (e: typeof environment) =>
    environmentLines(e, String).find(([k]) => k === 'GPU, not used')?.[1]
  expect(line(environment)).toBeUndefined()
  const card = { uuid: 'GPU-a', name: 'NVIDIA A100' }
  const device = new Map(environmentLines({ ...environment, card }, String)).get('Device')
  expect(device).toBe('NVIDIA A100 (GPU-a)')
  expect(line({ ...environment, unusedCards: ['NVIDIA A100', 'Tesla T4'] })).toBe('NVIDIA A100, Tesla T4')
})

it('names the number format that was used, and that repeats were asked to be equal', () => {
  const environment = detailOf(demoRuns()[0]!, []).environment!
  const line = (e: typeof environment, label: string) =>
    environmentLines(e, String).find(([k]) => k === label)?.[1]
  expect(line(environment, 'Precision')).toBeUndefined() // a record of an earlier version
  const tf32 = { ...environment, precision: 'tf32' as const, deterministic: true }
  expect(line(tf32, 'Precision')).toContain('tf32')
  expect(line(tf32, 'Repeatable')).toBe('bit by bit (deterministic)')
})
