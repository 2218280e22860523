import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bytesSource } from '../../../../../src-main/io/formats/base/byte-source.ts'
import { decodeNpy } from '../../../../../src-main/io/formats/numpy/npy.ts'
import { openZip } from '../../../../../src-main/io/formats/zip/zip.ts'
import { openCorruptedSet } from '../../../../../src-main/io/images/corrupted/corrupted-set.ts'
import { findImporter } from '../../../../../src-main/io/importers/registry.ts'
import type { DataDeps } from '../../../../../src-main/data/content/data-deps.ts'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

/** Numbers that the reported faults are kept with beside the checkout, each compared as a whole. */
const root = temporaryFolder()
const folder = sharedPath('cases')
const cases = describe.skipIf(folder === null) // said once by sharedPath
const at = (...parts: string[]): string => join(folder ?? '', ...parts)
const rightOf = <T>(kind: string): T => JSON.parse(readFileSync(at(kind, 'expect.json'), 'utf8')) as T

const depsOf = (kind: string): DataDeps => ({
  ...{ home: join(root, kind), folder: at(kind) },
  now: () => 0,
  date: () => new Date(0),
})

/** An array of an exported npz, and its largest value. */
function exportedArray(path: string, name: string) {
  const zip = openZip(bytesSource(path, readFileSync(path)))
  const { shape, values } = decodeNpy(zip.read(`${name}.npy`), name)
  return { shape: [...shape], values: Array.from<string | number>(values).map(Number) }
}

cases('reported data', () => {
  test('exported-pixels: an export holds the values of the file, once white is stated', async () => {
    const right = rightOf<{ shape: number[]; largest: number; firstPixels: number[][] }>('exported-pixels')
    const deps = depsOf('exported-pixels')
    const unstated = await problemOf(() => dataLibrary.add(deps, { path: 'uint16', name: 'unstated' }))
    expect(`${unstated.message} ${unstated.hint}`).toMatch(/white.*valueMax/s)
    const mapping = { valueMax: 4095 }
    const { id } = await dataLibrary.add(deps, { path: 'uint16', name: 'uint16', mapping })
    const path = join(root, 'uint16.npz')
    await dataLibrary.export(deps, { id, path, format: 'npz', part: 'train' })
    const { shape, values } = exportedArray(path, 'images/pixels')
    expect(shape).toEqual(right.shape)
    expect(values.reduce((a, b) => Math.max(a, b))).toBe(right.largest)
    expect(values.slice(0, right.firstPixels.flat().length)).toEqual(right.firstPixels.flat())
  })

  test('corruption-folders: every corruption has its severities with all images', async () => {
    const { grouped } = rightOf<{
      grouped: {
        corruptions: string[]
        severities: number[]
        picturesPerCorruptionAndSeverity: number
        classes: string[]
      }
    }>('corruption-folders')
    const { classes } = grouped
    const found = await openCorruptedSet(at('corruption-folders', 'grouped'), {
      ...{ cacheFolder: join(root, 'cache'), classIds: classes, classNames: classes },
    })
    expect([...found.keys()]).toEqual(grouped.corruptions)
    for (const [name, levels] of found) {
      expect([...levels.keys()], name).toEqual(grouped.severities)
      for (const [severity, { labels }] of levels)
        expect(labels, `${name} ${severity}`).toHaveLength(grouped.picturesPerCorruptionAndSeverity)
    }
  })

  test('mice: the first responses of each session are those of its own files', async () => {
    const { mice } = rightOf<{
      mice: { sessions: { key: string; trials: number; firstResponses: number[] }[] }
    }>('parts-left-out')
    const { sessions } = await findImporter('filetree').read(
      at('parts-left-out', 'mice'),
      { area: 'v1' },
      root,
    )
    const name = ({ key, trials }: { key: string; trials: number }) => [key, trials]
    expect(sessions.map(({ key, trials }) => [key, trials.imageId.length])).toEqual(mice.sessions.map(name))
    mice.sessions.forEach(({ key, firstResponses }, i) => {
      const found = sessions[i]?.responses.subarray(0, sessions[i].units.id.length) ?? []
      expect(found, key).toHaveLength(firstResponses.length)
      // The kept values are rounded to six digits.
      firstResponses.forEach((value, unit) => expect(found[unit], key).toBeCloseTo(value, 5))
    })
  })

  test.each([0, 1] as const)('ids-from-1: the image of every trial where ids count from %i', async (from) => {
    const right = rightOf<Record<string, Record<string, number[]>>>('axes-and-ids')['ids-from-1'] ?? {}
    const path = at('axes-and-ids', 'ids-from-1')
    const { sessions } = await findImporter('session-pickle').read(path, { area: 'v1', idsFrom: from }, root)
    expect(sessions.map(({ trials }) => [...trials.imageId])).toEqual([right[`pictureOfTrialIfFrom${from}`]])
  })

  test('white-level: as many pixels are white as are true', async () => {
    const right = rightOf<Record<string, { shareWhite: number }>>('white-level')['bool.npz']
    const mapping = JSON.parse(readFileSync(at('white-level', 'bool.json'), 'utf8')) as object
    const { images } = await findImporter('arrays').read(at('white-level', 'bool.npz'), { mapping }, root)
    const { length, height, width, channels, pixels } = images.source
    const values = new Uint8Array(length * height * width * channels)
    await images.source.read(
      Array.from({ length }, (_, i) => i),
      values,
    )
    expect(pixels.white).toBe(255)
    expect(values.filter((value) => value === 255).length / values.length).toBeCloseTo(
      right?.shareWhite ?? NaN,
      12,
    )
    expect(values.every((value) => value === 0 || value === 255)).toBe(true)
  })
})
