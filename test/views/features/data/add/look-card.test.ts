import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import ImportOptions from '../../../../../src-renderer/features/data/add/ImportOptions.vue'
import ImportProgress from '../../../../../src-renderer/features/data/add/ImportProgress.vue'
import LookCard from '../../../../../src-renderer/features/data/add/LookCard.vue'
import { LOOK } from '../../../../support/fake-renderer/made-up-data.ts'
import { byRole, show } from '../../../../support/show.ts'

describe('the preview of a set', () => {
  const look = (more: object = {}) => show(LookCard, { props: { look: { ...LOOK, ...more } } })

  it('says what the set would hold, how it was read and what is left out', async () => {
    const { text } = await look()
    expect(byRole('region', 'Preview').textContent).toBe(text())
    expect(screen.getByRole('status').textContent).toBe('V1: 1 session, 96 units, 4,000 trials, 4,000 images')
    expect(screen.getByText('Ids count from').nextElementSibling?.textContent?.trim()).toBe(
      '0 (nothing else fits)',
    )
    expect(text()).toContain('Not used: 1, nothing is lost')
    expect(within(byRole('list', 'Images')).getAllByRole('img')).toHaveLength(12)
    expect(text()).toContain('Single trials of all units of the first session')
  })

  it('says of each session how its trials are split', async () => {
    await look({
      choices: [],
      sessions: [
        {
          ...{ session: 's1', area: 'V4', units: 12, trials: 400, images: 200, missing: 0 },
          ...{ repeats: { least: 1, mean: 2, most: 3 }, meanResponse: 0.5, fano: 1 },
          ...{ oracle: null, explainableVariance: null },
          tiers: [
            { name: 'training', trials: 300 },
            { name: 'test', trials: 100 },
          ],
        },
      ],
    })
    const cells = within(screen.getByRole('row', { name: /^s1/ })).getAllByRole('cell')
    expect(cells.slice(0, 6).map((cell) => cell.textContent?.trim())).toEqual([
      ...['V4, from the file', '12', '400', '300 training, 100 test', '200', '1 to 3'],
    ])
  })

  it('counts the findings and shows the gravest three', async () => {
    const finding = (message: string, severity: string) => ({
      ...{ code: message, severity, message, reason: '', fix: '' },
    })
    const { text } = await look({
      findings: [
        finding('n', 'info'),
        finding('w1', 'warning'),
        finding('w2', 'warning'),
        finding('e', 'error'),
      ],
    })
    expect(text()).toContain('1 error, 2 warnings, 1 note; all are listed after adding.')
    const shown = screen.getByText('e').closest('ul')
    expect([...(shown?.children ?? [])].map((li) => li.textContent?.trim())).toEqual(['e', 'w1', 'w2'])
  })

  it('draws no responses of images with classes', async () => {
    const { text } = await look({ responseHistogram: [], choices: [] })
    expect(text()).not.toContain('Responses')
  })
})

describe('the progress of an import', () => {
  it('says what is read and how far, and can be stopped', async () => {
    const { user, text, emitted } = await show(ImportProgress, {
      props: { text: 'session_2, 3 of 9', fraction: 0.333 },
    })
    expect(text()).toContain('session_2, 3 of 9')
    expect(byRole('progressbar', 'Progress of the import').getAttribute('aria-valuenow')).toBe('33')
    await user.click(byRole('button', 'Stop'))
    expect(emitted).toEqual([{ name: 'stop', values: [] }])
  })

  it('has words before there is news', async () => {
    const { text } = await show(ImportProgress, { props: { text: '', fraction: null } })
    expect(text()).toContain('reading')
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBeNull()
  })
})

describe('the options of an import', () => {
  const options = (more: object = {}) =>
    show(ImportOptions, { props: { modelValue: {}, kind: 'nwb', problems: [], ...more } })

  it('are those of the layout, with their defaults and limits', async () => {
    const { text } = await options()
    expect((byRole('textbox', /^Width of a bin/) as HTMLInputElement).value).toBe('100')
    expect(text()).toContain('Spikes are counted, or traces averaged, in each bin.')
    expect(screen.queryByLabelText(/^(Area|Name)\s*$/)).toBeNull()
  })

  it('are kept where they differ from their default only', async () => {
    const { user, emitted } = await options()
    const width = byRole('textbox', /^Width of a bin/)
    await user.clear(width)
    await user.type(width, '50')
    await user.tab()
    expect(emitted.at(-1)).toEqual({ name: 'update:modelValue', values: [{ binMs: 50 }] })
    await user.click(byRole('button', 'Reset Width of a bin'))
    expect(emitted.at(-1)).toEqual({ name: 'update:modelValue', values: [{}] })
  })

  it('can be some of them only, or all others', async () => {
    const some = await options({ only: ['binMs'] })
    expect(some.text()).toContain('Width of a bin')
    expect(some.text()).not.toContain('Start of the window')
    const others = await options({ except: ['binMs'] })
    expect(others.text()).not.toContain('Width of a bin')
    expect(others.text()).toContain('Start of the window')
  })
})
