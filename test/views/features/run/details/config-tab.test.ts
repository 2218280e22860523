import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import ConfigTab from '../../../../../src-renderer/features/run/details/ConfigTab.vue'
import { demoRuns } from '../../../../support/fake-renderer/made-up-runs.ts'
import { byRole, settled, show } from '../../../../support/show.ts'

const [, cotrained] = demoRuns()
const tab = () => show(ConfigTab, { props: { config: cotrained?.config } })
const yaml = (): string => screen.getByLabelText('The options that were chosen, as YAML').textContent ?? ''
const optionOf = (path: string): string | undefined =>
  screen
    .getAllByRole('row')
    .find((row) => row.firstElementChild?.textContent?.trim() === path)
    ?.lastElementChild?.textContent?.trim()

describe('the config of a run', () => {
  it('shows the options that were chosen and no defaults', async () => {
    await tab()
    expect(yaml()).toMatch(/^name: demo co-trained$/m)
    expect(yaml()).toMatch(/^ +config: {width: 0\.25}$/m)
    expect(yaml()).toMatch(/^ +patience: 5$/m)
    expect(yaml()).not.toContain('lr_decay')
  })

  it('copies what it shows', async () => {
    const { user } = await tab()
    await user.click(byRole('button', 'Copy YAML'))
    await settled()
    expect(await navigator.clipboard.readText()).toBe(yaml())
  })

  it('shows every option with its value on request, and finds some by their path', async () => {
    const { user } = await tab()
    expect(screen.queryByRole('searchbox')).toBeNull()
    await user.click(byRole('checkbox', 'Show defaults too'))
    expect(screen.getAllByRole('row').length).toBeGreaterThan(40)
    expect(optionOf('trainer.config.max_iter')).toBe('12')
    expect(optionOf('trainer.config.loss_weighing')).toBe('yes')
    expect(optionOf('trainer.config.to_monitor')).toBe('classification, V1')
    await user.type(byRole('searchbox', 'Search options'), 'PATIENCE')
    expect(
      screen.getAllByRole('row').every((row) => row.textContent?.toLowerCase().includes('patience')),
    ).toBe(true)
    expect(optionOf('trainer.config.patience')).toBe('5')
  })
})
