import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { wireConfig } from '../../../../../src-shared/contract/run.ts'
import type { Offer } from '../../../../../src-shared/contract/calls/config.ts'
import PresetsDialog from '../../../../../src-renderer/features/editor/recipes/PresetsDialog.vue'
import { useEditor } from '../../../../../src-renderer/stores/editor.ts'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import { COTRAINED_YAML, configOf } from '../../../../support/fake-renderer/made-up-configs.ts'
import type { Answers, Shown } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { words } from '../../compare/small-comparison.ts'
import { inApp } from '../../in-app.ts'

const config = wireConfig.parse(configOf(COTRAINED_YAML))
const images = { part: 'img_classification', name: 'Tiny ImageNet', state: 'missing', standIn: null } as const
const standIn = { set: 'lab V1', path: 'dataset.config.v1_dataset_dict.dataset', value: 'lab V1' }
const recording = { part: 'v1', name: 'V1 recording (CSRF19_V1)', state: 'there', standIn } as const
const made = { part: 'v1', name: 'V1 responses, simulated', state: 'made', standIn: null } as const

const base: Omit<Offer, 'id'> = { kind: 'preset', needs: [], asks: [], runs: 1, config, seconds: null }
const OFFERS: Offer[] = [
  { ...base, id: 'demo-baseline', needs: [images] },
  { ...base, id: 'demo-cotrained', needs: [recording] },
  { ...base, id: 'sweep', kind: 'recipe', needs: [made], runs: 9, seconds: 95 },
  { ...base, id: 'asking', kind: 'recipe', asks: ['V1 run'], runs: 8, config: null },
]
const recipe = (id: string, title: string) => ({ id, title, description: `${title}?`, yaml: 'name: x\n' })
const recipes = [recipe('sweep', 'The sweep'), recipe('asking', 'The asking one')]

async function opened(answers: Answers = {}): Promise<Shown> {
  const page = await show(inApp(PresetsDialog), {
    props: { open: true },
    answers: { 'config.offers': () => OFFERS, 'recipes.list': () => recipes, ...answers },
  })
  await useEditor().loadPresets()
  await settled()
  return page
}
const offer = (title: string): HTMLElement => {
  const item = byRole('button', title).closest('li')
  if (item === null) throw new Error(`${title} is in no list`)
  return item
}

describe('presets by question', () => {
  it('say which data are there, and what is missing with the way to add it', async () => {
    await opened()
    expect(words(offer('Demo: classification only'))).toContain('Tiny ImageNet: missing')
    const link = within(offer('Demo: classification only')).getByRole('link', { name: 'Add Tiny ImageNet' })
    expect(link.getAttribute('href')).toBe('/data?add=images&wanted=Tiny+ImageNet')
    expect(words(offer('Demo: co-trained with V1'))).toContain('V1 recording (CSRF19_V1): there, as “lab V1”')
    expect(words(offer('The sweep'))).toContain('V1 responses, simulated: made by the app')
    expect(words(offer('The asking one'))).toContain('asks for: V1 run')
    expect(screen.getAllByRole('link')).toHaveLength(1)
  })

  it('say the time where it is known, and time it when asked', async () => {
    const page = await opened()
    expect(words(offer('The sweep'))).toContain('about 1 min 35 s for the first of 9 runs')
    expect(words(offer('Demo: co-trained with V1'))).toContain('not timed yet')
    expect(page.paramsOf('config.warmUp')).toEqual([])
    await page.user.click(byRole('button', 'Time it: Demo: co-trained with V1'))
    await settled()
    expect(page.paramsOf('config.warmUp')).toEqual([{ config }])
    // The fake's answer: 4 + 180 + 30 s, while another run works.
    expect(words(offer('Demo: co-trained with V1'))).toContain(
      'about 3 min 34 s; other runs worked meanwhile',
    )
  })

  it('do not time what has no data, and say why', async () => {
    const page = await opened()
    const button = byRole('button', 'Time it: Demo: classification only')
    expect(button.title).toBe('Its data are missing')
    await page.user.click(button)
    expect(page.paramsOf('config.warmUp')).toEqual([])
    expect(within(offer('The asking one')).queryByRole('button', { name: /Time it/ })).toBeNull()
  })

  it('open with the registered set that stands in', async () => {
    const page = await opened()
    await page.user.click(byRole('button', 'Demo: co-trained with V1'))
    expect(useEditor().config?.dataset.config).toMatchObject({ v1_dataset_dict: { dataset: 'lab V1' } })
    expect(configOf(COTRAINED_YAML).dataset.config).toMatchObject({
      v1_dataset_dict: { dataset: 'CSRF19_V1' },
    })
  })

  it('are listed while their data are looked for, and where that fails', async () => {
    const page = await opened({
      'config.offers': () => {
        throw new CotrainError({ code: 'internal', message: 'The library is damaged.', hint: 'Mend it.' })
      },
    })
    expect(page.text()).toContain('The library is damaged.')
    await page.user.click(byRole('button', 'Demo: classification only'))
    expect(useEditor().config?.name).toBe('demo baseline')
  })
})
