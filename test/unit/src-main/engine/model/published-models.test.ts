import { beforeAll, describe, it } from 'vitest'
import { expectPublished } from '../../../../support/published/expect-network.ts'
import type { NetworkFixture } from '../../../../support/published/fixture.ts'
import { published, publishedNames } from '../../../../support/published/fixture.ts'
import { useBackend } from '../../../../support/backend.ts'

beforeAll(() => useBackend())

describe('answers, gradients and three training steps of the published networks', () => {
  for (const name of publishedNames('models')) {
    const fixture = published<NetworkFixture>('models', name)
    for (const ours of fixture.ours) it(`${name} as ${ours.fn}`, () => expectPublished(fixture, ours))
  }
})
