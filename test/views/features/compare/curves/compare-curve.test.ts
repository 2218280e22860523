import { screen } from '@testing-library/dom'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Curve } from '../../../../../src-shared/contract/run.ts'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import CompareCurve from '../../../../../src-renderer/features/compare/curves/CompareCurve.vue'
import { createChartLink } from '../../../../../src-renderer/ui/charts/line/chart-link.ts'
import { styleOf } from '../../../../../src-renderer/format/series-style.ts'
import type { Shown, Showing } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { drawCharts } from '../../../ui/charts/drawn-charts.ts'
import { catchFiles } from '../../../ui/charts/saved-files.ts'
import { COMPARISON, cells } from '../small-comparison.ts'

const METRIC = 'Validation/img_classification/eval'
const TITLE = 'Classification accuracy (validation)'
const HEIGHTS: Readonly<Record<string, number>> = {
  aaaaaaaaa1: 10,
  aaaaaaaaa2: 20,
  bbbbbbbbb1: 30,
  bbbbbbbbb2: 50,
}

function curve(id: string, more: Partial<Curve> = {}): Curve {
  const at = HEIGHTS[id] ?? 0
  const places = [0, 1, 2]
  return {
    id,
    key: METRIC,
    step: places.map((p) => 10 * p),
    epoch: places,
    images: places,
    seconds: places,
    elapsed: places,
    value: places.map((p) => at + p),
    start: 0,
    total: 3,
    min: at,
    max: at + 2,
    last: at + 2,
    ...more,
  }
}
const answers: Showing['answers'] = { 'runs.curves': ({ ids }) => ids.map((id) => curve(id)) }
const look = { axis: 'epoch', grouping: 'runs', spread: 'sd', hidden: new Set<string>() }
const props = {
  metric: METRIC,
  comparison: COMPARISON,
  look,
  hovered: null,
  smoothing: 0,
  styleOf: () => styleOf(0),
  link: createChartLink(),
  xLog: false,
  yLog: false,
  clips: false,
}
const opened = (more: Record<string, unknown> = {}, given: Showing = {}): Promise<Shown> =>
  show(CompareCurve, { answers, ...given, props: { ...props, ...more } })
const summary = (): string | null => screen.getByRole('img').getAttribute('aria-label')

describe('a curve that is not in view', () => {
  it('asks the service for nothing', async () => {
    const { calls, text } = await opened()
    expect(calls.filter(({ method }) => method === 'runs.curves')).toEqual([])
    expect(text()).toContain('Reading the curves …')
  })
})

describe('a curve of all compared runs', () => {
  let restore = (): void => undefined
  beforeAll(() => (restore = drawCharts()))
  afterAll(() => restore())

  it('asks for the points that a screen deserves and names runs of one name by their seed', async () => {
    const { paramsOf } = await opened()
    expect(paramsOf('runs.curves')).toEqual([
      {
        ids: ['aaaaaaaaa1', 'aaaaaaaaa2', 'bbbbbbbbb1', 'bbbbbbbbb2'],
        keys: [METRIC],
        along: 'epoch',
        places: ['epoch'],
        smoothing: 0,
        points: 800,
        reduce: 'extremes',
      },
    ])
    expect(summary()).toBe(
      `${TITLE}: plain, seed 1 ends at 12; plain, seed 2 ends at 22; joint, seed 1 ends at 32; ` +
        'joint, seed 2 ends at 52.',
    )
  })

  it('draws one line per setting over its seeds, with what the band means', async () => {
    const { paramsOf, text } = await opened({ look: { ...look, grouping: 'seeds' } })
    expect(paramsOf('runs.curves')[0]?.reduce).toBe('mean')
    expect(summary()).toBe(`${TITLE}: plain (n = 2) ends at 17; joint (n = 2) ends at 42.`)
    expect(text()).toContain('line: mean over seeds, band: standard deviation')
  })

  it('says where fewer runs are behind a mean', async () => {
    const short = { epoch: [0, 1], value: [20, 21], total: 2 }
    const { text } = await opened(
      { look: { ...look, grouping: 'seeds' } },
      {
        answers: { 'runs.curves': ({ ids }) => ids.map((id) => curve(id, id === 'aaaaaaaaa2' ? short : {})) },
      },
    )
    expect(summary()).toContain('plain (n = 2, 1 at the end) ends at 12')
    expect(text()).toContain('n drops from 2 on, where runs end earlier')
  })

  it('leaves hidden runs out and says when none is left that has the curve', async () => {
    const { change, text } = await opened({
      look: { ...look, hidden: new Set(['aaaaaaaaa1', 'bbbbbbbbb1']) },
    })
    expect(summary()).toBe(`${TITLE}: plain, seed 2 ends at 22; joint, seed 2 ends at 52.`)
    await change({ look: { ...look, hidden: new Set(Object.keys(HEIGHTS)) } })
    expect(text()).toContain('None of the shown runs has this curve.')
  })

  it('counts along the axis that was chosen', async () => {
    const { change, paramsOf, user } = await opened()
    await change({ look: { ...look, axis: 'relative' } })
    expect(paramsOf('runs.curves')[1]).toMatchObject({ along: 'relative', places: ['step'] })
    await user.click(byRole('button', `${TITLE}: table and export`))
    await user.click(byRole('menuitemcheckbox', 'Show as table'))
    const table = cells(byRole('table', ''))
    expect(table[0]).toEqual(['Series', 'Optimizer steps since the first', '%'])
    expect(table[3]).toEqual(['plain, seed 1', '20', '12'])
  })

  it('says beneath how it was smoothed and thinned', async () => {
    const { text } = await opened(
      { smoothing: 0.6 },
      {
        answers: {
          'runs.curves': ({ ids }) => ids.map((id) => curve(id, { smooth: [1, 2, 3], total: 1000 })),
        },
      },
    )
    expect(text()).toContain('smoothed 0.6, over all points; shown 12 of 4,000 points, extremes kept')
    expect(summary()).toContain('plain, seed 1 ends at 3;')
  })

  it('asks for finer points of a part that is looked at closely, where points were left out', async () => {
    const link = createChartLink()
    const { paramsOf } = await opened(
      { link },
      { answers: { 'runs.curves': ({ ids }) => ids.map((id) => curve(id, { total: 1000 })) } },
    )
    link.zoomTo([0.5, 1.5])
    await vi.waitFor(() => expect(paramsOf('runs.curves')).toHaveLength(2), 10_000)
    expect(paramsOf('runs.curves')[1]).toMatchObject({ from: 0.5, to: 1.5, points: 800 })
  })

  it('puts every point of each curve into files', async () => {
    const saved = catchFiles()
    const { user, paramsOf } = await opened()
    await user.click(byRole('button', `${TITLE}: table and export`))
    await user.click(byRole('menuitem', 'Save numbers (CSV)'))
    const { name, text } = await saved.only()
    saved.restore()
    expect(paramsOf('runs.curves')[1]).toMatchObject({ points: 2_000_000, reduce: 'extremes' })
    expect(name).toBe('classification-accuracy-validation-.csv')
    expect(text.split('\r\n')).toHaveLength(14)
  })

  it('draws nothing at wrong places while the curves along another axis are read', async () => {
    /** Like the service: of the places only those that were asked for. */
    const along = (asked: readonly string[], id: string): Curve => {
      const whole = curve(id)
      const kept = (place: 'epoch' | 'step'): number[] => (asked.includes(place) ? whole[place] : [])
      return { ...whole, epoch: kept('epoch'), step: kept('step') }
    }
    const { user, change, text } = await opened(
      {},
      {
        answers: {
          'runs.curves': ({ ids, places = [] }) =>
            places.includes('step')
              ? new Promise<Curve[]>(() => undefined)
              : ids.map((id) => along(places, id)),
        },
      },
    )
    await user.click(byRole('button', `${TITLE}: table and export`))
    await user.click(byRole('menuitemcheckbox', 'Show as table'))
    await change({ look: { ...look, axis: 'step' } })
    expect(screen.queryByRole('table')).toBeNull()
    expect(text()).toContain('Reading the curves …')
  })

  const refused: Showing = {
    answers: {
      'runs.curves': () => {
        throw new CotrainError({ code: 'internal', message: 'The events are damaged.', hint: 'Repair them.' })
      },
    },
  }

  it('shows why curves could not be read', async () => {
    await opened({}, refused)
    expect(screen.getByRole('alert').textContent).toContain('The events are damaged.')
    expect(screen.getByRole('alert').textContent).toContain('Repair them.')
  })

  it('does not say that it is still reading after the service refused', async () => {
    const { text } = await opened({}, refused)
    await settled()
    expect(text()).not.toContain('Reading the curves …')
  })
})
