import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import DataView from '../../../../src-renderer/features/data/DataView.vue'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { DATA_SETS } from '../../../support/fake-renderer/made-up-data.ts'
import type { Answers, Showing } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inApp } from '../in-app.ts'

const [images, neural] = DATA_SETS
if (images === undefined || neural === undefined) throw new Error('no made-up sets')
const view = (id = '', answers: Answers = {}, more: Showing = {}) =>
  show(inApp(DataView), { props: { id }, answers, ...more })
const title = (): string => screen.getByRole('heading', { level: 2, name: /digits|V1/ }).textContent ?? ''
const chosenTab = (): string | null => screen.getByRole('tab', { selected: true }).textContent
const refuse = (message: string): never => {
  throw new CotrainError({ code: 'internal', message, hint: 'Look at the folder.' })
}

/** A drop as file managers make it: what it carries is readable as text. */
function drop(at: Element, texts: Record<string, string>): void {
  const event = new Event('drop', { bubbles: true, cancelable: true })
  const dataTransfer = { files: [], getData: (type: string) => texts[type] ?? '' }
  at.dispatchEvent(Object.assign(event, { dataTransfer }))
}

describe('the data', () => {
  it('shows the first set, or the one that is asked for', async () => {
    await view()
    expect(title()).toBe('MNIST digits')
    await view('insilico')
    expect(title()).toBe('In-silico V1')
    expect(byRole('link', /In-silico V1/).getAttribute('aria-current')).toBe('true')
  })

  it('does not show another set in place of one that is gone', async () => {
    const { text } = await view('removed-long-ago')
    expect(screen.queryByRole('heading', { level: 2, name: 'MNIST digits' })).toBeNull()
    expect(text()).toContain('This data set is gone')
    expect(screen.getAllByRole('link')).toHaveLength(2)
  })

  it('checks a set again, says what was found and lists the sets anew', async () => {
    const { user, paramsOf, text } = await view('insilico')
    await user.click(byRole('button', 'Check again'))
    await settled()
    expect(paramsOf('data.check')).toEqual([{ id: 'insilico' }])
    expect(paramsOf('data.list')).toHaveLength(2)
    expect(text()).toContain('1 warning, 1 note')
  })

  it('says what was found when checks in the background end', async () => {
    let set: typeof neural = { ...neural, unchecked: true }
    const { news, text } = await view('insilico', { 'data.list': () => [set] })
    await news('data.changed', { id: 'insilico' })
    expect(text()).not.toContain('was checked')
    set = neural
    await news('data.changed', { id: 'insilico' })
    expect(text()).toContain('In-silico V1 was checked, 1 warning, 1 note')
  })

  it('checks one at a time', async () => {
    const { user, paramsOf } = await view('mnist', { 'data.check': () => new Promise(() => undefined) })
    await user.click(byRole('button', 'Check again'))
    await user.click(byRole('button', 'Check again'))
    expect(paramsOf('data.check')).toHaveLength(1)
  })

  it('says why a set could not be checked', async () => {
    const { user, text } = await view('mnist', { 'data.check': () => refuse('A file cannot be read.') })
    await user.click(byRole('button', 'Check again'))
    await settled()
    expect(text()).toContain('A file cannot be read.Look at the folder.')
    expect(byRole('button', 'Check again').getAttribute('aria-disabled')).toBeNull()
  })

  it('removes a set after it has asked, and brings it back', async () => {
    let sets = [...DATA_SETS]
    const { user, paramsOf, text, where, change } = await view('insilico', {
      'data.list': () => sets,
      'data.remove': ({ id }) => {
        sets = sets.filter((set) => set.id !== id)
        return { ok: true }
      },
      'data.restore': () => {
        sets = [...DATA_SETS]
        return neural
      },
    })
    await user.click(byRole('button', 'Remove from the list'))
    await settled()
    expect(paramsOf('data.remove')).toEqual([])
    await user.click(byRole('button', 'Remove'))
    await settled()
    expect(paramsOf('data.remove')).toEqual([{ id: 'insilico' }])
    expect(text()).toContain('In-silico V1 was removed from the list; your own files were not touched.')
    expect(where()).toBe('/data')
    await change({ id: '' })
    expect(title()).toBe('MNIST digits')
    await user.click(byRole('button', 'Undo'))
    await settled()
    expect(paramsOf('data.restore')).toEqual([{ id: 'insilico' }])
    expect(where()).toBe('/data/insilico')
  })

  it('keeps a set that could not be removed, and says why', async () => {
    const { user, text } = await view('mnist', { 'data.remove': () => refuse('The registry is locked.') })
    await user.click(byRole('button', 'Remove from the list'))
    await settled()
    await user.click(byRole('button', 'Remove'))
    await settled()
    expect(text()).toContain('The registry is locked.')
    expect(text()).not.toContain('was removed')
    expect(title()).toBe('MNIST digits')
  })

  it('lists the sets anew when another window changed them', async () => {
    let sets = [images]
    const { news } = await view('', { 'data.list': () => sets })
    sets = [images, neural]
    await news('data.changed', { id: 'insilico' })
    expect(screen.getAllByRole('link')).toHaveLength(2)
  })

  it('opens a set that was just added where its problems are', async () => {
    const added = { ...neural, id: 'fresh', name: 'Fresh V1' }
    let sets = [...DATA_SETS]
    const { user, where, text, change } = await view('', {
      'data.list': () => sets,
      'data.inspect': () => ({
        ...{ kind: 'images' as const, format: 'mnist', summary: 'IDX files', needsMapping: false },
        ...{ tree: [], problems: [] },
      }),
      'data.add': () => {
        sets = [...DATA_SETS, added]
        return added
      },
    })
    await user.click(byRole('button', 'Add data'))
    await user.type(byRole('textbox', 'Folder or file on this machine'), '/data/fresh')
    await user.click(byRole('button', 'Look into it'))
    await settled()
    await user.click(byRole('button', 'Add and check'))
    await settled()
    expect(where()).toBe('/data/fresh')
    expect(text()).toContain('Fresh V1 was added, 1 warning, 1 note')
    await change({ id: 'fresh' })
    expect(title()).toBe('Fresh V1')
    expect(chosenTab()).toBe('Findings 2')
  })

  it('opens the dialog for what a preset lacks, with its area', async () => {
    const page = await view('', {}, { at: '/data?add=v4&wanted=V4+recording' })
    await settled()
    expect(byRole('dialog', 'Add data').textContent).toContain('Wanted: V4 recording.')
    expect(page.where()).toBe('/data')
  })

  it('looks into what is dropped on the page', async () => {
    const { paramsOf } = await view()
    drop(byRole('heading', 'Data'), { 'text/uri-list': 'file:///data/my%20set' })
    await settled()
    expect(byRole('dialog', 'Add data').textContent).toContain('/data/my set: 2 arrays')
    expect(paramsOf('data.inspect')).toEqual([{ path: '/data/my set' }])
  })

  it('says where to drop while something is dragged over it', async () => {
    const { text } = await view()
    byRole('heading', 'Data').dispatchEvent(new Event('dragover', { bubbles: true, cancelable: true }))
    await settled()
    expect(text()).toContain('Drop a folder or file to add it')
  })

  it('opens the import by its keys', async () => {
    const { user } = await view()
    await user.keyboard('{Control>}{Alt>}a{/Alt}{/Control}')
    await settled()
    expect(byRole('dialog', 'Add data').textContent).toContain('nothing in them is executed')
  })

  it('leads on when there are no sets', async () => {
    const { user, text } = await view('', {}, { state: 'empty' })
    expect(text()).toContain('No data added yet')
    const [, second] = screen.getAllByRole('button', { name: 'Add data' })
    await user.click(second ?? document.body)
    expect(byRole('dialog', 'Add data').textContent).toContain('Look into it')
  })

  it('says that it loads, why the sets could not be listed, and tries again', async () => {
    await view('', {}, { state: 'loading' })
    expect(screen.getAllByRole('status').map((s) => s.textContent)).toContain('Loading data sets')
    let isBroken = true
    const { user } = await view('', {
      'data.list': () => (isBroken ? refuse('The registry is damaged.') : [...DATA_SETS]),
    })
    expect(screen.getByRole('alert').textContent).toContain(
      'The data sets could not be listedThe registry is damaged.Look at the folder.',
    )
    isBroken = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(title()).toBe('MNIST digits')
  })
})
