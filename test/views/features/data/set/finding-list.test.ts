import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import FindingList from '../../../../../src-renderer/features/data/set/FindingList.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import { DATA_SETS } from '../../../../support/fake-renderer/made-up-data.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'

type Finding = Result<'data.get'>['findings'][number]
const [, neural] = DATA_SETS
const finding = (code: string, more: Partial<Finding> = {}): Finding => ({
  ...{ code, severity: 'warning', message: `${code} happens.`, reason: 'It matters.', fix: 'Mend it.' },
  ...more,
})
const list = (findings: readonly Finding[], answers: Answers = {}) =>
  show(inApp(FindingList), { props: { set: { ...neural, findings } }, answers })
const messages = (): (string | undefined)[] =>
  screen.getAllByRole('listitem').map((li) => li.querySelector('strong')?.textContent)
const item = (code: string): HTMLElement => {
  const found = screen.getByText(`${code} happens.`).closest('li')
  if (found === null) throw new Error(`${code} is not listed`)
  return found
}
const press = (code: string, name: string): HTMLElement => within(item(code)).getByRole('button', { name })
const reason = (): HTMLElement => byRole('textbox', 'Reason')
const AT = new Date(2026, 2, 1).getTime()

describe('the findings of a set', () => {
  it('counts them and puts the grave ones first, those set aside last', async () => {
    const { text } = await list([
      finding('note', { severity: 'info' }),
      finding('aside', { severity: 'error', ignored: { reason: 'known', at: AT } }),
      finding('warn'),
      finding('bad', { severity: 'error' }),
    ])
    expect(text()).toContain('1 error, 1 warning, 1 note, 1 set aside')
    expect(messages()).toEqual(['bad happens.', 'warn happens.', 'note happens.', 'aside happens.'])
    expect(item('aside').textContent).toContain('Set aside 1 Mar 2026: known')
  })

  it('says where, why it matters and what to do', async () => {
    await list([finding('x', { where: { file: 'a.h5', session: 's1', part: 'test', field: 'responses' } })])
    expect(item('x').textContent).toContain(
      'Where: a.h5, session s1, part test, responsesIt matters.Mend it.',
    )
    expect(within(item('x')).getByRole('img').getAttribute('aria-label')).toBe('warning')
  })

  it('says that nothing was found', async () => {
    expect((await list([])).text()).toContain('The check found nothing to mention.')
  })

  it('leads to the images and units concerned', async () => {
    const one = finding('one', { where: { images: [3], units: ['u1'] } })
    const { user, emitted } = await list([one, finding('two')])
    await user.click(press('one', 'Show images'))
    await user.click(press('one', 'Show units'))
    expect(emitted).toEqual([
      { name: 'images', values: [one] },
      { name: 'units', values: [one] },
    ])
    expect(within(item('two')).queryByRole('button', { name: /^Show/ })).toBeNull()
  })

  it('sets a finding aside with a reason', async () => {
    const { user, paramsOf, emitted, text } = await list([finding('x', { key: 'x in s1' }), finding('y')])
    await user.click(press('x', 'Ignore…'))
    expect(document.activeElement).toBe(reason())
    expect(press('x', 'Set aside').title).toBe('Write a reason first: runs on this set carry it along')
    await user.type(reason(), '{Enter}')
    expect(paramsOf('data.ignore')).toEqual([])
    await user.type(reason(), 'known since 2024{Enter}')
    await settled()
    expect(paramsOf('data.ignore')).toEqual([{ id: 'insilico', key: 'x in s1', reason: 'known since 2024' }])
    expect(emitted).toEqual([{ name: 'changed', values: [] }])
    expect(text()).toContain('The finding was set aside')
    expect(screen.queryByRole('textbox')).toBeNull()
    expect(document.activeElement).toBe(item('x'))
  })

  it('asks for no reason any more after Cancel or Escape, and forgets what was typed', async () => {
    const { user, paramsOf } = await list([finding('x')])
    await user.click(press('x', 'Ignore…'))
    await user.type(reason(), 'because')
    await user.click(press('x', 'Cancel'))
    expect(screen.queryByRole('textbox')).toBeNull()
    await user.click(press('x', 'Ignore…'))
    expect((reason() as HTMLInputElement).value).toBe('')
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('textbox')).toBeNull()
    expect(paramsOf('data.ignore')).toEqual([])
  })

  it('gives the focus back to the finding after Escape', async () => {
    const { user } = await list([finding('x')])
    await user.click(press('x', 'Ignore…'))
    await user.keyboard('{Escape}')
    await settled()
    expect(item('x').contains(document.activeElement)).toBe(true)
  })

  it('counts a finding again', async () => {
    const { user, paramsOf, text } = await list([finding('x', { ignored: { reason: 'known', at: AT } })])
    await user.click(press('x', 'Count again'))
    await settled()
    expect(paramsOf('data.ignore')).toEqual([{ id: 'insilico', key: 'x', reason: '' }])
    expect(text()).toContain('The finding counts again')
  })

  it('keeps the reason when the service does not take it, and says why', async () => {
    const { user, emitted, text } = await list([finding('x')], {
      'data.ignore': () => {
        throw new CotrainError({ code: 'disk-full', message: 'The disk is full.', hint: 'Make room.' })
      },
    })
    await user.click(press('x', 'Ignore…'))
    await user.type(reason(), 'because{Enter}')
    await settled()
    expect(text()).toContain('The disk is full.Make room.')
    expect((reason() as HTMLInputElement).value).toBe('because')
    expect(emitted).toEqual([])
  })

  it('puts findings of one cause together, with what mends them, and undoes it', async () => {
    const silent = (session: string): Finding =>
      finding('no-test-trials', {
        ...{ severity: 'info', key: `no-test-trials @ ${session}`, where: { session } },
        message: `Session ${session}: The session names no test trials.`,
      })
    const { user, paramsOf, emitted, text } = await list([silent('a'), silent('b'), silent('c')], {
      'data.mend': () => neural ?? never(),
    })
    expect(text()).toContain('1 note')
    expect(messages()[0]).toBe('No test trials: 3 sessions')
    const button = screen.getByRole('button', { name: 'Set 20 % as test, seed 1' })
    button.focus()
    await user.keyboard('{Enter}')
    await settled()
    const fix = { kind: 'test-share', share: 0.2, seed: 1 }
    expect(paramsOf('data.mend')).toEqual([{ id: 'insilico', fix, checks: 'later' }])
    expect(emitted).toEqual([{ name: 'changed', values: [] }])
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    await settled()
    expect(paramsOf('data.mend')[1]).toEqual({ id: 'insilico', fix: { ...fix, share: 0 } })
    await user.click(screen.getByRole('button', { name: 'Ignore…' }))
    await user.type(reason(), 'scored by validation{Enter}')
    await settled()
    expect(paramsOf('data.ignore').map((p) => p['key'])).toEqual(
      ['a', 'b', 'c'].map((session) => `no-test-trials @ ${session}`),
    )
  })

  it('has values treated as missing; Undo brings the earlier set back', async () => {
    const { user, paramsOf } = await list([finding('x', { missing: [-999, 'inf'] })], {
      'data.mend': () => ({ ...(neural ?? never()), id: 'insilico-2' }),
    })
    await user.click(press('x', 'Treat as missing'))
    await settled()
    expect(paramsOf('data.mend')).toMatchObject([{ fix: { kind: 'missing', values: [-999, 'inf'] } }])
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    await settled()
    expect(paramsOf('data.remove')).toEqual([{ id: 'insilico-2' }])
    expect(paramsOf('data.restore')).toEqual([{ id: 'insilico' }])
  })
})

const never = (): never => {
  throw new Error('no made-up recording')
}
