import { expect, it } from 'vitest'
import {
  DEVICE_MEMORY,
  IMAGES_PER_SECOND,
  LEARNING_RATE,
  PROCESS_MEMORY,
} from '../../../../../src-shared/contract/metric-keys.ts'
import { metricInfo } from '../../../../../src-shared/contract/metrics.ts'
import { createRecorder } from '../../../../../src-main/runs/work/run-recorder.ts'
import { openEventWriter } from '../../../../../src-main/store/history/event-writer.ts'
import { labs } from '../../../../support/lab.ts'

const lab = labs()

/** Curves of a run that wrote one point of its work, and one of other numbers. */
async function recorded(memory?: () => number | null) {
  const { store, add } = lab()
  const id = await add(1)
  const events = openEventWriter(store.files(id).events)
  const recorder = createRecorder({ store, record: store.read(id), events, news: () => undefined })
  if (memory !== undefined) recorder.watchDevice(memory)
  const point = { kind: 'metrics', step: 1, epoch: 0.5, images: 8 } as const
  await recorder.take({ ...point, values: { [IMAGES_PER_SECOND]: 100 } })
  await recorder.take({ ...point, step: 2, values: { [LEARNING_RATE]: 0.1 } })
  events.close()
  return store.history(id).read().series.keys
}

it('writes the memory of the process and of the card beside the speed, in MiB', async () => {
  const series = await recorded(() => 3 * 2 ** 30)
  expect([...(series.get(DEVICE_MEMORY)?.value ?? [])]).toEqual([3072])
  expect(series.get(PROCESS_MEMORY)?.rows).toHaveLength(1)
  expect(metricInfo(DEVICE_MEMORY)).toMatchObject({ label: 'Memory on the card', unit: 'MiB' })
})

it('writes no curve of a card where none computes, or where its memory is not told', async () => {
  expect((await recorded()).has(DEVICE_MEMORY)).toBe(false)
  expect((await recorded(() => null)).has(DEVICE_MEMORY)).toBe(false)
})
