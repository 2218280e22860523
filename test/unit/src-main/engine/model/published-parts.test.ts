import { beforeAll, describe, it } from 'vitest'
import { expectPublished } from '../../../../support/published/expect-network.ts'
import type { NetworkFixture } from '../../../../support/published/fixture.ts'
import { published, publishedNames } from '../../../../support/published/fixture.ts'
import { useBackend } from '../../../../support/backend.ts'

beforeAll(() => useBackend())

describe('answers, gradients and three training steps of published cores, readouts and encoders', () => {
  for (const name of publishedNames('composed')) {
    const fixture = published<NetworkFixture>('composed', name)
    for (const ours of fixture.ours) it(name, () => expectPublished(fixture, ours))
  }
})
