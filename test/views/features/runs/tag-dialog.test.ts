import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import TagDialog from '../../../../src-renderer/features/runs/TagDialog.vue'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inApp } from '../in-app.ts'

const [a, b] = demoRuns().map(({ summary }) => summary)
if (a === undefined || b === undefined) throw new Error('no demo runs')
const tagged = { ...b, tags: ['demo', 'paper'] }
const dialog = (answers: Answers = {}) =>
  show(inApp(TagDialog), {
    props: { open: true, runs: [a, tagged], known: ['demo', 'paper', 'talk'] },
    answers,
  })
const field = (): HTMLElement => byRole('combobox', 'Tag')

describe('the dialog of tags', () => {
  it('counts the runs in its title', async () => {
    await show(inApp(TagDialog), { props: { open: true, runs: [a], known: [] } })
    expect(byRole('dialog', 'Tag 1 run').textContent).toContain('Add tag')
    await dialog()
    expect(byRole('dialog', 'Tag 2 runs').textContent).toContain('Add tag')
  })

  it('adds a tag to the runs that lack it, and closes', async () => {
    const { user, paramsOf, emitted } = await dialog()
    await user.type(field(), '  paper ')
    await user.click(byRole('button', 'Add tag'))
    await settled()
    expect(paramsOf('runs.annotate')).toEqual([{ id: a.id, tags: ['demo', 'paper'] }])
    expect(emitted).toEqual([{ name: 'update:open', values: [false] }])
  })

  it('adds by Enter', async () => {
    const { user, paramsOf } = await dialog()
    await user.type(field(), 'talk{Enter}')
    await settled()
    expect(paramsOf('runs.annotate').map(({ tags }) => tags)).toEqual([
      ['demo', 'talk'],
      ['demo', 'paper', 'talk'],
    ])
  })

  it('asks for a tag before it adds one', async () => {
    const { user, calls, emitted } = await dialog()
    await user.type(field(), '   ')
    const add = byRole('button', 'Add tag')
    expect([add.getAttribute('aria-disabled'), add.title]).toEqual(['true', 'Write a tag first'])
    await user.click(add)
    await user.type(field(), '{Enter}')
    expect(calls.filter(({ method }) => method === 'runs.annotate')).toEqual([])
    expect(emitted).toEqual([])
  })

  it('proposes tags that other runs have', async () => {
    await dialog()
    const list = document.getElementById(field().getAttribute('list') ?? '')
    expect([...(list?.querySelectorAll('option') ?? [])].map(({ value }) => value)).toEqual([
      'demo',
      'paper',
      'talk',
    ])
  })

  it('takes a tag away from the runs that have it, and stays open', async () => {
    const { user, paramsOf, emitted } = await dialog()
    expect(screen.getAllByRole('button', { name: /^Take/ }).map((x) => x.textContent)).toEqual([
      'Take demo away',
      'Take paper away',
    ])
    await user.click(byRole('button', 'Take paper away'))
    await settled()
    expect(paramsOf('runs.annotate')).toEqual([{ id: tagged.id, tags: ['demo'] }])
    expect(emitted).toEqual([])
  })

  it('says why a tag could not be kept', async () => {
    const { user, text } = await dialog({
      'runs.annotate': () => {
        throw new CotrainError({ code: 'internal', message: 'The disk is full.', hint: 'Make room.' })
      },
    })
    await user.type(field(), 'talk{Enter}')
    await settled()
    expect(text()).toContain('The disk is full.Make room.')
  })

  it('stays open with the tag when none could be kept', async () => {
    const { user, emitted } = await dialog({
      'runs.annotate': () => {
        throw new CotrainError({ code: 'internal', message: 'The disk is full.', hint: 'Make room.' })
      },
    })
    await user.type(field(), 'talk{Enter}')
    await settled()
    expect(emitted).toEqual([])
  })
})
