import { join } from 'node:path'
import { expect, it } from 'vitest'
import { until } from '../../../support/lab.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'
import { openTestService } from '../../../support/test-service.ts'

const plain = {
  dataset: { fn: 'img_loader' },
  model: { fn: 'classification_cnn_builder' },
  trainer: { fn: 'cotrainer' },
}
const recipe = {
  name: 'Two',
  steps: {
    first: { baseline: { ...plain, seed: 1 } },
    second: { baseline: { ...plain, seed: 2, parent: { from: { step: 'first', use: 'weights' } } } },
  },
}

it('a service that is opened after a kill goes on with a graph by itself, and ends it', async () => {
  const home = join(temporaryFolder(), 'home')
  const before = openTestService(home)
  // Ends before anything is started, as if killed.
  expect(await before.service.call('recipes.queue', { recipe, inputs: {} })).toMatchObject({ waiting: 1 })
  await before.close()

  const { service, workspace, said, close } = openTestService(home, { FAKE_EPOCHS: '1' })
  await workspace.supervisor.start()
  const statuses = (): (string | undefined)[] => workspace.store.list().runs.map(({ status }) => status)
  await until('both finished', () => statuses().join() === 'finished,finished')
  const { settings } = await service.call('family.get', { name: 'two' })
  const [first, second] = settings.map(({ runs }) => runs[0]?.id ?? '')
  expect(workspace.store.read(second!).config.parent?.run).toBe(first)
  expect(said.filter((text) => text.startsWith('recipe'))).toEqual([])
  await close()
})
