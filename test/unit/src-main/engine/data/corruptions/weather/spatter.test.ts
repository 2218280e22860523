import { expect, test } from 'vitest'
import stored from '../../../../../../fixtures/corruptions/spatter.json' with { type: 'json' }
import { corrupt } from '../../../../../../../src-main/engine/data/corruptions/corrupt.ts'
import { createRng } from '../../../../../../../src-shared/util/rng.ts'
import { hashDraws } from '../../../../../../support/hash-draws.ts'
import { levelDifference } from '../../../../../../support/image-statistics.ts'
import { bytesOf } from '../../../../../../support/test-image.ts'

const image = { width: stored.width, height: stored.height, data: bytesOf(stored.image) }

test.each([
  ['ic', 1],
  ['ic', 2],
  ['ic', 3],
  ['ic', 4],
  ['ic', 5],
  ['hd64', 1],
  ['hd64', 2],
  ['hd64', 3],
  ['hd64', 4],
  ['hd64', 5],
] as const)('draws the drops of OpenCV and scikit-image: %s severity %d', (constants, severity) => {
  const draws = hashDraws(59000 + severity)
  const made = corrupt(image, 'spatter', severity, { rng: createRng(1), draws, constants })
  const difference = levelDifference(made, bytesOf(stored.results[constants][severity - 1]!))
  expect(difference.max).toBeLessThanOrEqual(1)
  expect(difference.mean).toBeLessThan(0.001)
})
