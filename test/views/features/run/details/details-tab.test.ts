import { screen, within } from '@testing-library/dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import DetailsTab from '../../../../../src-renderer/features/run/details/DetailsTab.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { RunDetail } from '../../../../../src-shared/contract/run.ts'
import { demoRuns, detailOf } from '../../../../support/fake-renderer/made-up-runs.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'

const [first] = demoRuns()
if (first === undefined) throw new Error('no demo run')
const plain = detailOf(first, [])
const { id } = first.summary
const tab = (more: Partial<RunDetail> = {}, answers: Answers = {}) =>
  show(inApp(DetailsTab), { props: { detail: { ...plain, ...more } }, answers })
/** What stands beside a word in a list of facts. */
const fact = (name: string): string | undefined =>
  screen.getByText(name, { selector: 'dt' }).nextElementSibling?.textContent?.trim()
const environment = (more: Partial<NonNullable<RunDetail['environment']>> = {}) => ({
  ...(plain.environment ?? never()),
  ...more,
})
const never = (): never => {
  throw new Error('the demo run has an environment')
}
const saved: { name: string; content: Blob }[] = []

/** Saved files are kept here, in place of the browser's download. */
function keepFiles(): void {
  saved.length = 0
  const blobs: Blob[] = []
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${blobs.push(blob as Blob) - 1}`)
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, content: blobs.at(-1) ?? new Blob() })
  })
}
afterEach(() => {
  vi.restoreAllMocks()
})

describe('environment and files of a run', () => {
  it('says when it was made and how long it worked', async () => {
    const at = (hour: number): number => new Date(2026, 2, 1, hour, 5, 7).getTime()
    const summary = { ...plain.summary, createdAt: at(9), startedAt: at(10), endedAt: null, seconds: 3720 }
    await tab({ summary })
    expect(fact('Created')).toBe('1 Mar 2026, 09:05:07')
    expect(fact('Started')).toBe('1 Mar 2026, 10:05:07')
    expect(fact('Ended')).toBe('–')
    expect(fact('Work')).toBe('1 h 2 min')
  })

  it('says with which engine and machine it was made', async () => {
    await tab()
    expect(fact('Engine')).toBe('TensorFlow 2.15.0 on the CPU, 2 threads')
    expect(fact('Processor')).toBe('AMD EPYC 7B13')
    expect(fact('Memory')).toBe('16.0 GiB')
    expect(fact('Repeatable')).toBe('bit by bit')
    expect(screen.queryByText('GPU, not used')).toBeNull()
  })

  it('says what the engine was set to, proved, left unused, and cannot repeat', async () => {
    await tab({
      environment: environment({
        backend: 'wasm',
        tensorflow: null,
        setting: 'ONEDNN_MAX_CPU_ISA=AVX2',
        proof: '412 of 412 operations right',
        unusedCards: ['RTX 4090', 'T4'],
        nondeterministic: ['Conv2DBackpropFilter'],
      }),
    })
    expect(fact('Engine')).toBe('Embedded engine on the CPU, 2 threads')
    expect(fact('Setting')).toBe('ONEDNN_MAX_CPU_ISA=AVX2')
    expect(fact('Proved here')).toBe('412 of 412 operations right')
    expect(fact('GPU, not used')).toBe('RTX 4090, T4')
    expect(fact('Repeatable')).toBe('not bit by bit: Conv2DBackpropFilter')
  })

  it('says that a waiting run has no record yet', async () => {
    const { text } = await tab({
      environment: null,
      segments: [],
      files: [],
      folder: null,
      dataFingerprint: null,
    })
    expect(text()).toContain('Recorded when the run starts.')
    expect(text()).toContain('Files 0, 0 B')
    expect(text()).toContain('None yet.')
    expect(fact('Data')).toBe('not read yet')
    expect(fact('Folder')).toBe('on another machine')
    expect(screen.queryByRole('button', { name: 'Copy folder path' })).toBeNull()
  })

  it('lists the segments of a run that went on otherwise, and of no other', async () => {
    const segment = (n: number, threads: number) => ({
      segment: n,
      at: new Date(2026, 2, n).getTime(),
      environment: environment({ threads }),
    })
    const { text } = await tab({ segments: [segment(1, 2), segment(2, 2), segment(3, 1)] })
    const lines = within(screen.getByText('Segments').nextElementSibling as HTMLElement).getAllByRole(
      'listitem',
    )
    expect(lines.map((li) => li.textContent?.trim())).toEqual([
      'TensorFlow 2.15.0 on AMD EPYC 7B13, 2 threads from 1 Mar 2026, 00:00:00',
      'TensorFlow 2.15.0 on AMD EPYC 7B13, 2 threads from 2 Mar 2026, 00:00:00',
      'TensorFlow 2.15.0 on AMD EPYC 7B13, 1 thread from 3 Mar 2026, 00:00:00',
    ])
    expect(text()).toContain('Segments')
    expect((await tab({ segments: [segment(1, 2), segment(2, 2)] })).text()).not.toContain('Segments')
  })

  it('names the data sets with what was known about them when the run was queued', async () => {
    const finding = { key: 'k', severity: 'warning' as const, message: 'Few repeats.' }
    const { text } = await tab({
      dataSets: [
        {
          id: 'v1',
          name: 'My V1',
          findings: [finding, { ...finding, message: 'One unit is dead.', ignored: 'known' }],
        },
        { id: 'mnist', name: 'Digits', findings: [] },
      ],
    })
    expect(byRole('link', 'My V1').getAttribute('href')).toBe('/data/v1')
    expect(text()).toContain('Warning. Few repeats.')
    expect(text()).toContain('Warning. One unit is dead. Set aside: known')
    expect(text()).toContain('Digits: no findings when it was queued')
  })

  it('copies the folder and the command', async () => {
    const { user } = await tab()
    await user.click(byRole('button', 'Copy folder path'))
    await settled()
    expect(await navigator.clipboard.readText()).toBe(plain.folder)
    await user.click(byRole('button', 'Copy as command'))
    await settled()
    expect(await navigator.clipboard.readText()).toBe('npx cotrain run demo-cotrained.yaml')
  })

  it('lists the files with their sizes', async () => {
    const { text } = await tab()
    expect(text()).toContain('Files 4, 20.4 MiB')
    expect(screen.getAllByRole('row').map((row) => row.textContent?.trim())).toEqual([
      'run.json6.0 KiB',
      'events.jsonl2.3 MiB',
      'checkpoints/epoch-9/model.safetensors18.0 MiB',
      'result.json47.1 KiB',
    ])
  })

  it('fetches a file in parts and saves it as a whole', async () => {
    keepFiles()
    const parts = ['Hello ', 'world']
    const { user, paramsOf } = await tab(
      {},
      {
        'runs.readFile': ({ offset }) => ({ bytes: 11, base64: btoa(parts[offset === 0 ? 0 : 1] ?? '') }),
      },
    )
    await user.click(byRole('button', 'Save checkpoints/epoch-9/model.safetensors'))
    await settled()
    expect(paramsOf('runs.readFile').map(({ offset }) => offset)).toEqual([0, 6])
    expect(saved.map(({ name }) => name)).toEqual([
      `${id.slice(0, 10)}-checkpoints-epoch-9-model.safetensors`,
    ])
    expect(await saved[0]?.content.text()).toBe('Hello world')
  })

  it('says how much of a file is there while it is fetched', async () => {
    const { user } = await tab(
      {},
      {
        'runs.readFile': ({ offset }) =>
          offset === 0 ? { bytes: 8, base64: btoa('ab') } : new Promise(() => undefined),
      },
    )
    await user.click(byRole('button', 'Save run.json'))
    await settled()
    expect(byRole('row', /^run.json/).textContent).toContain('25 %')
    expect(screen.queryByRole('button', { name: 'Save run.json' })).toBeNull()
  })

  it('says why a file could not be fetched, and offers it again', async () => {
    keepFiles()
    const { user, text } = await tab(
      {},
      {
        'runs.readFile': () => {
          throw new CotrainError({
            code: 'file-missing',
            message: 'It was removed.',
            hint: 'Look in the folder.',
          })
        },
      },
    )
    await user.click(byRole('button', 'Save run.json'))
    await settled()
    expect(text()).toContain('It was removed.Look in the folder.')
    expect(saved).toEqual([])
    expect(byRole('button', 'Save run.json').getAttribute('aria-disabled')).toBeNull()
  })
})
