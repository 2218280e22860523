import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeResponses } from '../../../../../src-main/data/describe/describe-responses.ts'
import { leftOutFindings } from '../../../../../src-main/data/describe/left-out-findings.ts'
import { between, plural, rounded } from '../../../../../src-main/data/describe/library-content.ts'
import { describeApart, neuronsOf } from '../../../../../src-main/data/describe/describe-apart.ts'
import { columnOf, sessionOf, withData } from '../../../../../src-main/data/describe/neuron-data.ts'
import { responsePreview } from '../../../../../src-main/data/describe/preview-data.ts'
import { stimulusFindings } from '../../../../../src-main/data/describe/stimulus-findings.ts'
import type { CanonicalSet } from '../../../../../src-main/io/canonical/set.ts'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { memoryImages } from '../../../../../src-main/io/images/sources/memory-images.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { sampleSession, sampleSet } from '../../../../support/sample-set.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
let count = 0

async function written(change: Partial<CanonicalSet> = {}): Promise<string> {
  const path = join(root, `${count++}.h5`)
  await writeCanonical(path, sampleSet(change), '2026-01-01T00:00:00.000Z')
  return path
}

/** Four units on images 3, 3, 7, 7, 1: one that follows the images, one that never changes, one without a response, a copy. */
const session = sampleSession({
  trials: { imageId: Int32Array.of(3, 3, 7, 7, 1), tier: Uint8Array.of(0, 0, 0, 0, 3) },
  units: { id: ['follows', 'still', 'gone', 'copy'] },
  bins: 1,
  responses: Float32Array.from([1, 2, 4, 6, 2].flatMap((value) => [value, 5, NaN, value])),
})

describe('the table of units', () => {
  it('has moments over the trials that are there, and says what is wrong with a unit', async () => {
    const [table] = await neuronsOf(await written({ sessions: [session] }))
    if (table === undefined) throw new Error('no session')
    expect(table).toMatchObject({ session: 'a1', area: 'V4', units: ['follows', 'still', 'gone', 'copy'] })
    expect(table.flags).toEqual(['', 'dead', 'no response', 'copy of follows'])
    const { mean, variance, fano, min, max, trials, missing } = table.columns
    // 1, 2, 4, 6, 2: sum 15, squares of the deviations 4 + 1 + 1 + 9 + 1 = 16, over n - 1.
    expect([mean?.[0], variance?.[0], fano?.[0], min?.[0], max?.[0]]).toEqual([3, 4, 4 / 3, 1, 6])
    expect([mean?.[2], variance?.[2], min?.[2]]).toEqual([null, null, null])
    expect([trials, missing]).toEqual([
      [5, 5, 0, 5],
      [0, 0, 5, 0],
    ])
  })

  it('knows nothing of reliability where no image repeats', async () => {
    const trials = { imageId: Int32Array.of(3, 7, 1, 9), tier: new Uint8Array(4) }
    const once = sampleSession({ trials, bins: 1, responses: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) })
    const [table] = await neuronsOf(await written({ sessions: [once] }))
    expect(Object.keys(table?.columns ?? {})).not.toContain('oracle')
    expect(table?.columns['mean']).toEqual([4, 5])
  })
})

describe('a session', () => {
  it('is found by its name, and one that is not there is refused with those that are', async () => {
    const path = await written({ sessions: [session] })
    await withData(path, async (file) => {
      expect([...columnOf(sessionOf(file, 'a1'), 'follows')]).toEqual([1, 2, 4, 6, 2])
      expect(await problemOf(() => sessionOf(file, 'b'))).toMatchObject({
        code: 'not-found',
        hint: 'Sessions: a1.',
      })
      expect(await problemOf(() => columnOf(sessionOf(file), 'u9'))).toMatchObject({
        code: 'not-found',
        path: 'u9',
      })
    })
  })

  it('of another area can be looked at', async () => {
    const path = await written({ sessions: [sampleSession({ area: 'IT' })] })
    expect((await withData(path, describeResponses)).summary).toBe(
      'IT: 1 session, 2 units, 5 trials, 4 images',
    )
  })
})

describe('a look at images by response', () => {
  // Mean responses of "follows": image 3 at position 0 has 1.5, image 7 at 1 has 5, image 1 at 2 has 2; 9 was not shown.
  const looked = async (request: Partial<Parameters<typeof responsePreview>[1]>) => {
    const path = await written({ sessions: [session] })
    const whole = { id: '', images: 24, order: 'spread', from: 0, unit: 'follows', ...request } as const
    return withData(path, (file) => responsePreview(file, whole))
  }

  it('orders them by the mean over their trials', async () => {
    const strongest = await looked({ order: 'strongest' })
    expect(strongest.images.map(({ index, response, trials }) => [index, response, trials])).toEqual([
      [1, 5, 2],
      [2, 2, 1],
      [0, 1.5, 2],
    ])
    expect((await looked({ order: 'weakest' })).images.map(({ index }) => index)).toEqual([0, 2, 1])
    const second = await looked({ order: 'strongest', from: 1, images: 1 })
    expect(second.images.map(({ index }) => index)).toEqual([2])
  })

  it('leaves images out that have no response of the unit, and shows them without one where none orders them', async () => {
    expect((await looked({ unit: 'gone', order: 'strongest' })).images).toEqual([])
    const spread = await looked({ unit: 'gone' })
    expect(spread.images.map(({ response }) => response)).toEqual([null, null, null])
  })

  it('keeps to a class', async () => {
    const found = await looked({ label: 'öwl', order: 'strongest' })
    expect([found.total, found.images.map(({ index }) => index)]).toEqual([1, [1]])
  })
})

it('finds equal pixels under several ids, in both parts, and images of one value', async () => {
  const pixels = Uint8Array.of(1, 2, 1, 2, 7, 7, 3, 4)
  const images = {
    source: memoryImages(pixels, { height: 1, width: 2, channels: 1 }),
    id: Int32Array.of(3, 7, 1, 9),
  }
  const trials = { imageId: Int32Array.of(3, 7, 1, 9), tier: Uint8Array.of(0, 3, 0, 0) }
  const shown = sampleSession({ trials, bins: 1, responses: new Float32Array(8) })
  const found = await withData(await written({ images, sessions: [shown] }), stimulusFindings)
  expect(found.map(({ code, severity, where }) => [code, severity, where?.images])).toEqual([
    ['test-pixels-in-training', 'error', [1]],
    ['duplicate-stimuli', 'info', [1]],
    ['blank-images', 'info', [2]],
  ])
})

it('makes findings of what was left out and matters', () => {
  const left = (['note', 'warning', 'error'] as const).map((severity) => ({
    ...{
      kind: 'file' as const,
      count: 1,
      name: `${severity}.png`,
      reason: 'it is torn.',
      fix: 'Replace it.',
      severity,
    },
  }))
  expect(leftOutFindings(left).map(({ severity, message }) => [severity, message])).toEqual([
    ['warning', 'The file warning.png is not used: it is torn.'],
    ['error', 'The file error.png is not used: it is torn.'],
  ])
})

it('words numbers as a person would', () => {
  expect([between(3, 3), between(2, 7)]).toEqual(['3', '2 to 7'])
  expect([plural(1, 'class', 'classes'), plural(1200, 'unit'), plural(0, 'unit')]).toEqual([
    '1 class',
    '1,200 units',
    '0 units',
  ])
  expect([rounded(1234.5), rounded(0.00012345), rounded(NaN)]).toEqual(['1230', '0.000123', 'none'])
})

it('looks through a large file in a thread, and says the same', async () => {
  // Five megabytes of responses; a timer of this thread goes on meanwhile.
  const [trials, units] = [250, 5_000]
  const large = sampleSession({
    trials: {
      imageId: Int32Array.from({ length: trials }, (_, i) => [3, 7, 1][i % 3]!),
      tier: new Uint8Array(trials),
    },
    units: { id: Array.from({ length: units }, (_, i) => `u${i}`) },
    bins: 1,
    responses: Float32Array.from({ length: trials * units }, (_, i) => (i * 7919) % 1013),
  })
  const path = await written({ sessions: [large] })
  let ticks = 0
  const timer = setInterval(() => ticks++, 1)
  const [table] = await describeApart(path, 'neurons')
  clearInterval(timer)
  expect([table?.units.length, table?.columns.mean?.length]).toEqual([units, units])
  expect(ticks).toBeGreaterThan(2)
  const ended = new AbortController()
  const called = describeApart(path, 'content', { signal: ended.signal })
  ended.abort()
  expect((await problemOf(() => called)).code).toBe('cancelled')
})
