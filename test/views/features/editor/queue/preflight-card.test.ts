import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import BatchShares from '../../../../../src-renderer/features/editor/queue/BatchShares.vue'
import PreflightCard from '../../../../../src-renderer/features/editor/queue/PreflightCard.vue'
import SeedsInput from '../../../../../src-renderer/features/editor/queue/SeedsInput.vue'
import { byRole, show } from '../../../../support/show.ts'
import { cells, words } from '../../compare/small-comparison.ts'

const preflight: Result<'config.preflight'> = {
  id: null,
  problems: [],
  warnings: ['The learning rate is high.'],
  config: null,
  identicalRun: null,
  data: [
    { name: 'MNIST', present: true, detail: 'unchanged' },
    { name: 'V1', present: false, detail: 'the folder is gone' },
  ],
  memoryBytes: 2 * 2 ** 30,
  freeMemoryBytes: 2 ** 30,
  diskBytes: 2 ** 20,
  freeDiskBytes: 2 ** 30,
  secondsEstimate: null,
  deviceMemory: null,
  biggest: [{ name: 'output of conv1', bytes: 2 ** 29 }],
  fixes: [{ label: 'Halve the batch', changes: [{ path: 'dataset.config.batch_size', value: 32 }] }],
  offers: [{ label: 'Test 1,000 images', changes: [{ path: 'trainer.config.test', value: 1000 }] }],
  share: [],
}
const props = {
  preflight,
  warmUp: { answer: null, isWorking: true },
  runs: 1,
  origin: '',
  changes: [],
}
const lines = (): string[] =>
  screen
    .getAllByRole('listitem')
    .map((li) => `${li.querySelector('[role=img]')?.getAttribute('aria-label') ?? ''}: ${words(li)}`)

describe('the card of the check', () => {
  it('has a line for each thing, with a word on how it stands', async () => {
    await show(PreflightCard, { props })
    expect(lines()).toEqual([
      'problem: DataV1: the folder is gone',
      'fine: DataMNIST, unchanged, read and fingerprinted',
      'problem: Memoryabout 2.0 GiB of 1.0 GiB free, estimated; largest: output of conv1 (512 MiB)',
      'fine: Diskabout 1.0 MiB of 1.0 GiB free',
      'working: Timetiming a few steps…',
      'mind: MindThe learning rate is high.',
      ': To need lessHalve the batch',
      ': Test partTest 1,000 images',
    ])
  })

  it('offers to need less only while memory is tight', async () => {
    const { user, emitted, change } = await show(PreflightCard, { props })
    await user.click(byRole('button', 'Test 1,000 images'))
    await user.click(byRole('button', 'Halve the batch'))
    expect(emitted.map(({ values }) => values[0])).toEqual([...preflight.offers, ...preflight.fixes])
    await change({ preflight: { ...preflight, freeMemoryBytes: 100 * 2 ** 30 } })
    expect(screen.queryByRole('button', { name: 'Halve the batch' })).toBeNull()
  })

  it('lists what takes the memory of a card, and offers to need less where it is tight', async () => {
    const deviceMemory = {
      ...{ card: 'A100', freeBytes: 2 ** 29, totalBytes: 2 ** 33, needBytes: 3 * 2 ** 29 },
      parts: [
        { name: 'weights', bytes: 2 ** 29 },
        { name: 'activations', bytes: 2 ** 30 },
      ],
    }
    const roomy = { ...preflight, freeMemoryBytes: 100 * 2 ** 30, deviceMemory }
    const { text } = await show(PreflightCard, { props: { ...props, preflight: roomy } })
    expect(text()).toContain('about 1.5 GiB of 512 MiB free on A100, estimated')
    expect(cells(screen.getByRole('table', { hidden: true }))).toEqual([
      ['Part', 'About'],
      ['weights', '512 MiB'],
      ['activations', '1.0 GiB'],
      ['all', '1.5 GiB'],
    ])
    expect(byRole('button', 'Halve the batch')).toBeTruthy()
  })

  it('says what is new against what the config was made from', async () => {
    const difference = (path: string, from: unknown, to: unknown) => ({ path, values: [from, to] })
    const changes = [
      difference('trainer.config.patience', 5, 9),
      difference('dataset.config.augment', true, undefined),
      ...['c', 'd', 'e', 'f'].map((path) => difference(path, 1, 2)),
    ]
    const { text, change } = await show(PreflightCard, { props: { ...props, origin: 'Demo', changes } })
    expect(text()).toContain(
      'against Demo: Patience 5 → 9; dataset.augment yes → not set; c 1 → 2; d 1 → 2, and 2 more',
    )
    await change({ changes: [] })
    expect(text()).toContain('against Demo: the options are the same')
    await change({ origin: '' })
    expect(text()).not.toContain('New in it')
  })

  it('says how long it takes once steps were timed', async () => {
    const answer = {
      problems: [],
      seconds: { start: 1, training: 100, evaluation: 19, total: 120 },
      secondsPerStep: 0.05,
      stepsPerEpoch: 100,
      epochs: 3,
      timedSteps: 8,
      memoryBytes: 2 ** 29,
      backend: 'native',
      workingRuns: 1,
    }
    const { text } = await show(PreflightCard, {
      props: { ...props, warmUp: { answer, isWorking: false }, runs: 2 },
    })
    expect(text()).toContain(
      'at most 2 min each, 4 min in all: 3 epochs of 100 steps, by 8 steps of 50 ms; ' +
        'a run that is working made them slower',
    )
    expect(text()).toContain('about 512 MiB of 1.0 GiB free, measured on the first steps')
  })
})

describe('the batches of an epoch', () => {
  const row = (task: string, session: string, ...perEpoch: [from: number, batches: number][]) => ({
    task,
    session,
    perEpoch: perEpoch.map(([from, batches]) => ({ from, batches })),
  })

  it('are listed by task and session', async () => {
    await show(BatchShares, {
      props: {
        rows: [row('img_classification', 'img_classification', [1, 300]), row('v1', 'monday', [1, 40])],
      },
    })
    expect(cells(screen.getByRole('table'))).toEqual([
      ['Task', 'Session', 'Batches per epoch'],
      ['classification', '', '300'],
      ['V1', 'monday', '40'],
    ])
  })

  it('have a column for each epoch at which their ratio changes', async () => {
    await show(BatchShares, {
      props: { rows: [row('a', 'a', [1, 10], [5, 0]), row('b', 'b', [3, 7])] },
    })
    expect(cells(screen.getByRole('table'))).toEqual([
      ['Task', 'Session', 'from epoch 1', 'from epoch 3', 'from epoch 5'],
      ['a', '', '10', '10', '0'],
      ['b', '', '0', '7', '7'],
    ])
  })
})

describe('the field of seeds', () => {
  it('is completed to the usual numbers, keeping what is there', async () => {
    const { user, emitted } = await show(SeedsInput, { props: { modelValue: '2000 7' } })
    await user.click(byRole('button', 'Complete to 3'))
    await user.click(byRole('button', 'Complete to 5'))
    expect(emitted.map(({ values }) => values[0])).toEqual(['2000, 7, 1000', '2000, 7, 1000, 3000, 4000'])
  })

  it('says what is wrong, and starts anew when completed then', async () => {
    const { user, emitted, text } = await show(SeedsInput, { props: { modelValue: '1.5' } })
    expect(text()).toContain('Write seeds as whole numbers, separated by commas.')
    await user.click(byRole('button', 'Complete to 3'))
    expect(emitted.at(-1)?.values).toEqual(['1000, 2000, 3000'])
    expect(text()).not.toContain('Write seeds as whole numbers')
  })
})
