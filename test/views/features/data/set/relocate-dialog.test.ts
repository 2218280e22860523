import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type * as Client from '../../../../../src-renderer/api/client.ts'
import { byRole, settled, show } from '../../../../support/show.ts'

const CLIENT = '../../../../../src-renderer/api/client.ts'

// A browser has no dialog for paths. The host is known from the start, so modules are loaded anew around it.
beforeAll(() => {
  vi.resetModules()
  vi.doMock(CLIENT, async (original) => ({ ...(await original<typeof Client>()), hostKind: () => 'web' }))
})
afterAll(() => {
  vi.doUnmock(CLIENT)
  vi.resetModules()
})

it('proposes a known copy in a browser, also the first time and when it is opened again', async () => {
  const { default: dialog } = await import('../../../../../src-renderer/features/data/set/RelocateDialog.vue')
  const copies = [{ name: 'V1 of 2024', path: '/copies/v1' }]
  const move = vi.fn(() => Promise.resolve())
  const { user, change } = await show(dialog, { props: { open: true, what: 'V1', copies, move } })
  const field = (): HTMLInputElement => byRole('textbox', /^Folder or file/) as HTMLInputElement
  expect(field().value).toBe('/copies/v1')
  await user.type(field(), '-mended{Enter}')
  await settled()
  expect(move).toHaveBeenCalledWith('/copies/v1-mended')
  await change({ open: true })
  expect(field().value).toBe('/copies/v1')
  await change({ open: false })
})
