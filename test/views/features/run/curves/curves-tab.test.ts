import { screen, waitFor, within } from '@testing-library/dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import CurvesTab from '../../../../../src-renderer/features/run/curves/CurvesTab.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Params } from '../../../../../src-shared/contract/contract.ts'
import type { Curve, RunDetail } from '../../../../../src-shared/contract/run.ts'
import { demoRuns, detailOf } from '../../../../support/fake-renderer/made-up-runs.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'

const [, first] = demoRuns()
if (first === undefined) throw new Error('no demo run')
const { id } = first.summary
const LOSS = 'Training/img_classification/loss'
const RATE = 'LR'

/** A curve of two points, at steps 10 and 20 of 10 an epoch. */
const curve = (key: string, value: (number | null)[] = [1, 0.5], more: Partial<Curve> = {}): Curve => ({
  id,
  key,
  step: [10, 20],
  epoch: [1, 2],
  images: [640, 1280],
  seconds: [3, 6],
  elapsed: [3, 9],
  value,
  start: 10,
  total: 2,
  min: Math.min(...value.map((v) => v ?? Infinity)),
  max: Math.max(...value.map((v) => v ?? -Infinity)),
  last: value.at(-1) ?? null,
  ...more,
})
const curvesOf = ({ keys }: Params<'runs.curves'>): Curve[] => keys.map((key) => curve(key))
const tab = (
  metricKeys: string[],
  answers: Answers = {},
  more: { detail?: Partial<RunDetail>; live?: string[] } = {},
) =>
  show(inApp(CurvesTab), {
    props: { detail: { ...detailOf(first, metricKeys), ...more.detail }, liveKeys: more.live ?? [] },
    answers: { 'runs.curves': curvesOf, ...answers },
  })
type Shown = Awaited<ReturnType<typeof tab>>
const titles = (): (string | null)[] => screen.queryAllByRole('heading').map((h) => h.textContent)
async function showTable({ user }: Shown, title: string): Promise<void> {
  await user.click(byRole('button', `${title}: table and export`))
  await user.click(byRole('menuitemcheckbox', 'Show as table'))
}
const table = (title: string): string[] =>
  within(byRole('region', `${title} as a table`))
    .getAllByRole('row')
    .map((row) => [...row.children].map((cell) => cell.textContent).join('|'))

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the curves of a run', () => {
  it('draws a chart for each measure of a task, in the order in which they are read', async () => {
    await tab([
      'Throughput/images_per_second',
      'Validation/v1/eval',
      'Training/grad_cosine',
      'Training/v1/loss',
      RATE,
      LOSS,
      'Validation/img_classification/loss',
      'FinalTest/img_classification/eval',
      'Time/seconds',
      'Training/v1/grad_norm',
      'Training/img_classification/grad_norm',
      'Training/mine/own',
    ])
    expect(titles()).toEqual([
      'Classification loss',
      'V1 loss',
      'V1 single-trial correlation',
      'Learning rate',
      'Gradient norm per task',
      'Cosine between task gradients',
      'Images per second',
      'Training/mine/own',
    ])
  })

  it('names the lines of a chart, but not a single one that is called like its chart', async () => {
    await tab([LOSS, 'Validation/img_classification/loss', RATE])
    const figureOf = (title: string): string =>
      byRole('heading', title).closest('figcaption')?.textContent?.replaceAll(/\s+/g, ' ') ?? ''
    expect(figureOf('Classification loss')).toBe('Classification losstrainingvalidation')
    expect(figureOf('Learning rate')).toBe('Learning rate')
  })

  it('gives lines whose sizes differ much a chart each', async () => {
    await tab([LOSS, 'Validation/img_classification/loss'], {
      'runs.curves': ({ keys }) => keys.map((key) => curve(key, key === LOSS ? [0.5, 0.4] : [500, 400])),
    })
    expect(titles()).toEqual(['Classification loss, training', 'Classification loss, validation'])
  })

  it('gives the numbers along the chosen axis', async () => {
    const shown = await tab([LOSS])
    await showTable(shown, 'Classification loss')
    expect(table('Classification loss')).toEqual([
      'Series|Epoch|Classification loss',
      'training|1|1',
      'training|2|0.5',
    ])
    const seen: string[] = []
    for (const axis of ['Step', 'Step, relative', 'Images', 'Time of work', 'Time with pauses']) {
      await shown.user.selectOptions(byRole('combobox', 'Horizontal axis'), axis)
      const [head, ...rows] = table('Classification loss').map((row) => row.split('|')[1])
      seen.push(`${head}: ${rows.join(' ')}`)
    }
    expect(seen).toEqual([
      'Optimizer step: 10 20',
      'Optimizer steps since the first: 0 10',
      'Images seen: 640 1280',
      'Time of work (s): 3 6',
      'Time with pauses (s): 3 9',
    ])
  })

  it('marks what happened along the chosen axis, of improvements the last one only', async () => {
    const mark = (name: string, step: number) => ({ mark: name, step, epoch: step / 10, text: '' })
    const marks = [mark('best', 10), mark('best', 20), mark('lr-decay', 20), mark('checkpoint', 20)]
    const { user } = await tab([LOSS], {}, { detail: { marks: [...marks, mark('resume', 25)] } })
    const summary = (): string | null | undefined =>
      byRole('group', /^Classification loss/)
        .querySelector('canvas')
        ?.getAttribute('aria-label')
    expect(summary()).toBe(
      'Classification loss: training ends at 0.5000. Marks: best, rate down at 2, resumed at 2.500.',
    )
    const seen: (string | undefined)[] = []
    for (const axis of ['Step', 'Step, relative', 'Images', 'Time with pauses']) {
      await user.selectOptions(byRole('combobox', 'Horizontal axis'), axis)
      seen.push(summary()?.split('Marks: ')[1])
    }
    // What happened after the last point lies at the last point in images and time.
    expect(seen).toEqual([
      'best, rate down at 20, resumed at 25.',
      'best, rate down at 10, resumed at 15.',
      'best, rate down, resumed at 1280.',
      'best, rate down, resumed at 9.',
    ])
  })

  it('asks for the finer points of a range that is zoomed to, until the whole is wanted', async () => {
    const { user, paramsOf } = await tab([LOSS])
    const whole = byRole('button', 'Whole range')
    expect(whole.title).toBe('Drag in a chart to zoom; double-click resets')
    byRole('group', /^Classification loss/).focus()
    await user.keyboard('+')
    await waitFor(() => expect(paramsOf('runs.curves').at(-1)).toHaveProperty('from'))
    expect(paramsOf('runs.curves').at(-1)).toMatchObject({ from: 1.15, to: 1.85, along: 'epoch' })
    await user.click(whole)
    await waitFor(() => expect(paramsOf('runs.curves').at(-1)).not.toHaveProperty('from'))
  })

  it('has the service smooth when the slider rests, and says so', async () => {
    const shown = await tab([LOSS], {
      'runs.curves': ({ keys, smoothing }) =>
        keys.map((key) => curve(key, [1, 0.5], smoothing > 0 ? { smooth: [1, 0.9] } : {})),
    })
    const slider = byRole('slider', 'Smoothing') as HTMLInputElement
    slider.value = '0.8'
    slider.dispatchEvent(new Event('input', { bubbles: true }))
    await waitFor(() => expect(shown.paramsOf('runs.curves').at(-1)?.smoothing).toBe(0.8))
    await settled()
    expect(shown.text()).toContain('smoothed 0.8, raw values faint')
    await showTable(shown, 'Classification loss')
    expect(table('Classification loss')).toEqual([
      'Series|Epoch|Classification loss|Before smoothing',
      'training|1|1|1',
      'training|2|0.9|0.5',
    ])
    // News goes on with the moving average: 0.8 of 0.9 and 0.2 of 0.4.
    await shown.news('run.metrics', { id, step: 30, epoch: 3, values: { [LOSS]: 0.4 } })
    await waitFor(() => expect(table('Classification loss')).toHaveLength(4))
    const [, epoch, smooth, raw] = table('Classification loss').at(-1)?.split('|').map(Number) ?? []
    expect([epoch, smooth?.toFixed(6), raw]).toEqual([3, '0.800000', 0.4])
  })

  it('says what thinning left out, and where values were not finite', async () => {
    const { text } = await tab([LOSS, RATE], {
      'runs.curves': () => [curve(LOSS, [1, null], { total: 120_000 }), curve(RATE)],
    })
    expect(text()).toContain('shown 2 of 120,000 points, extremes kept; crosses: values that were not finite')
  })

  it('goes on with the news of this run, and with a measure that is new', async () => {
    const shown = await tab([LOSS])
    await showTable(shown, 'Classification loss')
    await shown.news('run.metrics', { id: 'b'.repeat(64), step: 30, epoch: 3, values: { [LOSS]: 9 } })
    await shown.news('run.metrics', { id, step: 30, epoch: 3, values: { [LOSS]: 0.25, [RATE]: 0.1 } })
    await waitFor(() => expect(table('Classification loss').at(-1)).toBe('training|3|0.25'))
    expect(table('Classification loss')).toHaveLength(4)
    await settled()
    expect(titles()).toEqual(['Classification loss', 'Learning rate'])
  })

  it('asks for all curves again when the run changes its state', async () => {
    const { change, paramsOf } = await tab([LOSS])
    expect(paramsOf('runs.curves')).toHaveLength(1)
    await change({ detail: detailOf({ ...first, summary: { ...first.summary, status: 'stopped' } }, [LOSS]) })
    expect(paramsOf('runs.curves')).toHaveLength(2)
  })

  it('saves all points of a chart, whatever was thinned for the screen', async () => {
    const blobs: Blob[] = []
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${blobs.push(blob as Blob)}`)
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue(undefined)
    // happy-dom cannot measure text, which the picture beside the numbers needs.
    const pen = { font: '', measureText: (words: string) => ({ width: 6 * words.length }) }
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(pen as never)
    const { user, paramsOf } = await tab([LOSS])
    await user.click(byRole('button', 'Classification loss: table and export'))
    await user.click(byRole('menuitem', 'Save numbers (CSV)'))
    await settled()
    expect(paramsOf('runs.curves').at(-1)).toMatchObject({ keys: [LOSS], points: 2_000_000 })
    expect(await blobs[0]?.text()).toBe(
      'Series,Epoch,Classification loss\r\ntraining,1,1\r\ntraining,2,0.5\r\n',
    )
  })

  it('draws a screen or two of very many charts, and finds the others by words', async () => {
    const keys = Array.from({ length: 60 }, (_, i) => `Training/part${i}/own`)
    const { user, text, paramsOf } = await tab(keys)
    expect(titles()).toHaveLength(24)
    expect(text()).toContain('24 of 60 charts')
    expect(paramsOf('runs.curves').at(-1)?.keys).toHaveLength(24)
    await user.click(byRole('button', 'Show 24 more'))
    await settled()
    await user.click(byRole('button', 'Show 12 more'))
    await settled()
    expect(titles()).toHaveLength(60)
    await user.type(byRole('searchbox', 'Search curves'), 'PART59 own')
    await settled()
    expect(titles()).toEqual(['Training/part59/own'])
    await user.type(byRole('searchbox', 'Search curves'), ' nothing')
    expect(text()).toContain('No curve matches.')
  })

  it('says that there are no numbers yet, or that they load', async () => {
    expect((await tab([])).text()).toContain('No numbers yet')
    await tab([LOSS], { 'runs.curves': () => new Promise(() => undefined) })
    expect(screen.getAllByRole('status').map((s) => s.textContent)).toContain('Loading curves')
  })

  it('shows what a live run brings before its record names it', async () => {
    await tab([], {}, { live: [LOSS] })
    expect(titles()).toEqual(['Classification loss'])
  })

  it('says why curves could not be loaded, and tries again', async () => {
    let isBroken = true
    const { user, text } = await tab([LOSS], {
      'runs.curves': (params) => {
        if (isBroken) throw new CotrainError({ code: 'internal', message: 'Damaged.', hint: 'Look at it.' })
        return curvesOf(params)
      },
    })
    expect(text()).toContain('Damaged.Look at it.')
    isBroken = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(titles()).toEqual(['Classification loss'])
  })
})
