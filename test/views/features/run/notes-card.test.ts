import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import NotesCard from '../../../../src-renderer/features/run/NotesCard.vue'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'
import { byRole, show } from '../../../support/show.ts'

const [first] = demoRuns()
if (first === undefined) throw new Error('no demo run')
const run = { ...first.summary, note: 'Reference.', tags: ['demo', 'paper'] }
const card = () => show(NotesCard, { props: { run } })
const note = (): HTMLTextAreaElement => byRole('textbox', 'Note') as HTMLTextAreaElement
const newTag = (): HTMLInputElement => byRole('textbox', 'New tag') as HTMLInputElement

describe('the notes of a run', () => {
  it('shows the note and saves it when the field is left', async () => {
    const { user, emitted } = await card()
    expect(note().value).toBe('Reference.')
    await user.type(note(), ' Seed 3 is odd.')
    expect(emitted).toEqual([])
    await user.tab()
    expect(emitted).toEqual([{ name: 'annotate', values: [{ note: 'Reference. Seed 3 is odd.' }] }])
  })

  it('takes over a note that was written elsewhere', async () => {
    const { change } = await card()
    await change({ run: { ...run, note: 'Written in another window.' } })
    expect(note().value).toBe('Written in another window.')
  })

  it('keeps what is being typed when the run changes otherwise', async () => {
    const { user, change } = await card()
    await user.type(note(), ' And')
    await change({ run: { ...run, epoch: 7 } })
    expect(note().value).toBe('Reference. And')
  })

  it('adds a tag by Enter or by its button, trimmed, and empties the field', async () => {
    const { user, emitted } = await card()
    await user.type(newTag(), ' talk {Enter}')
    expect(newTag().value).toBe('')
    await user.type(newTag(), 'poster')
    await user.click(byRole('button', 'Add tag'))
    expect(emitted.map(({ values }) => values[0])).toEqual([
      { tags: ['demo', 'paper', 'talk'] },
      { tags: ['demo', 'paper', 'poster'] },
    ])
  })

  it('adds no tag that is there or empty', async () => {
    const { user, emitted } = await card()
    await user.type(newTag(), 'paper{Enter}')
    await user.type(newTag(), '   {Enter}')
    expect(emitted).toEqual([])
  })

  it('takes a tag away', async () => {
    const { user, emitted } = await card()
    await user.click(byRole('button', 'Remove tag demo'))
    expect(emitted).toEqual([{ name: 'annotate', values: [{ tags: ['paper'] }] }])
    expect(screen.getAllByRole('button', { name: /^Remove tag/ })).toHaveLength(2)
  })
})
