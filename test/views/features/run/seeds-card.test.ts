import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import SeedsCard from '../../../../src-renderer/features/run/SeedsCard.vue'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { demoRuns, detailOf } from '../../../support/fake-renderer/made-up-runs.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inApp } from '../in-app.ts'

/** One of three runs of a setting, with seeds 1000, 2000 and 3000. */
const wide = demoRuns().filter(({ summary }) => summary.name === 'co-trained, wider')
const [first] = wide
if (first === undefined) throw new Error('no demo run')
const detail = detailOf(first, [])
const card = (answers: Answers = {}) => show(inApp(SeedsCard), { props: { detail }, answers })
const count = (): HTMLElement => byRole('spinbutton', /Complete to/)
const made = () => Promise.resolve({ id: 'a'.repeat(64), created: true, status: 'queued' as const })

describe('the seeds of a setting', () => {
  it('lists the runs of the setting by seed, with their state, and marks the one that is open', async () => {
    const { text } = await card()
    expect(text()).toContain('Seeds of this setting 3')
    const links = screen.getAllByRole('link')
    expect(links.map((link) => link.closest('li')?.textContent)).toEqual([
      'seed 1000 running',
      'seed 2000 queued',
      'seed 3000 queued',
    ])
    expect(links.map((link) => link.getAttribute('aria-current'))).toEqual(['page', null, null])
    expect(links[1]?.getAttribute('href')).toBe(`/runs/${wide[1]?.summary.id}`)
  })

  it('queues the seeds that are missing to five, counting on from the largest', async () => {
    const { user, paramsOf, text } = await card({ 'runs.create': made })
    await user.click(byRole('button', 'Queue seeds 3001, 3002'))
    await settled()
    expect(
      paramsOf('runs.create').map(({ config, force }) => [(config as { seed: number }).seed, force]),
    ).toEqual([
      [3001, false],
      [3002, false],
    ])
    expect(text()).toContain('2 runs queued')
  })

  it('asks for as many seeds as are wanted', async () => {
    const { user } = await card()
    await user.clear(count())
    await user.type(count(), '4')
    expect(byRole('button', 'Queue seed 3001').getAttribute('aria-disabled')).toBeNull()
    await user.clear(count())
    await user.type(count(), '3')
    const button = byRole('button', 'Queue seeds')
    expect([button.getAttribute('aria-disabled'), button.title]).toEqual([
      'true',
      'There are 3 seeds already',
    ])
  })

  it('says how many of the runs existed already', async () => {
    const { user, text } = await card({ 'runs.create': async () => ({ ...(await made()), created: false }) })
    await user.click(byRole('button', 'Queue seeds 3001, 3002'))
    await settled()
    expect(text()).toContain('2 of 2 runs exist already and were not repeated.')
    expect(text()).toContain('0 runs queued')
  })

  it('says why the service refused, and can be pressed again', async () => {
    const { user, text, paramsOf } = await card({
      'runs.create': () => {
        throw new CotrainError({ code: 'config-invalid', message: 'The data are gone.', hint: 'Find them.' })
      },
    })
    await user.click(byRole('button', 'Queue seeds 3001, 3002'))
    await settled()
    expect(text()).toContain('The data are gone.Find them.')
    expect(text()).not.toContain('runs queued')
    expect(paramsOf('runs.create')).toHaveLength(1)
    expect(byRole('button', 'Queue seeds 3001, 3002').getAttribute('aria-disabled')).toBeNull()
  })

  it('queues once at a time', async () => {
    const { user, paramsOf } = await card({ 'runs.create': () => new Promise(() => undefined) })
    await user.click(byRole('button', /^Queue seeds/))
    await settled()
    expect(byRole('button', /^Queue seeds/).title).toBe('They are being queued')
    await user.click(byRole('button', /^Queue seeds/))
    expect(paramsOf('runs.create')).toHaveLength(1)
  })

  it('leaves damaged runs out', async () => {
    const runs = wide.map(({ summary }, n) => ({ ...summary, readable: n !== 2 }))
    await card({ 'runs.list': () => ({ total: 3, runs }) })
    expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual(['seed 1000', 'seed 2000'])
  })
})
