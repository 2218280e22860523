import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import QueueDialog from '../../../../../src-renderer/features/editor/queue/QueueDialog.vue'
import { COTRAINED_YAML, configOf } from '../../../../support/fake-renderer/made-up-configs.ts'
import { demoRuns } from '../../../../support/fake-renderer/made-up-runs.ts'
import type { Answers, Shown } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'

const config = { ...configOf(COTRAINED_YAML), seed: 5 }
const props = { open: true, config, busy: false, origin: { name: 'Demo', run: null }, changes: [] }
const [done] = demoRuns().map(({ summary }) => summary)
const check: Result<'config.preflight'> = {
  id: 'a'.repeat(60),
  problems: [],
  warnings: [],
  config: null,
  identicalRun: null,
  data: [{ name: 'MNIST digits', present: true, detail: 'unchanged' }],
  memoryBytes: 2 ** 30,
  freeMemoryBytes: 8 * 2 ** 30,
  diskBytes: 64 * 2 ** 20,
  freeDiskBytes: 2 ** 40,
  secondsEstimate: 100,
  deviceMemory: null,
  biggest: [],
  fixes: [],
  offers: [],
  share: [],
}
const problem = { code: 'data-missing', message: 'The digits are gone.', hint: 'Add them again.' }
const refuse = (message: string, code = 'internal'): never => {
  throw new CotrainError({ code, message, hint: 'Look at the log.' } as ConstructorParameters<
    typeof CotrainError
  >[0])
}
const opened = (answers: Answers = {}, more: Record<string, unknown> = {}): Promise<Shown> =>
  show(QueueDialog, {
    props: { ...props, ...more },
    answers: { 'config.preflight': () => check, ...answers },
  })
const button = (): HTMLElement => byRole('button', /^Queue/)
const reason = (): string => (button().getAttribute('aria-disabled') === 'true' ? button().title : '')
async function type({ user }: Shown, seeds: string): Promise<void> {
  await user.clear(byRole('textbox', 'Seeds'))
  if (seeds !== '') await user.type(byRole('textbox', 'Seeds'), seeds)
  await settled()
}

describe('the check before a run is queued', () => {
  it('says what the run needs, with steps timed once, and queues its seed', async () => {
    const page = await opened()
    expect(page.paramsOf('config.preflight')).toEqual([{ config, original: null }])
    expect(page.paramsOf('config.warmUp')).toEqual([
      { config: { ...config, name: '', comment: '', tags: [] } },
    ])
    expect(page.text()).toContain('MNIST digits, unchanged, read and fingerprinted')
    expect(page.text()).toContain('about 1.4 GiB of 8.0 GiB free, measured on the first steps')
    expect(page.text()).toContain('at most 1 min 40 s, as earlier seeds took')
    await page.user.click(button())
    expect(page.emitted).toEqual([{ name: 'queue', values: [[5], false] }])
  })

  it('queues one run per seed, by Enter as well, and counts what all of them need', async () => {
    const page = await opened()
    await page.user.click(byRole('button', 'Complete to 3'))
    await settled()
    expect(byRole('textbox', 'Seeds')).toHaveProperty('value', '5, 1000, 2000')
    expect(page.text()).toContain('about 192 MiB of 1.0 TiB free')
    expect(page.text()).toContain('at most 1 min 40 s each, 5 min in all')
    expect(button().textContent).toContain('Queue 3 runs')
    await page.user.type(byRole('textbox', 'Seeds'), '{Enter}')
    expect(page.emitted).toEqual([{ name: 'queue', values: [[5, 1000, 2000], false] }])
    expect(page.paramsOf('config.warmUp')).toHaveLength(1)
  })

  it('asks for whole numbers as seeds', async () => {
    const page = await opened()
    await type(page, 'five')
    expect(byRole('textbox', 'Seeds').getAttribute('aria-invalid')).toBe('true')
    expect(page.text()).toContain('Write seeds as whole numbers, separated by commas.')
    expect(reason()).toBe('Write seeds as whole numbers, separated by commas')
    await page.user.type(byRole('textbox', 'Seeds'), '{Enter}')
    expect(page.emitted).toEqual([])
  })

  it('repeats a run that is there only when asked to', async () => {
    const page = await opened({ 'config.preflight': () => ({ ...check, identicalRun: done ?? null }) })
    expect(byRole('link', 'Open demo baseline').getAttribute('href')).toBe(`/runs/${done?.id}`)
    expect(reason()).toContain('The same run exists already')
    await page.user.click(byRole('checkbox', 'Run it again all the same'))
    await page.user.click(button())
    expect(page.emitted).toEqual([{ name: 'queue', values: [[5], true] }])
  })

  it('does not queue what the check finds wrong, and times nothing then', async () => {
    const page = await opened({ 'config.preflight': () => ({ ...check, problems: [problem] }) })
    expect(screen.getByRole('alert').textContent).toContain('The digits are gone.')
    expect(screen.getByRole('alert').textContent).toContain('Add them again.')
    expect(reason()).toBe('Mend the problems first')
    expect(page.paramsOf('config.warmUp')).toEqual([])
  })

  it('does not queue what fails on its first steps', async () => {
    const page = await opened({
      'config.warmUp': () => ({
        problems: [problem],
        seconds: null,
        secondsPerStep: null,
        stepsPerEpoch: null,
        epochs: null,
        timedSteps: 0,
        memoryBytes: null,
        backend: 'native',
        workingRuns: 0,
      }),
    })
    expect(page.text()).toContain('The digits are gone.')
    expect(reason()).toBe('Mend the problems first')
  })

  it('lets a run be queued whose steps could not be timed, and says why', async () => {
    const page = await opened({ 'config.warmUp': () => refuse('The engine is busy.') })
    expect(screen.getByRole('alert').textContent).toContain('The engine is busy.')
    expect(reason()).toBe('')
    expect(page.text()).toContain('about 1.0 GiB of 8.0 GiB free, estimated')
  })

  it('says nothing of timing that was called off', async () => {
    await opened({ 'config.warmUp': () => refuse('It was called off.', 'cancelled') })
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('offers changes that need less memory where it is tight, and hands the chosen one over', async () => {
    const fix = { label: 'Halve the batch', changes: [{ path: 'dataset.config.batch_size', value: 32 }] }
    const tight = { ...check, freeMemoryBytes: 1.5 * 2 ** 30, fixes: [fix] }
    const page = await opened({ 'config.preflight': () => tight })
    await page.user.click(byRole('button', 'Halve the batch'))
    expect(page.emitted).toEqual([{ name: 'fix', values: [fix] }])
  })

  it('waits for the check', async () => {
    const page = await opened({ 'config.preflight': () => new Promise<typeof check>(() => undefined) })
    expect(page.text()).toContain('Loading the check of data, memory and time')
    expect(reason()).toBe('The check has not finished')
  })

  it('does nothing while it queues', async () => {
    const page = await opened({}, { busy: true })
    expect(button().getAttribute('aria-disabled')).toBe('true')
    await page.user.click(button())
    expect(page.emitted).toEqual([])
  })

  it('starts again with the seed of the config each time it opens', async () => {
    const page = await opened({ 'config.preflight': () => ({ ...check, identicalRun: done ?? null }) })
    await page.user.click(byRole('checkbox', 'Run it again all the same'))
    await type(page, '6')
    await page.user.click(byRole('button', 'Cancel'))
    expect(page.emitted).toEqual([{ name: 'update:open', values: [false] }])
    await page.change({ open: true })
    expect(byRole('textbox', 'Seeds')).toHaveProperty('value', '5')
    expect(byRole('checkbox', 'Run it again all the same')).toHaveProperty('checked', false)
  })
})

describe('a check before a run is queued that the service refuses', () => {
  it('says why', async () => {
    await opened({ 'config.preflight': () => refuse('The folder cannot be read.') })
    expect(screen.getByRole('alert').textContent).toContain('The check failed')
    expect(screen.getByRole('alert').textContent).toContain('The folder cannot be read.')
    expect(button().getAttribute('aria-disabled')).toBe('true')
  })

  it('is not called one that has not finished', async () => {
    await opened({ 'config.preflight': () => refuse('The folder cannot be read.') })
    expect(reason()).toBe('The check failed; its problems are listed above')
  })

  it('does not let seeds be queued on the check of other ones', async () => {
    const page = await opened({
      'config.preflight': ({ config: asked }) =>
        (asked as { seed: number }).seed === 5 ? check : refuse('The folder cannot be read.'),
    })
    await type(page, '6')
    expect(screen.getByRole('alert').textContent).toContain('The folder cannot be read.')
    await page.user.click(button())
    expect(page.emitted).toEqual([])
  })

  it('does not let seeds be queued while only other ones have been checked', async () => {
    const page = await opened({
      'config.preflight': ({ config: asked }) =>
        (asked as { seed: number }).seed === 5 ? check : new Promise<typeof check>(() => undefined),
    })
    await type(page, '6')
    expect(reason()).toBe('The check has not finished')
    await page.user.click(button())
    expect(page.emitted).toEqual([])
  })

  it('is not shown when the dialog opens again, before the next one has answered', async () => {
    let isFirst = true
    const page = await opened({
      'config.preflight': () =>
        isFirst ? refuse('The folder cannot be read.') : new Promise<typeof check>(() => undefined),
    })
    isFirst = false
    await page.user.click(byRole('button', 'Cancel'))
    await page.change({ open: true })
    expect(page.text()).not.toContain('The folder cannot be read.')
    expect(page.text()).toContain('Loading the check of data, memory and time')
  })
})
