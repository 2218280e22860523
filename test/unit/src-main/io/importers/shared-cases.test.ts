import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CanonicalSet } from '../../../../../src-main/io/canonical/set.ts'
import { detectImporter, findImporter } from '../../../../../src-main/io/importers/registry.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

/** The faulty situations that are kept beside the checkout, with their right values. */
interface Expected {
  readonly pictureOfTrial?: number[]
  readonly cornerOfPicture?: number[][]
  readonly responses?: (number | null)[][]
}

const work = temporaryFolder()
const folder = sharedPath('cases')
const cases = describe.skipIf(folder === null) // said once by sharedPath
const at = (...parts: string[]): string => join(folder ?? '', ...parts)
const json = (path: string): Record<string, Expected> =>
  JSON.parse(readFileSync(path, 'utf8')) as Record<string, Expected>

const read = (path: string, options: object = {}): Promise<CanonicalSet> =>
  findImporter(detectImporter(path) ?? '').read(path, options, work)

/** Grey levels of the pixels (0, 0), (0, 1), (1, 0) of each trial's picture, and its responses; null is missing. */
async function contentOf({ images, sessions }: CanonicalSet) {
  const { source, id } = images
  const each = source.height * source.width * source.channels
  const pixels = new Float32Array(source.length * each)
  await source.read(Int32Array.from(id.keys()), pixels)
  const [session] = sessions
  if (!session) throw new Error('there is no session')
  const units = session.units.id.length
  const corner = (image: number): number[] => {
    const first = id.indexOf(image) * each
    return [0, source.channels, source.width * source.channels].map(
      (i) => (pixels[first + i] ?? 0) * (255 / source.pixels.white),
    )
  }
  return Array.from(session.trials.imageId, (image, trial) => ({
    corner: corner(image),
    responses: Array.from(session.responses.subarray(trial * units, (trial + 1) * units), (value) =>
      Number.isNaN(value) ? null : value,
    ),
  }))
}

const expected = ({ pictureOfTrial = [], cornerOfPicture = [], responses = [] }: Expected) =>
  pictureOfTrial.map((picture, trial) => ({ corner: cornerOfPicture[picture], responses: responses[trial] }))

const findings = (set: CanonicalSet) =>
  (set.provenance['findings'] ?? []) as { code: string; message: string }[]

cases('NWB links', () => {
  for (const name of ['order.nwb', 'twogroups.nwb'])
    test(`${name}: each trial has the picture that the file links to`, async () => {
      const right = json(at('nwb-links', 'expect.json'))[name] ?? {}
      expect(await contentOf(await read(at('nwb-links', name), { area: 'v1' }))).toEqual(expected(right))
    })
  test('epochs.nwb: both tables are named, and the chosen one is read', async () => {
    const path = at('nwb-links', 'epochs.nwb')
    const { message, hint } = await problemOf(() => read(path, { area: 'v1' }))
    expect(message).toContain('/intervals/epochs, /intervals/trials')
    expect(hint).toContain('option table')
    const right = json(at('nwb-links', 'expect.json'))['epochs.nwb'] ?? {}
    expect(await contentOf(await read(path, { area: 'v1', table: 'trials' }))).toEqual(expected(right))
  })
  test('a mistyped option is named with the known ones', async () => {
    const { path, hint } = await problemOf(() =>
      read(at('nwb-links', 'epochs.nwb'), { imageColum: 'image_name' }),
    )
    expect(path).toBe('imageColum')
    expect(hint).toContain('Did you mean "imageColumn"? Known options of nwb: t0Ms, binMs')
  })
})

cases('time that was not observed', () => {
  const right = () => json(at('unobserved-time', 'expect.json'))
  test('obs.nwb: outside of obs_intervals responses are missing', async () => {
    const set = await read(at('unobserved-time', 'obs.nwb'), { area: 'v1' })
    expect(await contentOf(set)).toEqual(expected(right()['obs.nwb'] ?? {}))
    expect(findings(set).find(({ code }) => code === 'unobserved-time')?.message).toBe(
      '22 of 200 responses were not observed and are missing (NaN), in 1 unit: 2.',
    )
  })
  test('nanstart.nwb: a trial without onset is left out and told', async () => {
    const set = await read(at('unobserved-time', 'nanstart.nwb'), { area: 'v1' })
    expect(await contentOf(set)).toEqual(expected(right()['nanstart.nwb'] ?? {}))
    expect(set.left).toMatchObject([{ kind: 'trial', name: 'row 7', severity: 'warning' }])
  })
})

cases('tiers, axes and ids', () => {
  const session = (set: CanonicalSet) => set.sessions[0] as CanonicalSet['sessions'][number] // every case has one
  test('a boolean is_test makes its True trials test trials', async () => {
    const mapping = JSON.parse(readFileSync(at('boolean-tier', 'mask.json'), 'utf8')) as object
    const { tier } = session(await read(at('boolean-tier', 'mask.npz'), { mapping })).trials
    expect(Array.from(tier.keys()).filter((trial) => tier[trial] === 3)).toEqual(
      Array.from({ length: 12 }, (_, i) => 48 + i),
    )
    expect(tier.filter((value) => value === 0)).toHaveLength(48)
  })
  test('static_rt.h5: units first are turned', async () => {
    const set = await read(at('axes-and-ids', 'static_rt.h5'), { area: 'v1' })
    const { responses = [] } = json(at('axes-and-ids', 'expect.json'))['static_rt.h5'] ?? {}
    const rows = (await contentOf(set)).flatMap((trial) => trial.responses)
    expect(rows).toHaveLength(responses.flat().length)
    const errors = responses.flat().map((value, i) => Math.abs((value ?? NaN) - (rows[i] ?? NaN)))
    expect(Math.max(...errors)).toBeLessThan(1e-5) // the expected values are rounded
  })
  test('ids-from-1: both readings fit, and the option decides', async () => {
    const path = at('axes-and-ids', 'ids-from-1')
    const { message, hint } = await problemOf(() => read(path, { area: 'v1' }))
    expect(message).toBe(
      'the ids 1 to 7 may count the pictures (0 to 7) from 0 or from 1: both name pictures that are there.',
    )
    expect(hint).toContain('idsFrom')
    for (const from of [0, 1]) {
      const { imageId } = session(await read(path, { area: 'v1', idsFrom: from })).trials
      expect([imageId.reduce((a, b) => Math.min(a, b)), imageId.reduce((a, b) => Math.max(a, b))]).toEqual([
        1 - from,
        7 - from,
      ])
    }
  })
})
