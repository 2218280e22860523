import { expect, it } from 'vitest'
import { runLogs } from '../../../../../src-main/runs/read/run-log.ts'
import { openEventWriter } from '../../../../../src-main/store/history/event-writer.ts'
import { labs } from '../../../../support/lab.ts'

const lab = labs()
const LINES = 1000

it('gives any page of a log, by level and words', async () => {
  const { store, add } = lab()
  const id = await add(1)
  const writer = openEventWriter(store.files(id).events)
  for (let i = 0; i < LINES; i++)
    writer.add({
      kind: 'log',
      segment: 1,
      at: i,
      level: i % 100 === 99 ? 'error' : 'info',
      text: `line ${i}`,
    })
  writer.close()
  const logs = runLogs(store)
  const ask = { id, search: '', level: 'debug', limit: 3, offset: null } as const
  const texts = (params: Parameters<typeof logs>[0]): string[] => logs(params).lines.map((l) => l.text)
  expect(logs(ask).total).toBe(LINES)
  expect(texts(ask)).toEqual(['line 997', 'line 998', 'line 999'])
  expect(texts({ ...ask, offset: 500 })).toEqual(['line 500', 'line 501', 'line 502'])
  expect(logs({ ...ask, level: 'warn' })).toMatchObject({ total: 10 })
  expect(texts({ ...ask, search: 'LINE 99', level: 'error', offset: 0 })).toEqual(['line 99', 'line 999'])
})
