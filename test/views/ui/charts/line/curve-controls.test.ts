import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { createChartLink } from '../../../../../src-renderer/ui/charts/line/chart-link.ts'
import CurveControls from '../../../../../src-renderer/ui/charts/line/CurveControls.vue'
import { byRole, show } from '../../../../support/show.ts'

const props = { axis: 'epoch', smoothing: 0.6, yLog: false }
const options = (): string[] => screen.getAllByRole('option').map((o) => o.textContent ?? '')

describe('the controls of all curves of a page', () => {
  it('offer every horizontal axis and forget the zoomed range when it changes', async () => {
    const link = createChartLink()
    link.zoomTo([2, 5])
    const { user, emitted } = await show(CurveControls, { props: { ...props, link } })
    expect(options()).toEqual([
      'Epoch',
      'Step',
      'Step, relative',
      'Images',
      'Time of work',
      'Time with pauses',
    ])
    await user.selectOptions(byRole('combobox', 'Horizontal axis'), 'Time of work')
    expect(emitted).toEqual([{ name: 'update:axis', values: ['time'] }])
    expect(link.range).toBeNull()
  })

  it('show the strength of smoothing with two decimals and tell it as a number', async () => {
    const { user, emitted, change } = await show(CurveControls, {
      props: { ...props, link: createChartLink() },
    })
    const slider = byRole('slider', 'Smoothing')
    expect(screen.getByRole('status').textContent).toBe('0.60')
    await change({ smoothing: 0.9 })
    expect(screen.getByRole('status').textContent).toBe('0.90')
    if (slider instanceof HTMLInputElement) slider.value = '0.25'
    slider.dispatchEvent(new Event('input'))
    expect(emitted).toEqual([{ name: 'update:smoothing', values: [0.25] }])
    await user.click(byRole('checkbox', 'log y'))
    await user.click(byRole('checkbox', 'clip outliers'))
    expect(emitted.slice(1).map(({ name, values }) => [name, ...values])).toEqual([
      ['update:yLog', true],
      ['update:clips', true],
    ])
  })

  it('offer a logarithmic horizontal axis only where a page wants it', async () => {
    const { user, emitted, change } = await show(CurveControls, {
      props: { ...props, link: createChartLink() },
    })
    expect(screen.queryByRole('checkbox', { name: 'log x' })).toBeNull()
    await change({ offersXLog: true })
    await user.click(byRole('checkbox', 'log x'))
    expect(emitted).toEqual([{ name: 'update:xLog', values: [true] }])
  })

  it('give the whole range back, and say how to zoom while there is nothing to give back', async () => {
    const link = createChartLink()
    const { user, change } = await show(CurveControls, { props: { ...props, link } })
    const button = byRole('button', 'Whole range')
    expect(button.getAttribute('aria-disabled')).toBe('true')
    expect(button.title).toBe('Drag in a chart to zoom; double-click resets')
    link.zoomTo([1, 3])
    await change({})
    expect(button.getAttribute('aria-disabled')).toBeNull()
    await user.click(button)
    expect(link.range).toBeNull()
  })
})
