import { expect, it } from 'vitest'
import { roleRefusal } from '../../../../../src-main/host/web/view-role.ts'

const mayLook = (method: string, params?: unknown): boolean =>
  roleRefusal('view', { method, params }) === null

it('a login for looking reads, and starts nothing', () => {
  expect(mayLook('runs.list')).toBe(true)
  expect(mayLook('app.doctor', {})).toBe(true)
  expect(mayLook('app.doctor', { deep: false, prove: false })).toBe(true)
  for (const params of [{ deep: true }, { prove: true }, { deep: false, prove: true }])
    expect(mayLook('app.doctor', params), JSON.stringify(params)).toBe(false)
  for (const method of ['runs.create', 'data.add', 'nothing.known', 'toString', ''])
    expect(mayLook(method)).toBe(false)
  expect(roleRefusal('control', { method: 'data.add' })).toBeNull()
})
