import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import DataSetPage from '../../../../../src-renderer/features/data/set/DataSetPage.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import { useEditor } from '../../../../../src-renderer/stores/editor.ts'
import { DATA_SETS } from '../../../../support/fake-renderer/made-up-data.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp, stores } from '../../in-app.ts'
import { laidOut } from '../../laid-out.ts'

laidOut()
type Set = Result<'data.get'>
const [images, neural] = DATA_SETS
if (images === undefined || neural === undefined) throw new Error('no made-up sets')
const page = (set: Set, answers: Answers = {}, more: object = {}) =>
  show(inApp(DataSetPage), { props: { set, isChecking: false, startTab: 'images', ...more }, answers })
const chosenTab = (): string | null => screen.getByRole('tab', { selected: true }).textContent
const part = (name: string) => ({
  ...{ name, images: 100, height: 48, width: 48, channels: 1, mean: [0], std: [1], grey: 100 },
  perClass: { least: 10, most: 10 },
})

describe('the page of a data set', () => {
  it('shows name, content and parts, neurons of recordings only', async () => {
    const { text } = await page(neural)
    expect(byRole('heading', 'In-silico V1').tagName).toBe('H2')
    expect(text()).toContain('2 sessions, 192 model neurons')
    expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual([
      'Preview',
      'Neurons',
      'Findings 2',
      'Runs',
    ])
    await page(images)
    expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual([
      'Preview',
      'Findings 0',
      'Runs',
    ])
  })

  it('opens with the part that it is given', async () => {
    await page(neural, {}, { startTab: 'findings' })
    expect(chosenTab()).toBe('Findings 2')
  })

  it('makes an experiment on images, at their size', async () => {
    const { user, where } = await page({ ...images, parts: [part('train'), part('test')] })
    await user.click(byRole('button', 'New experiment'))
    await settled()
    expect(where()).toBe('/edit')
    const { text, config, problems } = useEditor(stores())
    expect(text).toContain('name: MNIST digits, classification')
    expect(text).toContain('data_set: MNIST digits')
    expect(text).toContain('input_size: 48')
    expect([config?.dataset.fn, problems]).toEqual(['img_loader', []])
  })

  it('makes an experiment on responses of the area, with a loss that takes their values', async () => {
    const session = {
      ...{ session: 's', area: 'V4', units: 1, trials: 1, tiers: [], images: 1, missing: 0 },
      ...{ repeats: { least: 1, mean: 1, most: 1 }, meanResponse: -0.2, fano: null, oracle: null },
      explainableVariance: null,
    }
    const { user } = await page({ ...neural, sessions: [session] })
    await user.click(byRole('button', 'New experiment'))
    await settled()
    expect(useEditor(stores()).text).toContain('name: In-silico V1, V4 alone')
    expect(useEditor(stores()).text).toContain('v4: MSELoss')
    expect(useEditor(stores()).problems).toEqual([])
    const counts = await page({ ...neural, sessions: [{ ...session, area: 'V1', meanResponse: 2 }] })
    await counts.user.click(byRole('button', 'New experiment'))
    expect(useEditor(stores()).text).toContain('v1: PoissonLoss')
    expect(useEditor(stores()).problems).toEqual([])
  })

  it('makes no experiment on a set without a training part', async () => {
    const { user, where } = await page({ ...images, parts: [part('test')] })
    expect(byRole('button', 'New experiment').title).toBe('The set has no training part')
    await user.click(byRole('button', 'New experiment'))
    await settled()
    expect(where()).toBe('/')
  })

  it('asks for a check', async () => {
    const { user, emitted, change } = await page(images)
    await user.click(byRole('button', 'Check again'))
    expect(emitted).toEqual([{ name: 'check', values: [] }])
    await change({ isChecking: true })
    await user.click(byRole('button', 'Check again'))
    expect(emitted).toHaveLength(1)
  })

  it('says that the files are gone, and has them looked for', async () => {
    const { user, emitted, paramsOf } = await page({ ...images, present: false, origin: '/old/mnist' })
    expect(screen.getByRole('alert').textContent).toContain(
      '/old/mnistThe files of this set are not where they were.Connect the drive',
    )
    await user.click(byRole('button', 'Find it again'))
    expect(byRole('dialog', 'Find it again').textContent).toContain('Name the place of MNIST digits.')
    await user.type(byRole('textbox', /^Folder or file/), '/new/mnist')
    await user.click(byRole('button', 'Check and use it'))
    await settled()
    expect(paramsOf('data.relocate')).toEqual([{ id: 'mnist', path: '/new/mnist' }])
    expect(emitted).toEqual([{ name: 'changed', values: [] }])
  })

  it('shows the images of a finding alone, then all again, and takes the focus along', async () => {
    const where = { part: 'test', images: [3, 7] }
    const finding = { ...(neural.findings[1] ?? neural.findings[0]), where } as Set['findings'][number]
    const { user, paramsOf } = await page({ ...neural, findings: [finding] }, {}, { startTab: 'findings' })
    await user.click(byRole('button', 'Show images'))
    await settled()
    expect(chosenTab()).toBe('Preview')
    expect(document.activeElement).toBe(byRole('tab', 'Preview'))
    expect(paramsOf('data.preview').at(-1)).toMatchObject({ id: 'insilico', part: 'test', at: [3, 7] })
    await user.click(byRole('button', 'Show all images'))
    await settled()
    expect(paramsOf('data.preview').at(-1)).not.toHaveProperty('at')
  })

  it('shows the units of a finding alone', async () => {
    const where = { session: 'session_2', units: ['session_2-003', 'session_2-005'] }
    const finding = { ...(neural.findings[0] ?? neural.findings[1]), where } as Set['findings'][number]
    const { user, text } = await page({ ...neural, findings: [finding] }, {}, { startTab: 'findings' })
    await user.click(byRole('button', 'Show units'))
    await settled()
    expect(chosenTab()).toBe('Neurons')
    expect(text()).toContain('2 of 192 units')
    await user.click(byRole('button', 'Show all units'))
    await settled()
    expect(text()).toContain('192 of 192 units')
  })

  it('asks before it is removed, and names the runs that use it', async () => {
    const run = (n: number) => ({ id: String(n).repeat(64), name: `run ${n}`, status: 'finished' as const })
    const { user, emitted } = await page(images, {
      'data.uses': () => ({ total: 1200, runs: [1, 2, 3, 4, 5, 6, 7, 8, 9].map(run) }),
    })
    await user.click(byRole('button', 'Remove from the list'))
    await settled()
    const dialog = byRole('dialog', 'Remove MNIST digits?')
    expect(dialog.textContent).toContain('1,200 runs use it. Results stay')
    expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `run ${n}`),
    )
    expect(dialog.textContent).toContain('And 1,192 more.')
    await user.click(byRole('button', 'Keep it'))
    expect(emitted).toEqual([])
    await user.click(byRole('button', 'Remove from the list'))
    await settled()
    await user.click(byRole('button', 'Remove'))
    expect(emitted).toEqual([{ name: 'remove', values: [] }])
  })

  it('is not removed before the runs that use it are known, unless they cannot be', async () => {
    const { user, emitted } = await page(images, { 'data.uses': () => new Promise(() => undefined) })
    await user.click(byRole('button', 'Remove from the list'))
    expect(byRole('button', 'Remove').title).toBe('Looking for runs')
    await user.click(byRole('button', 'Remove'))
    expect(emitted).toEqual([])
    const failing = await page(images, {
      'data.uses': () => {
        throw new CotrainError({ code: 'internal', message: 'The index is gone.', hint: 'Rebuild it.' })
      },
    })
    await failing.user.click(byRole('button', 'Remove from the list'))
    await settled()
    expect(screen.getByRole('alert').textContent).toBe('The index is gone.Rebuild it.')
    await failing.user.click(byRole('button', 'Remove'))
    expect(failing.emitted).toEqual([{ name: 'remove', values: [] }])
  })
})
