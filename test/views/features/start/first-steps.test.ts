import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import FirstSteps from '../../../../src-renderer/features/start/FirstSteps.vue'
import { useApp } from '../../../../src-renderer/stores/app.ts'
import { useMemory } from '../../../../src-renderer/stores/memory.ts'
import { useRuns } from '../../../../src-renderer/stores/runs.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { DOCTOR } from '../../../support/fake-renderer/made-up-machine.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'

const PLAN: Result<'app.setupPlan'> = {
  name: 'tensorflow-cpu',
  version: '2.21.0',
  folder: '/home/a/engine',
  why: 'the processor: there is no card',
  unpackedBytes: 2 ** 30,
  fromFile: null,
  fetchedBytes: 0,
  download: { file: 'tf.whl', host: 'files.example', bytes: 2 ** 28, sha256: null },
}
const EMBEDDED: Answers = {
  'app.doctor': () => ({ ...DOCTOR, backend: { ...DOCTOR.backend, name: 'wasm' } }),
  'app.setupPlan': () => PLAN,
}
const steps = (answers: Answers = {}) => show(inMotion(FirstSteps), { state: 'empty', answers })
const step = (i: number) => {
  const found = within(byRole('region', 'Welcome')).getAllByRole('listitem')[i]
  if (found === undefined) throw new Error(`there is no step ${i}`)
  return within(found)
}
const isDone = (i: number) => step(i).queryByRole('img', { name: 'done' }) !== null

describe('the steps of the first start', () => {
  it('say where runs are kept, what computes and that the demo is next', async () => {
    const { text, calls } = await steps()
    expect(text()).toContain('~/.local/share/cotrain (212 GiB free)')
    expect(text()).toContain('TensorFlow on the CPU, 2 cores, 11.2 GiB memory free')
    expect(step(0).getByRole('link', { name: 'Change' }).getAttribute('href')).toBe('/settings')
    expect(step(1).getByRole('link', { name: 'Details' }).getAttribute('href')).toBe('/doctor')
    expect([0, 1, 2].map(isDone)).toEqual([true, true, false])
    expect(calls.map(({ method }) => method)).not.toContain('app.setupPlan')
    expect(text()).toContain('Three runs and their comparison, below.')
    useRuns().put((demoRuns()[0] as ReturnType<typeof demoRuns>[number]).summary)
    await settled()
    expect(isDone(2)).toBe(true)
  })

  it('say what computes once that is known, a card too', async () => {
    const { text } = await steps({ 'app.doctor': () => new Promise(() => undefined) })
    expect(text()).toContain('Looking for it.')
    expect([0, 1].map(isDone)).toEqual([true, false])
    expect(text()).not.toContain('free')
    useApp().doctor = { ...DOCTOR, backend: { ...DOCTOR.backend, gpu: true } }
    await settled()
    expect(text()).toContain('TensorFlow on the GPU, 2 cores')
    expect(isDone(1)).toBe(true)
  })

  it('are hidden for good by their button and can be shown again', async () => {
    const { user, paramsOf } = await steps()
    await user.click(byRole('button', 'Hide these steps'))
    expect(paramsOf('ui.set')).toContainEqual({ key: 'first-steps', value: 'done' })
    expect(screen.queryByRole('region', { name: 'Welcome' })).toBeNull()
    useMemory().write('first-steps', '')
    await settled()
    expect(byRole('region', 'Welcome').textContent).toContain('Where runs are kept')
  })

  it('do not come again, and then ask the index of packages nothing', async () => {
    const { paramsOf } = await show(inMotion(FirstSteps), { answers: EMBEDDED })
    expect(screen.queryByRole('region', { name: 'Welcome' })).toBeNull()
    expect(paramsOf('app.setupPlan')).toEqual([])
  })

  it('wait until it is known whether they were seen', async () => {
    await show(inMotion(FirstSteps), { state: 'loading' })
    expect(screen.queryByRole('region', { name: 'Welcome' })).toBeNull()
  })

  it('offer TensorFlow where it is not there, once', async () => {
    const { user, text, paramsOf } = await steps(EMBEDDED)
    expect(paramsOf('app.setupPlan')).toEqual([{}])
    expect(text()).toContain('Embedded engine on the CPU, about four times slower, 2 cores')
    expect(isDone(1)).toBe(false)
    await user.click(step(1).getByRole('button', { name: 'Not now' }))
    await settled()
    expect(paramsOf('ui.set')).toContainEqual({ key: 'engine-skipped', value: true })
    expect(screen.queryByRole('button', { name: 'Set up TensorFlow' })).toBeNull()
    expect(isDone(1)).toBe(true)
  })

  it('do not offer TensorFlow again where a person did not want it', async () => {
    await steps({ ...EMBEDDED, 'ui.get': () => ({ 'engine-skipped': true }) })
    expect(screen.queryByRole('button', { name: 'Set up TensorFlow' })).toBeNull()
    expect(isDone(1)).toBe(true)
  })

  it('take the offer away while the engine is set up', async () => {
    const { user } = await steps({ ...EMBEDDED, 'app.setup': () => new Promise(() => undefined) })
    await user.click(step(1).getByRole('button', { name: 'Set up TensorFlow' }))
    await settled()
    expect(screen.queryByRole('button', { name: 'Set up TensorFlow' })).toBeNull()
    expect(isDone(1)).toBe(false)
  })
})
