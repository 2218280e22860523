import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { memoryImages } from '../../../../../src-main/io/images/sources/memory-images.ts'
import { buildData } from '../../../../../src-main/data/assemble/build-data.ts'
import type { DataDeps } from '../../../../../src-main/data/content/data-deps.ts'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { parseComponent } from '../../../../../src-shared/schema/component.ts'
import { neuralLoader } from '../../../../../src-shared/schema/dataset/neural-loader.ts'
import { useBackend } from '../../../../support/backend.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
const place = { home: join(root, 'home'), folder: root }
const deps: DataDeps = { ...place, now: () => performance.now(), date: () => new Date(0) }
const IMAGES = 12
const TRIALS = 24
const UNITS = 3

/** Counts of three units in two areas, with one infinite response and some written as -999. */
async function writeRecording(name: string, area = 'V1'): Promise<string> {
  const responses = Float32Array.from({ length: TRIALS * UNITS }, (_, i) => (i * 7) % 5)
  responses[10 * UNITS + 2] = Infinity
  for (const trial of [3, 4, 5]) responses[trial * UNITS + 1] = -999
  const session = (key: string, own: string) => ({
    key,
    subject: '',
    area: own,
    species: '',
    responseKind: 'rate' as const,
    trials: {
      imageId: Int32Array.from({ length: TRIALS }, (_, trial) => trial % IMAGES),
      tier: Uint8Array.from({ length: TRIALS }, (_, trial) => (trial % IMAGES < 3 ? 3 : 0)),
    },
    units: { id: ['a', 'b', 'c'] },
    responses,
    bins: 1,
  })
  const pixels = Uint8Array.from({ length: IMAGES * 64 }, (_, i) => (i * 31) % 256)
  await writeCanonical(
    join(root, name),
    {
      name,
      provenance: {},
      images: {
        source: memoryImages(pixels, { height: 8, width: 8, channels: 1 }),
        id: Int32Array.from({ length: IMAGES }, (_, i) => i),
      },
      sessions: [session('s', area), session('other', 'V4')],
    },
    '2024-01-01T00:00:00Z',
  )
  return join(root, name)
}

const build = (given: Record<string, unknown>) => {
  const parsed = parseComponent(neuralLoader, { batch_size: 8, ...given }, 'dataset.config')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return buildData({ fn: 'neural_loader', config: parsed.value }, 1000, deps)
}

beforeAll(() => useBackend('cpu'))

describe('infinite responses and codes for "not recorded"', () => {
  test('are findings with their place, stop training before it begins, and become missing in one step', async () => {
    const path = await writeRecording('gaps.h5')
    const set = await dataLibrary.add(place, { path, name: 'gaps' })
    const infinite = set.findings.find(
      ({ code, where }) => code === 'infinite-responses' && where?.session === 's',
    )
    expect(infinite).toMatchObject({
      severity: 'error',
      message: 'Session s: 1 response is infinite, in 1 unit (c); the first at trial 10, unit c.',
      missing: ['inf', '-inf'],
      where: { units: ['c'] },
    })
    const suspected = set.findings.find(
      ({ code, where }) => code === 'suspected-missing' && where?.session === 's',
    )
    expect(suspected).toMatchObject({ severity: 'warning', missing: [-999], where: { units: ['b'] } })
    expect(suspected?.message).toContain('3 responses are -999')
    expect(set.sessions?.map(({ missing }) => missing)).toEqual([0, 0])

    expect(await problemOf(() => build({ dataset: 'gaps' }))).toMatchObject({
      code: 'file-invalid',
      message: 'the response of trial 10, unit c is Infinity: infinite is neither a number nor missing.',
    })

    const finite = await dataLibrary.mend(place, {
      id: set.id,
      fix: { kind: 'missing', values: ['inf', '-inf'] },
    })
    const mended = await dataLibrary.mend(place, { id: finite.id, fix: { kind: 'missing', values: [-999] } })
    expect([mended.name, mended.sessions?.map(({ missing }) => missing)]).toEqual(['gaps', [4, 4]])
    expect(mended.choices).toContainEqual({
      what: 'Treated as missing',
      value: '-999: 6 responses',
      by: 'option',
    })
    expect(mended.findings.map(({ code }) => code)).not.toContain('infinite-responses')
    expect((await dataLibrary.list(place)).map(({ id }) => id)).toEqual([mended.id])
    expect(
      (
        await problemOf(() =>
          dataLibrary.mend(place, { id: mended.id, fix: { kind: 'missing', values: [-1] } }),
        )
      ).message,
    ).toBe('no response is -1.')
    const built = await build({ dataset: 'gaps' })
    built.dispose()
  })
})

describe('sessions of several areas in one file', () => {
  test('a readout gets those of its area; others must be named', async () => {
    const path = await writeRecording('areas.h5', 'LM')
    await dataLibrary.add(place, { path, name: 'areas' })
    const { message, hint } = await problemOf(() => build({ dataset: 'areas' }))
    expect(message).toContain('has no session of V1')
    expect(hint).toContain('other (V4), s (LM)')
  })
})
