import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { conditions } from '../../../../../src-shared/contract/evaluation.ts'
import {
  ALL_CORRUPTIONS,
  byCorruption,
  COMMON_CORRUPTIONS,
  conditionsOf,
  everyCommonCorruption,
} from '../../../../../src-shared/schema/dataset/corruptions.ts'
import { imgLoader } from '../../../../../src-shared/schema/dataset/img-loader.ts'
import { parseComponent } from '../../../../../src-shared/schema/component.ts'

describe('corruptions as people write them', () => {
  it.each([
    ['', {}],
    ['fog', { fog: [1, 2, 3, 4, 5] }],
    ['fog:3', { fog: [3] }],
    [' fog:2-4,contrast:5 ', { fog: [2, 3, 4], contrast: [5] }],
    ['spatter:1-1', { spatter: [1] }],
    ['fog fog:2', { fog: [2] }],
    ['all', everyCommonCorruption()],
    ['all:2', Object.fromEntries(COMMON_CORRUPTIONS.map((name) => [name, [2]]))],
  ])('are read: "%s"', (text, expected) => {
    expect(conditionsOf(text)).toEqual({ conditions: expected, unknown: null, known: ALL_CORRUPTIONS })
  })

  it.each(['rain', 'fog:0', 'fog:6', 'fog:4-2', 'fog:', 'fog:1-', 'Fog', 'xfog:1', 'fog:12'])(
    'name the first word that is none: %s',
    (word) => {
      expect(conditionsOf(`snow, ${word}, hail`).unknown).toBe(word)
    },
  )
})

describe('names of corruptions', () => {
  it('are the same ones for configs, the service and the command line', () => {
    const all = Object.fromEntries(ALL_CORRUPTIONS.map((name) => [name, [1]]))
    expect(conditions.safeParse(all).success).toBe(true)
    expect(parseComponent(imgLoader, { add_fly_corrupted_test: all }, '').ok).toBe(true)
    expect(conditionsOf(ALL_CORRUPTIONS.join()).unknown).toBeNull()
    for (const wrong of [{ fogg: [1] }, { fog: [] }, { fog: [0] }, { fog: [6] }, { fog: [1.5] }])
      expect(conditions.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false)
    expect(byCorruption(z.string()).parse({ snow: 'deep' })).toEqual({ snow: 'deep' })
  })

  it('that are wrong are told with the nearest one', () => {
    expect(
      parseComponent(imgLoader, { add_fly_corrupted_test: { fogg: [1] } }, 'dataset.config'),
    ).toMatchObject({
      ok: false,
      problems: [
        {
          path: 'dataset.config.add_fly_corrupted_test.fogg',
          message: 'unknown name.',
          hint: 'Did you mean "fog"?',
        },
      ],
    })
    expect(parseComponent(imgLoader, { add_fly_corrupted_test: { zzzzzzzz: [1] } }, '')).toMatchObject({
      problems: [{ hint: `Known names: ${ALL_CORRUPTIONS.join(', ')}.` }],
    })
  })
})
