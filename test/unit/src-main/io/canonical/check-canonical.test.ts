import { expect, test } from 'vitest'
import { join } from 'node:path'
import { checkCanonical, type SessionReport } from '../../../../../src-main/io/canonical/check-canonical.ts'
import { openCanonical } from '../../../../../src-main/io/canonical/read.ts'
import type { CanonicalSet } from '../../../../../src-main/io/canonical/set.ts'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { findImporter } from '../../../../../src-main/io/importers/registry.ts'
import { sampleSet } from '../../../../support/sample-set.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()

async function check(set: CanonicalSet, name: string): Promise<SessionReport> {
  const path = join(folder, `${name}.h5`)
  await writeCanonical(path, set, '')
  const file = await openCanonical(path)
  const [report] = await checkCanonical(file)
  file.close()
  if (!report) throw new Error('no session')
  return report
}

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length
const median = (values: Float64Array): number => {
  const sorted = values.slice().sort()
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) /
    2
  )
}

test('reports the statistics of a small file', async () => {
  const report = await check(sampleSet(), 'small')
  expect(report).toMatchObject({
    key: 'a1',
    area: 'v4',
    statistics: { trials: 5, images: 4, tiers: [1, 1, 1, 2, 0], missing: 1 },
  })
  expect(report.reliability?.oracle).toHaveLength(2)
})

test('session 210325 has the published reliability and fits its own images best', async ({ skip }) => {
  const path = sharedPath('data/v4_cowley2023')
  if (!path) return skip('the real data are not beside this checkout')
  const set = await findImporter('images-and-responses').read(path, { session: '210325' } as object, folder)
  const { statistics, reliability, findings } = await check(set, '210325')
  expect(statistics).toMatchObject({ trials: 4840, images: 640, repeats: { min: 6, max: 10 } })
  expect(mean(reliability?.oracle ?? new Float64Array(1))).toBeCloseTo(0.471, 3)
  expect(median(reliability?.oracle ?? new Float64Array(1))).toBeCloseTo(0.4738, 3)
  expect(mean(reliability?.fev ?? new Float64Array(1))).toBeCloseTo(0.3144, 3)
  expect(reliability?.fev.filter((value) => value > 0.15)).toHaveLength(46)
  expect(findings.map(({ code }) => code)).toEqual(['no-test-trials'])
})

test('the same session with image ids counted from the wrong start is noticed', async ({ skip }) => {
  const path = sharedPath('data/v4_cowley2023')
  if (!path) return skip('the real data are not beside this checkout')
  const set = await findImporter('images-and-responses').read(path, { session: '210325' } as object, folder)
  const shifted = set.sessions.map((session) => ({
    ...session,
    trials: { ...session.trials, imageId: session.trials.imageId.map((id) => Math.min(639, id + 1)) },
  }))
  const { findings } = await check({ ...set, sessions: shifted }, 'shifted')
  expect(findings.find(({ code }) => code === 'shifted-images')?.message).toContain('1 place earlier')
})

test('mouse V1 repeats have their published figures', async ({ skip }) => {
  const root = sharedPath('data/mouse_v1_antolik2016')
  if (!root) return skip('the real data are not beside this checkout')
  for (const [region, oracle, fev, above] of [
    ['region1', 0.388, 0.241, 68],
    ['region2', 0.296, 0.182, 28],
  ] as const) {
    const mapping = {
      images: { array: 'validation_inputs', axes: 'ip', valueMax: 255e-6 },
      sessions: [
        { key: region, area: 'V1', parts: [{ array: 'raw_validation_set', axes: 'riu', tier: 'test' }] },
      ],
    }
    const set = await findImporter('arrays').read(join(root, region), { mapping } as object, folder)
    const { reliability } = await check(set, region)
    expect(mean(reliability?.oracle ?? new Float64Array(1))).toBeCloseTo(oracle, 3)
    expect(mean(reliability?.fev ?? new Float64Array(1))).toBeCloseTo(fev, 3)
    expect(reliability?.fev.filter((value) => value > 0.15)).toHaveLength(above)
  }
})
