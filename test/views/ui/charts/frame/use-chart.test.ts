import { screen } from '@testing-library/dom'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { drawInTurn, drawNoMore } from '../../../../../src-renderer/ui/charts/frame/draw-queue.ts'
import HistogramChart from '../../../../../src-renderer/ui/charts/histogram/HistogramChart.vue'
import { useSettings } from '../../../../../src-renderer/stores/settings.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { drawCharts, drawn } from '../drawn-charts.ts'

const bins = [{ low: 0, high: 1, count: 4 }]
const props = { title: 'Responses', bins, xTitle: 'Spikes' }
const drawings = (): number => Number(document.querySelector('canvas')?.dataset['drawn'] ?? 0)

describe('a chart that is in view', () => {
  let restore = (): void => undefined
  beforeEach(() => (restore = drawCharts()))
  afterEach(() => restore())

  it('is drawn, and drawn again when its numbers or the theme change, several changes at once', async () => {
    const { change } = await show(HistogramChart, { props })
    await drawn()
    const first = drawings()
    void change({ xTitle: 'Spikes per image' })
    await change({ bins: [...bins, { low: 1, high: 2, count: 7 }] })
    await vi.waitFor(() => expect(drawings()).toBe(first + 1), 10_000)
    await useSettings().save({ theme: 'dark' })
    await vi.waitFor(() => expect(drawings()).toBe(first + 2), 10_000)
  })

  it('is drawn anew after it was shown as a table or was empty', async () => {
    const { user, change } = await show(HistogramChart, { props })
    await drawn()
    for (const _ of ['on', 'off']) {
      await user.click(byRole('button', 'Responses: table and export'))
      await user.click(byRole('menuitemcheckbox', 'Show as table'))
    }
    await drawn()
    await change({ bins: [] })
    expect(screen.queryByRole('img')).toBeNull()
    await change({ bins })
    await drawn()
    byRole('group', /^Responses/).focus()
    await settled()
    expect(drawings()).toBeGreaterThan(0)
  })
})

describe('a chart that is not in view', () => {
  it('is not drawn', async () => {
    const { change } = await show(HistogramChart, { props })
    await change({ xTitle: 'Spikes per image' })
    await new Promise((resolve) => requestAnimationFrame(resolve))
    expect(drawings()).toBe(0)
  })
})

describe('the queue of drawings', () => {
  it('draws each chart once however often it was asked, and none that is gone', async () => {
    const [first, second] = [vi.fn(), vi.fn()]
    drawInTurn(first)
    drawInTurn(second)
    drawInTurn(first)
    drawNoMore(second)
    await vi.waitFor(() => expect(first).toHaveBeenCalled(), 10_000)
    expect(first).toHaveBeenCalledTimes(1)
    expect(second).not.toHaveBeenCalled()
  })
})
