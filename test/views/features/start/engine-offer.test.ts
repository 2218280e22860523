import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { Component } from 'vue'
import { h } from 'vue'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { SetupPlan } from '../../../../src-shared/contract/doctor.ts'
import EngineOffer from '../../../../src-renderer/features/start/EngineOffer.vue'
import SetupCard from '../../../../src-renderer/features/start/SetupCard.vue'
import { useApp } from '../../../../src-renderer/stores/app.ts'
import { useEngineSetup } from '../../../../src-renderer/stores/engine-setup.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { DOCTOR } from '../../../support/fake-renderer/made-up-machine.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'

const SHA = 'ab'.repeat(32)
const PLAN: SetupPlan = {
  name: 'tensorflow-cpu',
  version: '2.21.0',
  folder: '/home/a/engine',
  why: 'the processor: there is no card',
  unpackedBytes: 2 ** 30,
  fromFile: null,
  fetchedBytes: 0,
  download: { file: 'tf-cp312.whl', host: 'files.example', bytes: 256 * 2 ** 20, sha256: SHA },
}
const both: Component = { render: () => [h(SetupCard), h(EngineOffer)] }

async function offer(plan: Partial<SetupPlan> | null = {}, answers: Answers = {}) {
  const shown = await show(inMotion(both), {
    answers: {
      'app.doctor': () => ({ ...DOCTOR, backend: { ...DOCTOR.backend, name: 'wasm' } }),
      'app.setupPlan': () => (plan === null ? null : { ...PLAN, ...plan }),
      ...answers,
    },
  })
  await useEngineSetup().loadPlan()
  await settled()
  return shown
}
const facts = () => {
  const words = screen.getAllByRole('definition').map((d) => d.textContent.replaceAll(/\s+/g, ' ').trim())
  return Object.fromEntries(screen.getAllByRole('term').map((t, i) => [t.textContent, words[i]]))
}

describe('the offer of the native engine', () => {
  it('says what is fetched from where, and where it will lie', async () => {
    await offer()
    expect(facts()).toEqual({
      'Computes on': 'the processor: there is no card',
      Fetched: 'tf-cp312.whl (256 MiB) from files.example',
      'SHA-256': SHA,
      'Kept in': '/home/a/engine (about 1.0 GiB; 212 GiB free)',
    })
  })

  it('says what is not stated, and what is there already', async () => {
    await offer({
      fromFile: 'the wheel of tensorflow 2.21.0',
      fetchedBytes: 3 * 2 ** 20,
      download: { file: null, host: 'index.example', bytes: null, sha256: null },
    })
    expect(facts()).toMatchObject({
      Fetched:
        'tensorflow-cpu 2.21.0 (size not stated, of which 3.0 MiB are there already) from index.example',
      'SHA-256': 'the one that index.example states',
      'From a file': 'the wheel of tensorflow 2.21.0',
    })
    expect(byRole('button', 'Go on with the set-up').textContent).toBe('Go on with the set-up')
  })

  it('says what there is where nothing is published', async () => {
    await offer({ download: null, fetchedBytes: 5 })
    expect(facts()).toEqual({
      'Computes on': 'the processor: there is no card',
      Fetched: 'the library of TensorFlow.js: nothing newer is published for this system',
      'Kept in': '/home/a/engine (about 1.0 GiB; 212 GiB free)',
    })
    expect(byRole('button', 'Set up TensorFlow').textContent).toBe('Set up TensorFlow')
  })

  it('says of a size that is not pinned that it is about that', async () => {
    await offer({ download: { file: null, host: 'index.example', bytes: 2 ** 28, sha256: null } })
    expect(facts()['Fetched']).toBe('tensorflow-cpu 2.21.0 (about 256 MiB) from index.example')
  })

  it('is also that for the processor alone where there is a card', async () => {
    const { user, paramsOf } = await offer()
    expect(screen.queryByRole('button', { name: 'For the processor alone' })).toBeNull()
    useApp().doctor = { ...DOCTOR, cardIsServed: true }
    await settled()
    await user.click(byRole('button', 'For the processor alone'))
    await settled()
    expect(paramsOf('app.setup')).toEqual([{ force: true, engine: 'cpu' }])
  })

  it('is not there where nothing can be set up', async () => {
    await offer(null)
    expect(screen.queryByRole('button', { name: 'Set up TensorFlow' })).toBeNull()
  })

  it('sets the engine up and looks what there is then', async () => {
    let isSetUp = false
    const { user, paramsOf } = await offer(
      {},
      {
        'app.doctor': () => ({
          ...DOCTOR,
          backend: { ...DOCTOR.backend, name: isSetUp ? 'native' : 'wasm' },
        }),
        'app.setup': () => {
          isSetUp = true
          return { ok: true }
        },
      },
    )
    await user.click(byRole('button', 'Set up TensorFlow'))
    await settled()
    expect(paramsOf('app.setup')).toEqual([{ force: true }])
    expect(useApp().engine).toBe('native')
    expect(screen.queryByRole('button', { name: 'Set up TensorFlow' })).toBeNull()
  })

  it('is busy while the engine is set up', async () => {
    const { user, paramsOf } = await offer({}, { 'app.setup': () => new Promise(() => undefined) })
    await user.click(byRole('button', 'Set up TensorFlow'))
    await user.click(byRole('button', 'Set up TensorFlow'))
    await user.click(byRole('button', 'From a file…'))
    expect(byRole('button', 'Set up TensorFlow').getAttribute('aria-disabled')).toBe('true')
    expect(byRole('button', 'From a file…').getAttribute('aria-disabled')).toBe('true')
    expect(paramsOf('app.setup')).toHaveLength(1)
    expect(paramsOf('app.choosePath')).toEqual([])
  })

  it('says at "From a file" why it does nothing while the engine is set up', async () => {
    const { user } = await offer({}, { 'app.setup': () => new Promise(() => undefined) })
    await user.click(byRole('button', 'Set up TensorFlow'))
    expect(byRole('button', 'From a file…').title).toBe('The engine is being set up')
  })

  it('takes a file that was fetched elsewhere', async () => {
    const { user, paramsOf } = await offer({}, { 'app.choosePath': () => ({ path: '/stick/tf.whl' }) })
    await user.click(byRole('button', 'From a file…'))
    await settled()
    expect(paramsOf('app.choosePath')).toEqual([{ kind: 'file', title: 'The wheel of TensorFlow' }])
    expect(paramsOf('app.setup')).toEqual([{ from: '/stick/tf.whl' }])
  })

  it('does nothing when no file is chosen', async () => {
    const { user, paramsOf } = await offer()
    await user.click(byRole('button', 'From a file…'))
    await settled()
    expect(paramsOf('app.setup')).toEqual([])
  })

  it('stays when the set-up fails, which is a problem unless a person stopped it', async () => {
    let code: 'cancelled' | 'file-invalid' = 'file-invalid'
    const { user } = await offer(
      {},
      {
        'app.setup': () => {
          throw new CotrainError({ code, message: 'Another SHA-256.', hint: 'Fetch it again.' })
        },
      },
    )
    await user.click(byRole('button', 'Set up TensorFlow'))
    await settled()
    expect(useApp().problems.map(({ hint }) => hint)).toEqual(['Fetch it again.'])
    code = 'cancelled'
    await user.click(byRole('button', 'Set up TensorFlow'))
    await settled()
    expect(useApp().problems).toEqual([])
    expect(byRole('button', 'Set up TensorFlow').hasAttribute('aria-disabled')).toBe(false)
  })
})

describe('the set-up of the engine', () => {
  const step = { route: 'wheel', phase: 'downloading', bytes: 64 * 2 ** 20, totalBytes: 256 * 2 ** 20 }

  it('says how far it is, and can be stopped while that is worth it', async () => {
    const { user, news, text, paramsOf } = await offer()
    expect(screen.queryByRole('progressbar')).toBeNull()
    await news('setup.progress', { ...step, text: 'Fetching TensorFlow' })
    const bar = byRole('progressbar', 'Setting up the engine')
    expect(bar.getAttribute('aria-valuenow')).toBe('25')
    expect(text()).toContain('(wheel, downloading)')
    expect(text()).toContain('64.0 MiB of 256 MiB')
    await user.click(byRole('button', 'Stop'))
    expect(paramsOf('app.stopSetup')).toEqual([{}])
    await news('setup.progress', { ...step, phase: 'proving', bytes: 0, totalBytes: null, text: 'Proving' })
    expect(bar.hasAttribute('aria-valuenow')).toBe(false)
    expect(text()).toContain('Proving')
    expect(text()).not.toContain('MiB of')
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull()
  })

  it('says how much was fetched where the whole is not known', async () => {
    const { news, text } = await offer()
    await news('setup.progress', { ...step, totalBytes: null, text: 'Fetching' })
    expect(text()).toContain('Fetching64.0 MiB')
    await news('setup.progress', { ...step, bytes: 300 * 2 ** 20, text: 'Fetching' })
    expect(byRole('progressbar', 'Setting up the engine').getAttribute('aria-valuenow')).toBe('100')
  })

  it('is no longer shown once it is over', async () => {
    let end: (() => void) | undefined
    const { user, news } = await offer(
      {},
      {
        'app.setup': () => new Promise((done) => (end = () => done({ ok: true }))),
      },
    )
    await user.click(byRole('button', 'Set up TensorFlow'))
    await news('setup.progress', { ...step, text: 'Fetching' })
    expect(byRole('status', 'Setting up the engine').textContent).toContain('Fetching')
    end?.()
    await settled()
    expect(screen.queryByRole('progressbar')).toBeNull()
  })
})
