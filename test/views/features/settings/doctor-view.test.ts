import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { DoctorReport, SetupPlan } from '../../../../src-shared/contract/doctor.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import DoctorView from '../../../../src-renderer/features/settings/DoctorView.vue'
import LibraryTable from '../../../../src-renderer/features/settings/LibraryTable.vue'
import ProofCard from '../../../../src-renderer/features/settings/ProofCard.vue'
import RouteTable from '../../../../src-renderer/features/settings/RouteTable.vue'
import type { Answers, Showing } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { DOCTOR } from '../../../support/fake-renderer/made-up-machine.ts'
import { inMotion } from '../../ui/shell/shell-page.ts'

const PROOF = DOCTOR.proof
if (PROOF === null || PROOF === undefined) throw new Error('the made-up machine has a proof')
const PLAN: SetupPlan = {
  name: 'tensorflow-cpu',
  version: '2.21.0',
  folder: '/home/a/engine',
  why: 'the processor: there is no card',
  unpackedBytes: 2 ** 30,
  fromFile: null,
  fetchedBytes: 0,
  download: null,
}
const reporting = (report: Partial<DoctorReport>, more: Answers = {}): Showing => ({
  answers: { 'app.doctor': () => ({ ...DOCTOR, ...report }), ...more },
})
const view = (given: Showing = {}) => show(inMotion(DoctorView), given)
/** The value and the note under a name. */
const tile = (name: string) =>
  screen
    .getAllByText(name, { selector: 'dt' })
    .map((dt) => [...(dt.parentElement?.querySelectorAll('dd') ?? [])].map((dd) => dd.textContent))
const cells = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((r) => [...r.children].map((c) => c.textContent.trim()))

describe('the page of the engine', () => {
  it('says what computes, why and on what machine', async () => {
    const { text } = await view()
    expect(byRole('heading', 'TensorFlow on the CPU').tagName).toBe('H2')
    expect(text()).toContain(DOCTOR.backend.reason)
    expect(tile('Device really used')).toEqual([[DOCTOR.backend.device, 'proved by the timed product']])
    expect(tile('Timed matrix product')).toEqual([['41.7 ms']])
    expect(tile('Threads')[0]).toEqual(['2'])
    expect(tile('Processor')).toContainEqual(['AMD EPYC 7B13', '2 cores; avx, avx2, fma'])
    expect(tile('Memory')).toEqual([['11.2 GiB', 'free of 16.0 GiB']])
    expect(tile('Disk')).toEqual([['212 GiB', 'free']])
    expect(tile('electron')).toEqual([['not there']])
    expect(tile('tensorflow')).toEqual([['2.15.0']])
    expect(byRole('region', 'Advice').textContent).toContain('No GPU was found.')
  })

  it('names cards and says why one is not used', async () => {
    const card = {
      uuid: 'u',
      name: 'H200',
      freeBytes: 1,
      computeCapability: '9.0',
      isPartitioned: false,
      instances: [],
    }
    await view(
      reporting({
        gpus: [
          { ...card, memoryBytes: 139 * 2 ** 30, driver: '550.1' },
          { ...card, uuid: 'w', name: 'T4', memoryBytes: null, driver: '470' },
        ],
        unusedGpu: 'libcudnn is missing.',
        advice: [],
      }),
    )
    expect(tile('GPU')).toEqual([
      ['H200', '139 GiB, driver 550.1'],
      ['T4', 'driver 470'],
    ])
    expect(screen.getByRole('note').textContent).toBe('libcudnn is missing.')
    expect(screen.queryByRole('region', { name: 'Advice' })).toBeNull()
  })

  it('lists the instances of a divided card, and the adapters of others with what they do', async () => {
    const instances = ['3g.40gb', '1g.10gb'].map((name, at) => ({ uuid: `MIG-${at}`, name }))
    const card = { uuid: 'u', name: 'A100', freeBytes: null, computeCapability: '8.0', isPartitioned: true }
    await view(
      reporting({
        gpus: [{ ...card, memoryBytes: 80 * 2 ** 30, driver: '550.1', instances }],
        adapters: [
          { vendor: 'AMD', name: 'AMD Radeon RX 7900 XTX', memoryBytes: 24 * 2 ** 30 },
          { vendor: 'Intel', name: 'Intel UHD Graphics 770', memoryBytes: null },
        ],
      }),
    )
    expect(tile('GPU')).toEqual([['A100', '80.0 GiB, driver 550.1, divided into 3g.40gb, 1g.10gb']])
    const use = 'computes with the WebGPU engine where that is used, see there'
    expect(tile('Also here')).toEqual([
      ['AMD Radeon RX 7900 XTX', `24.0 GiB, ${use}`],
      ['Intel UHD Graphics 770', use],
    ])
  })

  it('says why WebGPU computes or not, and tries it anew', async () => {
    const why = 'WebGPU is not used: a step takes 95 ms, 90 ms on the processor (Radeon 780M)'
    const found = {
      adapter: 'Radeon 780M',
      proof: '1098 of 1098 operations right',
      isDefault: false,
      why,
      at: 1,
    }
    const { user, paramsOf } = await view(reporting({ webgpu: found }))
    const card = byRole('region', 'WebGPU').textContent
    expect(card).toContain(`${why}.`)
    expect(card).toContain(`${found.proof}.`)
    await user.click(byRole('button', 'Try WebGPU'))
    await settled()
    expect(paramsOf('app.setup')).toEqual([{ webgpu: true }])
    await view(reporting({ webgpu: null }))
    expect(screen.getByText('It has not been tried here.')).toBeTruthy()
  })

  it('sets the engine up for a card that is not used, if it can', async () => {
    const { user, paramsOf } = await view(reporting({ unusedGpu: 'It is not set up.', cardIsServed: true }))
    await user.click(byRole('button', 'Set up for the card'))
    await settled()
    expect(paramsOf('app.setup')).toEqual([{ force: true, engine: 'gpu' }])
    await view(reporting({ unusedGpu: 'Too old.', cardIsServed: false }))
    expect(screen.queryByRole('button', { name: 'Set up for the card' })).toBeNull()
    await view(reporting({ unusedGpu: null, cardIsServed: true }))
    expect(screen.queryByRole('button', { name: 'Set up for the card' })).toBeNull()
  })

  it('times the engine, and says that it is not timed before', async () => {
    const backend = { ...DOCTOR.backend, name: 'wasm' as const }
    const { user, paramsOf } = await view({
      answers: {
        'app.doctor': ({ deep }) => ({
          ...DOCTOR,
          backend: { ...backend, matmulMs: deep === true ? 12.345 : null },
        }),
      },
    })
    expect(byRole('heading', 'Embedded engine on the CPU').tagName).toBe('H2')
    expect(tile('Timed matrix product')).toEqual([['not timed yet']])
    expect(tile('Device really used')[0]?.[1]).toBe('time the engine to prove it')
    await user.click(byRole('button', 'Time the engine'))
    await settled()
    expect(paramsOf('app.doctor').at(-1)).toMatchObject({ deep: true })
    expect(tile('Timed matrix product')).toEqual([['12.3 ms']])
  })

  it('times the engine once at a time', async () => {
    const { user, paramsOf } = await view({
      answers: { 'app.doctor': ({ deep }) => (deep === true ? new Promise(() => undefined) : DOCTOR) },
    })
    await user.click(byRole('button', 'Time the engine'))
    await user.click(byRole('button', 'Time the engine'))
    expect(byRole('button', 'Time the engine').getAttribute('aria-disabled')).toBe('true')
    expect(paramsOf('app.doctor')).toHaveLength(2)
  })

  it('says what went wrong, keeps what is known and tries again', async () => {
    let isDown = false
    const { user, text } = await view({
      answers: {
        'app.doctor': () => {
          if (isDown)
            throw new CotrainError({ code: 'engine-failed', message: 'It died.', hint: 'Start anew.' })
          return DOCTOR
        },
      },
    })
    isDown = true
    await user.click(byRole('button', 'Time the engine'))
    await settled()
    expect(screen.getByRole('alert').textContent).toContain('It died.Start anew.')
    expect(byRole('heading', 'TensorFlow on the CPU').tagName).toBe('H2')
    expect(byRole('button', 'Time the engine').hasAttribute('aria-disabled')).toBe(false)
    isDown = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(text()).not.toContain('It died.')
  })

  it('says that it looks, or that it could not', async () => {
    const { text } = await view({ state: 'loading' })
    expect(text()).toContain('Loading the engine')
    await view({ state: 'error' })
    expect(screen.getByRole('alert').textContent).toContain('The run index could not be read.')
    expect(screen.queryByText('Loading the engine')).toBeNull()
  })

  it('sets TensorFlow up again where it is there', async () => {
    const { user, paramsOf } = await view()
    await user.click(byRole('button', 'Set up again'))
    await settled()
    expect(paramsOf('app.setup')).toEqual([{ force: true }])
    expect(screen.queryByText('TensorFlow is not set up')).toBeNull()
  })

  it('offers TensorFlow where it is not there', async () => {
    const backend = { ...DOCTOR.backend, name: 'wasm' as const }
    const { user, paramsOf, news } = await view(
      reporting(
        { backend },
        { 'app.setupPlan': () => PLAN, 'app.setup': () => new Promise(() => undefined) },
      ),
    )
    expect(screen.queryByRole('button', { name: 'Set up again' })).toBeNull()
    const offer = within(byRole('region', 'TensorFlow is not set up'))
    await user.click(offer.getByRole('button', { name: 'Set up TensorFlow' }))
    expect(paramsOf('app.setup')).toEqual([{ force: true }])
    await news('setup.progress', {
      route: 'wheel',
      phase: 'proving',
      bytes: 1,
      totalBytes: 4,
      text: 'Proving',
    })
    expect(byRole('progressbar', 'Setting up the engine').getAttribute('aria-valuenow')).toBe('25')
    expect(screen.queryByRole('region', { name: 'TensorFlow is not set up' })).toBeNull()
  })

  it('gives the report to be sent to somebody', async () => {
    const { user } = await view()
    await user.click(byRole('button', 'Report'))
    expect(screen.getByLabelText('Text of the report').textContent).toBe(DOCTOR.text)
    await user.click(byRole('button', 'Copy'))
    expect(await navigator.clipboard.readText()).toBe(DOCTOR.text)
  })

  it('says of a card that computes, of libraries, and of a proof that is not made yet', async () => {
    const { text } = await view(
      reporting({
        backend: { ...DOCTOR.backend, gpu: true },
        machine: { ...DOCTOR.machine, features: [] },
        libraries: [{ name: 'cuDNN', file: 'libcudnn.so.9', path: null }],
        proof: null,
      }),
    )
    expect(byRole('heading', 'TensorFlow on the GPU').tagName).toBe('H2')
    expect(byRole('region', 'Libraries for a GPU').textContent).toContain('libcudnn.so.9')
    expect(byRole('region', 'Proof on this machine').textContent).toContain('Not made yet')
    expect(tile('Processor')).toContainEqual(['AMD EPYC 7B13', '2 cores; no vector features'])
    expect(text()).not.toContain('The engine could not be examined')
  })

  it('leaves out proof and libraries where there is nothing to say', async () => {
    const { proof: _proof, ...bare } = DOCTOR
    await view({ answers: { 'app.doctor': () => ({ ...bare, libraries: [] }) } })
    expect(screen.queryByRole('region', { name: 'Proof on this machine' })).toBeNull()
    expect(screen.queryByRole('region', { name: 'Libraries for a GPU' })).toBeNull()
    expect(byRole('region', 'Ways to get the engine').textContent).toContain('Python wheel')
  })
})

describe('the table of ways to an engine', () => {
  it('says of each whether it works, failed or was not tried, and why', async () => {
    await show(RouteTable, {
      props: {
        routes: [
          { route: 'configured', tried: true, ok: false, reason: 'No library in /opt.' },
          { route: 'official', tried: false, ok: false, reason: 'Not needed.' },
          { route: 'embedded', tried: false, ok: true, reason: 'Always there.' },
        ],
      },
    })
    expect(byRole('table', 'Ways to get an engine').tagName).toBe('TABLE')
    expect(cells()).toEqual([
      ['Folder from the settings', 'failed', 'No library in /opt.'],
      ['Download of TensorFlow.js', 'not tried', 'Not needed.'],
      ['Embedded engine', 'works', 'Always there.'],
    ])
  })
})

describe('the table of libraries', () => {
  it('says which file is looked for and where it is, or that it is missing', async () => {
    await show(LibraryTable, {
      props: {
        libraries: [
          { name: 'CUDA', file: 'libcudart.so.12', path: '/usr/lib/libcudart.so.12' },
          { name: 'cuDNN', file: 'libcudnn.so.9', path: null },
        ],
      },
    })
    expect(cells()).toEqual([
      ['CUDA', 'libcudart.so.12', '/usr/lib/libcudart.so.12'],
      ['cuDNN', 'libcudnn.so.9', 'missing'],
    ])
  })
})

describe('the proof of the engine', () => {
  const card = (proof: object | null) => show(ProofCard, { props: { proof } })

  it('says how many operations are right, under which setting and what is off', async () => {
    const { text } = await card(PROOF)
    expect(text()).toContain(
      '1906 of 1906 operations right, repeats bit-equal (own route for Conv2DBackpropInput)',
    )
    const values = screen.getAllByRole('definition').map((d) => d.textContent)
    const facts = Object.fromEntries(screen.getAllByRole('term').map((t, i) => [t.textContent, values[i]]))
    expect(facts).toMatchObject({
      Setting: 'own route for Conv2DBackpropInput',
      Processor: PROOF.key.processor,
      Threads: '2',
      'bfloat16 is off': PROOF.off[0]?.reason,
    })
    expect(facts['Proved']).toMatch(/^\d+ Oct 2025, \d\d:\d\d:\d\d, in 15 s$/)
  })

  it('lists the faults and the settings that were tried', async () => {
    await card(PROOF)
    expect(screen.getByText('1 fault found').tagName).toBe('SUMMARY')
    expect(cells()).toEqual([
      [
        'Conv2DBackpropInput float32',
        'wrong',
        'x [15,9,9,1], kernel 3x3 to 1, padding 0, 2 threads: value 6 of 1215 is -18.9, right is -19.8',
      ],
    ])
    expect(screen.getByText('2 settings tried').tagName).toBe('SUMMARY')
    expect(screen.getAllByRole('listitem').map((l) => l.textContent.trim())).toEqual([
      'as it comes: 1904 of 1906 right',
      'own route for Conv2DBackpropInput: 1906 of 1906 right',
    ])
  })

  it('says that the engine is not used where it is wrong', async () => {
    const { text } = await card({ ...PROOF, usable: false, repeatable: false, right: 1900, off: [] })
    expect(text()).toContain(
      '1900 of 1906 operations right, repeats differ: not used, no setting of TensorFlow computes right here',
    )
  })

  it('says how bfloat16 is added up where that is not the library', async () => {
    const setting = { env: { ONEDNN_MAX_CPU_ISA: 'AVX2' }, ownRoutes: [], bfloat16Sums: 'float32' }
    const { text } = await card({ ...PROOF, setting, faults: [], tried: [] })
    expect(text()).toContain('ONEDNN_MAX_CPU_ISA=AVX2')
    expect(text()).toContain('are added up in float32')
    expect(screen.queryByText(/found$|tried$/)).toBeNull()
  })

  it('says that it was not made yet', async () => {
    const { text } = await card(null)
    expect(text()).toContain('Not made yet')
    expect(screen.queryByRole('term')).toBeNull()
  })
})
