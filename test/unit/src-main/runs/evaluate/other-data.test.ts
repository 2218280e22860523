import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { misfits } from '../../../../../src-main/runs/evaluate/other-data.ts'
import { namedSet, pathNamed } from '../../../../../src-main/runs/evaluate/named-set.ts'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { writeClassImages } from '../../../../support/class-images.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { sampleSet } from '../../../../support/sample-set.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
const deps = { home: join(root, 'home'), folder: root, now: () => 0, date: () => new Date(0) }

const shapes = (side: number, units: number, key = 's1') => ({
  inputs: { v1: { height: side, width: side + 1, channels: 1 } },
  sessions: [{ area: 'v1' as const, key, units }],
  classes: null,
})

it('says which size and which session of other data does not fit a network', () => {
  const run = { shapes: shapes(32, 8) }
  const found = (...given: Parameters<typeof shapes>) => misfits(run, shapes(...given), 'other')
  expect(found(32, 8)).toEqual([])
  expect(found(32, 9, 's2')).toEqual([]) // no readout of the run is asked
  const [size, units, ...none] = found(64, 9)
  expect(none).toEqual([])
  expect(size?.message).toContain('64 x 65 x 1')
  expect(size?.message).toContain('32 x 33 x 1')
  expect(units).toMatchObject({ path: 'other', code: 'config-invalid' })
  expect(units?.message).toBe('session s1 has 9 units, the readout of the run 8.')
})

it('takes a path for what lies there, and refuses a name that means nothing', async () => {
  await writeClassImages(join(root, 'animals'))
  await writeCanonical(join(root, 'cells.h5'), sampleSet(), '2026-01-01T00:00:00.000Z')
  expect(await namedSet('animals', deps)).toEqual({
    ...{ kind: 'images', place: join(root, 'animals'), isRegistered: false, name: 'animals' },
  })
  expect(await namedSet('cells.h5', deps)).toMatchObject({ kind: 'neural', name: 'cells.h5' })
  expect(await pathNamed('nothing', deps)).toBeNull()
  expect((await problemOf(() => namedSet('nothing', deps))).code).toBe('data-missing')
})

it('refuses a folder in which nothing is known', async () => {
  mkdirSync(join(root, 'notes'))
  writeFileSync(join(root, 'notes', 'a.txt'), 'x')
  expect((await problemOf(() => namedSet('notes', deps))).path).toContain('notes')
})
