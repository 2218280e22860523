import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import AccountList from '../../../../../src-renderer/features/data/parts/AccountList.vue'
import PlaceForm from '../../../../../src-renderer/features/data/parts/PlaceForm.vue'
import PreviewGrid from '../../../../../src-renderer/features/data/parts/PreviewGrid.vue'
import type { LeftOut } from '../../../../../src-shared/contract/account.ts'
import { byRole, settled, show } from '../../../../support/show.ts'

describe('the account of a set', () => {
  const left = (name: string, severity: LeftOut['severity']): LeftOut => ({
    kind: 'file',
    name,
    count: 1,
    reason: 'it is no image.',
    fix: severity === 'note' ? '' : 'Convert it.',
    severity,
  })
  const account = (entries: readonly LeftOut[]) =>
    show(AccountList, {
      props: {
        account: {
          used: [
            { kind: 'image', name: 'images', content: '4,000 images' },
            { kind: 'session', name: 's1', content: '96 units' },
          ],
          left: entries,
        },
      },
    })
  const isOpen = (): boolean => document.querySelector('details')?.open === true

  it('says what is used, and that everything is', async () => {
    const { text } = await account([])
    expect(text()).toBe('image 4,000 imagessession s196 unitsEverything is used')
    expect(isOpen()).toBe(false)
  })

  it('says what is not used and why, folded away where nothing is lost', async () => {
    const { text } = await account([left('notes.txt', 'note')])
    expect(text()).toContain('Not used: 1, nothing is lost')
    expect(screen.getByRole('listitem', { hidden: true }).textContent?.trim()).toMatch(
      /^note: file notes\.txt is not used:\s+it is no image\.$/,
    )
    expect(isOpen()).toBe(false)
  })

  it('puts what matters most first, and opens where something is to be looked at', async () => {
    const { text } = await account([left('a', 'note'), left('b', 'warning'), left('c', 'error')])
    expect(text()).toContain('Not used: 3, to look at: 2')
    expect(isOpen()).toBe(true)
    expect(screen.getAllByRole('listitem').map((li) => li.querySelector('strong')?.textContent)).toEqual([
      'error: file c',
      'warning: file b',
      'note: file a',
    ])
    expect(screen.getAllByRole('listitem')[0]?.textContent).toMatch(/it is no image\.\s+Convert it\./)
  })
})

describe('the grid of images', () => {
  const image = (more: object) => ({ index: 3, label: '', png: 'AAAA', ...more })
  const grid = (images: readonly object[]) => show(PreviewGrid, { props: { images } })
  const items = (): (string | null)[] => screen.getAllByRole('listitem').map((li) => li.textContent)
  const names = (): (string | null)[] => screen.getAllByRole('img').map((img) => img.getAttribute('alt'))

  it('names each image by its response, its class or its place', async () => {
    await grid([
      image({ response: 1.2345, trials: 4, label: 'cat' }),
      image({ index: 4, response: 0, trials: 1 }),
      image({ index: 5, label: 'dog' }),
      image({ index: 6, response: null }),
    ])
    expect(items()).toEqual(['1.23', '0', 'dog', '#6'])
    expect(names()).toEqual([
      'Image 3, cat: mean response 1.23, 4 trials',
      'Image 4: mean response 0, 1 trial',
      'Image 5, dog',
      'Image 6',
    ])
  })

  it('takes images as bytes or as addresses', async () => {
    await grid([image({}), image({ index: 4, png: 'data:image/webp;base64,BB' })])
    expect(screen.getAllByRole('img').map((img) => img.getAttribute('src'))).toEqual([
      'data:image/png;base64,AAAA',
      'data:image/webp;base64,BB',
    ])
  })
})

describe('the form of a place', () => {
  const form = (answer: string | null = null) =>
    show(PlaceForm, {
      props: { modelValue: '/old', label: 'Folder', title: 'Find it' },
      answers: { 'app.choosePath': () => ({ path: answer }) },
    })
  const field = (): HTMLInputElement => screen.getByRole('textbox')
  async function drop(dataTransfer: object): Promise<void> {
    const event = new Event('drop', { bubbles: true, cancelable: true })
    field().dispatchEvent(Object.assign(event, { dataTransfer }))
    await settled()
  }

  it('takes what is typed, and is sent by Enter', async () => {
    const { user, emitted } = await form()
    await user.type(field(), '/new{Enter}')
    expect(emitted.at(-2)).toEqual({ name: 'update:modelValue', values: ['/old/new'] })
    expect(emitted.at(-1)).toEqual({ name: 'submit', values: [] })
  })

  it('takes what is chosen in the dialog, and keeps the old place when that is cancelled', async () => {
    const { user, emitted } = await form('/chosen')
    await user.click(screen.getByText('Choose'))
    await settled()
    expect(emitted.at(-1)).toEqual({ name: 'update:modelValue', values: ['/chosen'] })
    const cancelled = await form(null)
    await cancelled.user.click(screen.getByText('Choose'))
    await settled()
    expect(field().value).toBe('/old')
  })

  it('takes what is dropped: a file, an address or a path as text', async () => {
    await form()
    await drop({ files: [new File([], 'cats.zip')], getData: () => '' })
    expect(field().value).toBe('/dropped/cats.zip')
    await drop({ files: [], getData: (type: string) => (type === 'text/uri-list' ? 'file:///a%20b' : '') })
    expect(field().value).toBe('/a b')
    await drop({ files: [], getData: (type: string) => (type === 'text/plain' ? ' ~/cats ' : '') })
    expect(field().value).toBe('~/cats')
    await drop({ files: [], getData: () => 'some words' })
    expect(field().value).toBe('~/cats')
  })

  it('names its field without the word of its button', async () => {
    await form()
    expect(byRole('textbox', 'Folder').tagName).toBe('INPUT')
  })
})
