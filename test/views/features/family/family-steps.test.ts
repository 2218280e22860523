import { screen, within } from '@testing-library/dom'
import { expect, it } from 'vitest'
import { h } from 'vue'
import FamilyView from '../../../../src-renderer/features/family/FamilyView.vue'
import type { FamilyDetail } from '../../../../src-shared/contract/calls/family.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'
import { words } from '../compare/small-comparison.ts'
import { ALONE, answersWith, FAMILY, FINISHED } from './small-family.ts'

const failed = { step: 'V1 model', label: '', seed: 2, id: 'aaaaaaaaa2', status: 'failed' as const }
const v1 = [
  { seed: 1, id: 'aaaaaaaaa1', status: 'finished' as const, ...ALONE, seconds: 600 },
  { seed: 2, id: 'aaaaaaaaa2', status: 'failed' as const, ...ALONE },
]
const waiting = { seed: 1, id: null, status: null, ...ALONE, blockedBy: failed }
const CHAIN: FamilyDetail = {
  ...FAMILY,
  grows: true,
  steps: [
    { name: 'v1-model', title: 'V1 model', after: [], depth: 0 },
    { name: 'main', title: 'Co-training', after: ['v1-model'], depth: 1 },
  ],
  settings: [
    { label: 'V1 model', step: 'v1-model', groupId: null, runs: v1 },
    { label: 'MTL', step: 'main', groupId: null, runs: [waiting] },
  ],
}
const page = (family: FamilyDetail, status: 'failed' | 'running' = 'failed') =>
  show(inMotion({ render: () => h(FamilyView, { name: FAMILY.name }) }), {
    answers: answersWith(
      FINISHED.map((run) => (run.id === 'aaaaaaaaa2' ? { ...run, status } : run)),
      family,
    ),
  })

it('shows the steps in order with what their runs are doing, and which run blocks the others', async () => {
  const { user, paramsOf } = await page(CHAIN)
  const steps = within(byRole('group', 'Steps'))
  const [first, second] = steps
    .getAllByRole('listitem')
    .filter((item) => item.tabIndex === 0)
    .map(words)
  expect(first).toBe('V1 model1 finished1 failed10 min in all')
  expect(second).toContain('Co-training Builds on V1 model. 1 blocked')
  expect(second).toContain('blocked: V1 model, seed 2 failed.')
  expect(steps.getByRole('link', { name: 'Open the run' }).getAttribute('href')).toBe('/runs/aaaaaaaaa2')
  steps.getByRole('button', { name: 'Try again' }).focus()
  await user.keyboard('{Enter}')
  await settled()
  expect(paramsOf('queue.retry')).toEqual([{ id: 'aaaaaaaaa2' }])
})

it('is stopped and continued', async () => {
  const { user, paramsOf } = await page(CHAIN)
  await user.click(byRole('button', 'Stop'))
  await settled()
  expect(paramsOf('family.stop')).toEqual([{ name: FAMILY.name }])
  await user.click(byRole('button', 'Continue'))
  await settled()
  expect(paramsOf('family.continue')).toEqual([{ name: FAMILY.name }])
  expect(screen.queryByRole('button', { name: /Queue the/ })).toBeNull()
})

it('says what a step waits for', async () => {
  const waitsFor = [{ ...failed, status: 'running' as const }]
  const runs = [{ ...waiting, blockedBy: null, waitsFor }]
  const settings = [
    { ...CHAIN.settings[0]!, runs: [v1[0]!, { ...v1[1]!, status: 'running' as const }] },
    { ...CHAIN.settings[1]!, runs },
  ]
  await page({ ...CHAIN, stopped: true, settings }, 'running')
  expect(words(byRole('region', 'Steps'))).toContain('waits for V1 model, seed 2')
  expect(words(byRole('region', 'Steps'))).toContain('Stopped: nothing more of it is queued by itself.')
  expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull()
})
