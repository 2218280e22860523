import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import ScoreElsewhereDialog from '../../../../../src-renderer/features/run/actions/ScoreElsewhereDialog.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import { demoRuns } from '../../../../support/fake-renderer/made-up-runs.ts'
import { evaluationOf } from '../../../../support/fake-renderer/made-up-results.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'

const [first, second] = demoRuns()
if (first === undefined || second === undefined) throw new Error('no demo runs')
const run = first.summary
const id = run.id
const refuse = (message: string): never => {
  throw new CotrainError({ code: 'file-invalid', message, hint: 'Choose another set.' })
}

async function dialog(answers: Answers = {}) {
  const shown = await show(inApp(ScoreElsewhereDialog), { props: { open: false, run }, answers })
  await shown.change({ open: true })
  return shown
}
const data = (): HTMLSelectElement => byRole('combobox', 'Data') as HTMLSelectElement
const corruptions = (): HTMLElement => byRole('textbox', 'Corruptions')
const answersTo = (): HTMLInputElement => byRole('textbox', /^Or write its answers/) as HTMLInputElement
const score = (): HTMLElement => byRole('button', 'Score')
const write = (): HTMLElement => byRole('button', 'Write answers')

describe('the dialog that scores on other data', () => {
  it('offers its own data, the sets that are there, and a place', async () => {
    await dialog()
    expect([...data().options].map((option) => option.textContent?.trim())).toEqual([
      'its own (measures and corruptions that it lacks)',
      'MNIST digits: 70,000 grey images of 28 x 28 pixels in 10 classes',
      expect.stringMatching(/^In-silico V1: 2 sessions/),
      'a place on this machine…',
    ])
    expect(screen.queryByRole('button', { name: 'Write answers' })).toBeNull()
  })

  it('scores its own data under further corruptions, and tells its page', async () => {
    const { user, paramsOf, emitted, text } = await dialog()
    await user.type(corruptions(), 'fog, contrast:3-5')
    await user.click(score())
    await settled()
    expect(paramsOf('runs.evaluate')).toMatchObject([
      { ids: [id], data: null, conditions: { fog: [1, 2, 3, 4, 5], contrast: [3, 4, 5] }, ensemble: false },
    ])
    expect(emitted.map(({ name }) => name)).toEqual(['update:open', 'scored'])
    expect(text()).toContain('Scored; the scores stand under “Scores and notes”.')
  })

  it('says that nothing had to be scored', async () => {
    const { user, text } = await dialog({ 'runs.evaluate': () => [{ ...evaluationOf(first), scores: {} }] })
    await user.click(score())
    await settled()
    expect(text()).toContain('Every measure was there already.')
  })

  it('names a corruption that it does not know', async () => {
    const { user, paramsOf } = await dialog()
    await user.type(corruptions(), 'fog, fgo:2')
    expect(score().title).toBe('fgo:2 is no corruption')
    await user.click(score())
    expect(paramsOf('runs.evaluate')).toEqual([])
  })

  it('does not score by Enter with a corruption that it does not know', async () => {
    const { user, paramsOf } = await dialog()
    await user.type(corruptions(), 'fog, fgo:2{Enter}')
    await settled()
    expect(paramsOf('runs.evaluate')).toEqual([])
  })

  it('scores a registered set, all of it where that is wanted', async () => {
    const { user, paramsOf } = await dialog()
    await user.selectOptions(data(), 'MNIST digits')
    await user.selectOptions(byRole('combobox', 'What is scored or answered'), 'all')
    await user.click(score())
    await settled()
    expect(paramsOf('runs.evaluate')).toMatchObject([{ data: 'MNIST digits', part: 'all' }])
  })

  it('scores a place, which has to be named', async () => {
    const { user, paramsOf } = await dialog()
    await user.selectOptions(data(), 'a place on this machine…')
    expect(score().title).toBe('Name a place first')
    await user.type(byRole('textbox', 'Folder, archive or data file'), ' /data/letters ')
    await user.click(score())
    await settled()
    expect(paramsOf('runs.evaluate')).toMatchObject([{ data: '/data/letters', part: 'test' }])
  })

  it('scores all finished seeds of the setting as one network', async () => {
    const runs = [run, { ...second.summary, groupId: run.groupId }]
    const { user, paramsOf } = await dialog({ 'runs.list': () => ({ total: 2, runs }) })
    await user.click(byRole('checkbox', /as one network \(2 runs\)$/))
    await user.click(score())
    await settled()
    expect(paramsOf('runs.evaluate')).toMatchObject([{ ensemble: true }])
    expect(new Set(paramsOf('runs.evaluate')[0]?.ids)).toEqual(new Set([id, second.summary.id]))
  })

  it('writes the answers to the test part of an image set into a file', async () => {
    const { user, paramsOf, text, emitted } = await dialog()
    await user.selectOptions(data(), 'MNIST digits')
    expect(write().title).toBe('Name a file first')
    await user.type(answersTo(), ' /out/answers.npz ')
    await user.click(write())
    await settled()
    expect(paramsOf('runs.predict')).toMatchObject([
      { ids: [id], images: 'MNIST digits', part: 'test', to: '/out/answers.npz' },
    ])
    expect(text()).toContain('Answers to 24 images written to /out/answers.npz')
    expect(emitted).toEqual([{ name: 'update:open', values: [false] }])
  })

  it('answers to all images of a recording, which has no parts of its own', async () => {
    const { user, paramsOf } = await dialog()
    await user.selectOptions(data(), 'In-silico V1')
    await user.type(answersTo(), '/out/answers.csv')
    await user.click(write())
    await settled()
    expect(paramsOf('runs.predict')).toMatchObject([{ images: 'In-silico V1', part: null }])
  })

  it('takes the name of the new file from the dialog of the desktop', async () => {
    const { user, paramsOf } = await dialog({ 'app.choosePath': () => ({ path: '/chosen/a.h5' }) })
    await user.selectOptions(data(), 'MNIST digits')
    await user.click(byRole('button', 'Choose…'))
    await settled()
    expect(answersTo().value).toBe('/chosen/a.h5')
    expect(paramsOf('app.choosePath')).toMatchObject([{ kind: 'new-file', suggested: 'responses.npz' }])
  })

  it('says how far it is, of this work only, and cannot be started twice meanwhile', async () => {
    const { user, news, text, paramsOf } = await dialog({
      'runs.evaluate': () => new Promise(() => undefined),
    })
    await user.click(score())
    await news('data.progress', { job: 'score elsewhere', text: 'fog, severity 3', fraction: 0.42 })
    expect(text()).toContain('fog, severity 3, 42 %')
    await news('data.progress', { job: 'another', text: 'reading a set', fraction: null })
    expect(text()).not.toContain('reading a set')
    await user.click(score())
    expect(paramsOf('runs.evaluate')).toHaveLength(1)
  })

  it('stays open, says why it does not fit, and keeps what was chosen', async () => {
    const { user, emitted } = await dialog({ 'runs.evaluate': () => refuse('It has other classes.') })
    await user.selectOptions(data(), 'MNIST digits')
    await user.click(score())
    await settled()
    expect(screen.getByRole('alert').textContent).toBe(
      'It does not fitIt has other classes.Choose another set.',
    )
    expect(emitted).toEqual([])
    expect(data().value).toBe('MNIST digits')
  })

  it('says when the sets cannot be listed, and still scores its own data', async () => {
    const { text } = await dialog({ 'data.list': () => refuse('The registry is damaged.') })
    expect(text()).toContain('The registry is damaged.')
    expect(score().getAttribute('aria-disabled')).toBeNull()
  })
})
