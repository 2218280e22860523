import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import MappingForm from '../../../../../src-renderer/features/data/add/MappingForm.vue'
import type { MappingDraft } from '../../../../../src-renderer/features/data/add/mapping.ts'
import { EMPTY_MAPPING, guessMapping } from '../../../../../src-renderer/features/data/add/mapping.ts'
import { useMemory } from '../../../../../src-renderer/stores/memory.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp, stores } from '../../in-app.ts'

const arrays = [
  { path: 'stimuli', shape: [4000, 28, 36], type: 'uint8' },
  { path: 'responses', shape: [96, 4000], type: 'float32' },
  { path: 'trials/image_ids', shape: [9000], type: 'int32' },
  { path: 'trial_responses', shape: [9000, 96], type: 'float32' },
  { path: 'test_responses', shape: [96, 200], type: 'float32' },
]
const guessed = guessMapping(arrays.slice(0, 2))
const form = (draft: Partial<MappingDraft> = {}) =>
  show(inApp(MappingForm), { props: { modelValue: { ...guessed, ...draft }, arrays } })
const choice = (name: string): HTMLSelectElement => byRole('combobox', name) as HTMLSelectElement
const axes = (of: string): HTMLInputElement => byRole('textbox', `Axes of the ${of}`) as HTMLInputElement
const status = (): string | undefined =>
  screen.getAllByRole('status')[0]?.textContent?.replaceAll(/\s+/g, ' ').trim()

describe('the form of a mapping', () => {
  it('shows which arrays and axes were guessed, and what they come to', async () => {
    await form()
    expect(choice('Array of Images').selectedOptions[0]?.text.trim()).toBe('stimuli (uint8, 4000 x 28 x 36)')
    expect(choice('Array of Responses').selectedOptions[0]?.text.trim()).toBe(
      'responses (float32, 96 x 4000)',
    )
    expect([axes('images').value, axes('responses').value]).toEqual(['ihw', 'ui'])
    expect(status()).toBe('4,000 images of 28 x 36 pixels, 96 units. Say where the units were recorded.')
  })

  it('guesses the axes anew for other arrays', async () => {
    const { user } = await form()
    await user.selectOptions(choice('Array of Responses'), 'trial_responses')
    expect(axes('responses').value).toBe('iu')
    await user.selectOptions(choice('Array of Image of each trial (optional)'), 'trials/image_ids')
    expect(axes('responses').value).toBe('tu')
    expect(status()).toMatch(/^4,000 images of 28 x 36 pixels, 96 units, 9,000 trials/)
  })

  it('says one after the other what is missing, until nothing is', async () => {
    const { user } = await form({ images: '', imageAxes: '' })
    const gap = (): string | undefined => document.querySelector('[role=status] span')?.textContent?.trim()
    expect(gap()).toBe('Say which array holds the images.')
    await user.selectOptions(choice('Array of Images'), 'stimuli')
    await user.clear(axes('images'))
    await user.type(axes('images'), 'ip')
    await user.tab()
    expect(gap()).toBe('Name one axis of the images for each of their dimensions.')
    await user.clear(axes('images'))
    await user.type(axes('images'), ' ihw ')
    await user.tab()
    await user.clear(axes('responses'))
    await user.type(axes('responses'), 'ti')
    await user.tab()
    expect(gap()).toBe('One axis of the responses must be the units (u).')
    await user.clear(axes('responses'))
    await user.type(axes('responses'), 'ut')
    await user.tab()
    expect(gap()).toBe('Trials need the array that says which image each one showed.')
    await user.clear(axes('responses'))
    await user.type(axes('responses'), 'ui')
    await user.tab()
    expect(gap()).toBe('Say where the units were recorded.')
    await user.selectOptions(choice('Area of the units'), 'V4')
    expect(gap()).toBeUndefined()
  })

  it('asks where ids count from once there are ids', async () => {
    const { user, emitted } = await form()
    expect(screen.queryByRole('combobox', { name: 'Ids count from' })).toBeNull()
    await user.selectOptions(choice('Array of Image of each trial (optional)'), 'trials/image_ids')
    const seen: unknown[] = []
    for (const from of ['1', '0', 'as they fit']) {
      await user.selectOptions(choice('Ids count from'), from)
      seen.push((emitted.at(-1)?.values[0] as MappingDraft).idsFrom)
    }
    expect(seen).toEqual([1, 0, ''])
  })

  it('keeps parts that most files lack out of the way, unless one is chosen', async () => {
    const { user } = await form()
    expect(screen.queryByRole('combobox', { name: /Test responses/ })).toBeNull()
    await user.click(byRole('button', /^More parts/))
    await user.selectOptions(choice('Array of Test responses (optional)'), 'test_responses')
    expect(axes('responses').value).toBe('ui')
    await user.click(byRole('button', 'Fewer parts'))
    expect(screen.queryByRole('combobox', { name: /Test responses/ })).toBeNull()
    await form({ unitIds: 'stimuli' })
    expect(choice('Array of Names of units (optional)').value).toBe('stimuli')
  })

  it('takes session, area and kind of the responses', async () => {
    const { user, emitted } = await form()
    await user.clear(byRole('textbox', 'Session'))
    await user.type(byRole('textbox', 'Session'), 'monkey 3')
    await user.tab()
    await user.selectOptions(choice('Area of the units'), 'V1')
    await user.selectOptions(choice('Responses are'), 'fluorescence (dF/F)')
    expect(emitted.at(-1)?.values[0]).toMatchObject({ session: 'monkey 3', area: 'V1', responseKind: 'dff' })
  })

  it('takes over what was said of the last file', async () => {
    const { user, emitted } = await form()
    expect(screen.queryByRole('button', { name: 'As the last time' })).toBeNull()
    useMemory(stores()).write('mapping', { images: 'stimuli', imageAxes: 'ihw', session: 'old', area: 'V4' })
    await settled()
    await user.click(byRole('button', 'As the last time'))
    expect(emitted.at(-1)?.values[0]).toEqual({
      ...EMPTY_MAPPING,
      images: 'stimuli',
      imageAxes: 'ihw',
      session: 'old',
      area: 'V4',
    })
  })
})
