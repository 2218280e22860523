/**
 * What a training step of each published network asks of TensorFlow: operations, and values that are read back. On a card each
 * operation is a launch and each reading a wait; see `test/unit/src-main/engine/train/epoch/readings.test.ts`.
 *
 *   node --import tsx bench/issued.ts [name of a fixture ...]
 *
 * Prints one line a network; needs the native engine.
 */
import { disposeAll } from '../src-main/engine/train/epoch/gradients.ts'
import { project } from '../src-main/engine/train/state/training-state.ts'
import { loadBackend } from '../src-main/io/native/load-backend.ts'
import { countIssued } from '../test/support/counted-binding.ts'
import type { NetworkFixture } from '../test/support/published/fixture.ts'
import { published, publishedNames } from '../test/support/published/fixture.ts'
import { issueStep, openReplay } from '../test/support/published/network.ts'

await loadBackend({ engine: 'native' })
const asked = process.argv.slice(2)
for (const name of publishedNames('models')) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const fixture = published<NetworkFixture>('models', name)
  for (const ours of fixture.ours) {
    const replay = openReplay(fixture, ours)
    const counts = [0, 1].map((step) => {
      const { issued, stop } = countIssued()
      const { numbers, grads } = issueStep(replay, step)
      project(replay.model, replay.state.store)
      stop()
      numbers.values.dispose()
      disposeAll(grads)
      return issued
    })
    const { operations = 0, reads = 0 } = counts[1] ?? {} // the first makes what is made once
    console.log(`${name} as ${ours.fn}: ${operations} operations, ${reads} reads`)
    replay.state.dispose()
  }
}
