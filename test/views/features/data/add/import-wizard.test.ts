import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import ImportWizard from '../../../../../src-renderer/features/data/add/ImportWizard.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Params, Result } from '../../../../../src-shared/contract/contract.ts'
import { LOOK } from '../../../../support/fake-renderer/made-up-data.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'

type Found = Result<'data.inspect'>
const found = (more: Partial<Found> = {}): Found => ({
  ...{
    kind: 'images',
    format: 'mnist',
    summary: '60,000 images',
    needsMapping: false,
    tree: [],
    problems: [],
  },
  ...more,
})
const arrays = found({
  ...{ kind: 'recording', format: 'arrays', needsMapping: true },
  tree: [
    { path: 'stimuli', shape: [4000, 28, 28], type: 'uint8' },
    { path: 'responses', shape: [4000, 96], type: 'float32' },
  ],
})
const pickles = found({ kind: 'recording', format: 'session-pickle' })
const refuse = (message: string, hint = 'Look again.', asks: readonly string[] = []): never => {
  throw new CotrainError({ code: 'file-invalid', message, hint, asks })
}

const wizard = (is: Found = found(), answers: Answers = {}, props: object = {}) =>
  show(inApp(ImportWizard), {
    props: { open: true, initialPath: '', ...props },
    answers: { 'data.inspect': () => is, ...answers },
  })
type Shown = Awaited<ReturnType<typeof wizard>>
const path = (): HTMLInputElement => byRole('textbox', 'Folder or file on this machine') as HTMLInputElement
const add = (): HTMLElement => byRole('button', 'Add and check')
async function lookInto({ user }: Shown, place = '/data/mine'): Promise<void> {
  await user.type(path(), place)
  await user.click(byRole('button', 'Look into it'))
  await settled()
}
async function added({
  user,
  paramsOf,
}: Shown): Promise<Omit<Params<'data.add'>, 'job' | 'checks'> | undefined> {
  await user.click(add())
  await settled()
  const sent = paramsOf('data.add').at(-1)
  if (sent === undefined) return undefined
  const { job: _job, checks, ...rest } = sent
  expect(checks).toBe('later')
  return rest
}

describe('the import of data', () => {
  it('wants a path, then a look at it', async () => {
    const { text } = await wizard()
    expect(byRole('button', 'Look into it').title).toBe('Type a path first')
    expect(add().title).toBe('Look into the folder or file first')
    expect(text()).toContain('What can be added')
  })

  it('says what was found, takes a name, adds it and tells its page', async () => {
    const shown = await wizard()
    await lookInto(shown, ' /data/digits ')
    expect(shown.paramsOf('data.inspect')).toEqual([{ path: '/data/digits' }])
    expect(byRole('region', 'What was found').textContent).toContain('MNIST-like files (IDX). 60,000 images')
    expect(document.activeElement).toBe(byRole('region', 'What was found'))
    await shown.user.type(byRole('textbox', 'Name in the list'), ' My digits ')
    expect(await added(shown)).toEqual({ path: '/data/digits', name: 'My digits' })
    expect(shown.emitted.map(({ name }) => name)).toEqual(['update:open', 'added'])
    await shown.change({ open: true })
    expect(path().value).toBe('')
  })

  it('looks into a path by Enter', async () => {
    const { user, paramsOf } = await wizard()
    await user.type(path(), '/data/digits{Enter}')
    await settled()
    expect(paramsOf('data.inspect')).toEqual([{ path: '/data/digits' }])
  })

  it('looks at once into a path that is dropped on the page', async () => {
    const { change, paramsOf } = await wizard(found(), {}, { open: false, initialPath: '/data/dropped' })
    await change({ open: true })
    expect(paramsOf('data.inspect')).toEqual([{ path: '/data/dropped' }])
    expect(path().value).toBe('/data/dropped')
  })

  it('looks into what is chosen in the dialog of the desktop', async () => {
    const { user, paramsOf } = await wizard(found(), { 'app.choosePath': () => ({ path: '/chosen' }) })
    await user.click(byRole('button', 'File…'))
    await settled()
    expect(paramsOf('app.choosePath')).toMatchObject([{ kind: 'file', title: 'File to add' }])
    expect(paramsOf('data.inspect')).toEqual([{ path: '/chosen' }])
  })

  it('says that a drop does not tell its path', async () => {
    await wizard()
    const event = new Event('drop', { bubbles: true, cancelable: true })
    path().dispatchEvent(Object.assign(event, { dataTransfer: { files: [], getData: () => '' } }))
    await settled()
    expect(screen.getByRole('alert').textContent).toBe(
      'The browser does not tell where a dropped file lies.Type or paste its path above.',
    )
  })

  it('forgets what was found when the path is changed', async () => {
    const shown = await wizard()
    await lookInto(shown)
    await shown.user.type(path(), '2')
    expect(screen.queryByRole('region', { name: 'What was found' })).toBeNull()
    expect(add().title).toBe('Look into the folder or file first')
  })

  it('does not show what was found at a path that was changed meanwhile', async () => {
    let answer: (is: Found) => void = () => undefined
    const shown = await wizard(found(), { 'data.inspect': () => new Promise((done) => (answer = done)) })
    await lookInto(shown)
    await shown.user.type(path(), '-other')
    answer(found())
    await settled()
    expect(screen.queryByRole('region', { name: 'What was found' })).toBeNull()
  })

  it('says why nothing can be read there', async () => {
    const problem = { code: 'file-invalid', message: 'It holds no images.', hint: 'Look one folder up.' }
    const shown = await wizard(found({ kind: 'unknown', problems: [problem] }))
    await lookInto(shown)
    expect(screen.getByRole('alert').textContent).toBe('It holds no images.Look one folder up.')
    expect(add().title).toBe('Mend the problems first')
    expect(await added(shown)).toBeUndefined()
  })

  it('asks what the arrays of a file are, and remembers that', async () => {
    const shown = await wizard(arrays)
    await lookInto(shown)
    expect(add().title).toBe('Say where the units were recorded')
    expect(byRole('button', 'Preview').title).toBe('Say where the units were recorded')
    await shown.user.selectOptions(byRole('combobox', 'Area of the units'), 'V1')
    expect(await added(shown)).toEqual({
      ...{ path: '/data/mine', name: '' },
      mapping: {
        mapping: {
          version: 1,
          images: { array: 'stimuli', axes: 'ihw' },
          sessions: [{ key: 'session_1', area: 'V1', parts: [{ array: 'responses', axes: 'iu' }] }],
        },
      },
    })
    expect(shown.paramsOf('ui.set').map(({ key }) => key)).toContain('mapping')
  })

  it('sends area and options of a recording', async () => {
    const shown = await wizard(pickles)
    await lookInto(shown)
    await shown.user.selectOptions(byRole('combobox', 'Area of the units'), 'V4')
    const folder = screen.getByLabelText(/^Folder of the sessions/)
    await shown.user.clear(folder)
    await shown.user.type(folder, 'recordings')
    await shown.user.tab()
    expect(await added(shown)).toEqual({
      ...{ path: '/data/mine', name: '', area: 'v4' },
      mapping: { sessionsFolder: 'recordings' },
    })
  })

  it('asks for no area of images, and for a size when they have several', async () => {
    const shown = await wizard(found(), {
      'data.add': () => refuse('Images have 12 sizes.', 'Choose a size to which all are resized.', ['size']),
    })
    await lookInto(shown)
    expect(screen.queryByRole('combobox', { name: 'Area of the units' })).toBeNull()
    expect(screen.queryByRole('spinbutton', { name: 'Resize all images to (px)' })).toBeNull()
    await shown.user.click(add())
    await settled()
    await shown.user.type(byRole('spinbutton', 'Resize all images to (px)'), '64')
    expect(await added(shown)).toMatchObject({ mapping: { size: 64 } })
  })

  it('shows an option that a refusal asks for beside it, and keeps everything', async () => {
    const shown = await wizard(pickles, {
      'data.add': () =>
        refuse('Ids may count from 0 or from 1.', 'Say it, or look at the tiers.', ['idsFrom', 'fit']),
    })
    await lookInto(shown)
    await shown.user.type(byRole('textbox', 'Name in the list'), 'Mine')
    await shown.user.click(add())
    await settled()
    const alert = screen.getByRole('alert')
    expect(alert.textContent).toBe('Ids may count from 0 or from 1.Say it, or look at the tiers.')
    // What is asked for, where the importer has it; words of the hint are for the reader alone.
    const offered = alert.nextElementSibling?.querySelectorAll('.field')
    expect(offered).toHaveLength(1)
    expect(offered?.[0]?.textContent).toMatch(/^Ids count from/)
    expect((byRole('textbox', 'Name in the list') as HTMLInputElement).value).toBe('Mine')
    expect(shown.emitted).toEqual([])
  })

  it('shows what a set would become before it is added, until a choice changes', async () => {
    const shown = await wizard(pickles)
    await lookInto(shown)
    await shown.user.click(byRole('button', 'Preview'))
    await settled()
    expect(shown.paramsOf('data.look')[0]).toMatchObject({ path: '/data/mine', name: '' })
    expect(byRole('region', 'Preview').textContent).toContain('V1: 1 session, 96 units')
    await shown.user.selectOptions(byRole('combobox', 'Area of the units'), 'V4')
    expect(screen.queryByRole('region', { name: 'Preview' })).toBeNull()
  })

  it('does not show the preview of choices that were changed meanwhile', async () => {
    let answer: (look: Result<'data.look'>) => void = () => undefined
    const shown = await wizard(pickles, { 'data.look': () => new Promise((done) => (answer = done)) })
    await lookInto(shown)
    await shown.user.click(byRole('button', 'Preview'))
    await shown.user.selectOptions(byRole('combobox', 'Area of the units'), 'V4')
    expect(shown.paramsOf('data.cancel')).toEqual([{ job: shown.paramsOf('data.look')[0]?.job }])
    expect(byRole('button', 'Preview').getAttribute('aria-disabled')).toBeNull()
    answer(LOOK)
    await settled()
    expect(screen.queryByRole('region', { name: 'Preview' })).toBeNull()
  })

  it('says how far reading is, and can be stopped', async () => {
    let stop: () => void = () => undefined
    const shown = await wizard(found(), {
      'data.add': () =>
        new Promise((_done, fail) => {
          stop = () => fail(new CotrainError({ code: 'cancelled', message: 'Called off.', hint: '' }))
        }),
    })
    await lookInto(shown)
    await shown.user.click(add())
    const job = shown.paramsOf('data.add')[0]?.job ?? ''
    await shown.news('data.progress', { job, text: 'image 300 of 900', fraction: 1 / 3 })
    await shown.news('data.progress', { job: 'another', text: 'something else', fraction: 0.9 })
    expect(shown.text()).toContain('image 300 of 900')
    expect(byRole('progressbar', 'Progress of the import').getAttribute('aria-valuenow')).toBe('33')
    await shown.user.click(byRole('button', 'Stop'))
    expect(shown.paramsOf('data.cancel')).toEqual([{ job }])
    stop()
    await settled()
    expect(shown.text()).toContain('Stopped; nothing was added.')
    expect(screen.queryByRole('progressbar')).toBeNull()
    expect(shown.emitted).toEqual([])
  })

  it('calls the work off when it is closed, and keeps the path', async () => {
    const shown = await wizard(found(), { 'data.look': () => new Promise(() => undefined) })
    await lookInto(shown)
    await shown.user.click(byRole('button', 'Preview'))
    await shown.user.click(byRole('button', 'Cancel'))
    await settled()
    expect(shown.paramsOf('data.cancel')).toEqual([{ job: shown.paramsOf('data.look')[0]?.job }])
    await shown.change({ open: true })
    expect(path().value).toBe('/data/mine')
  })

  it('adds once at a time', async () => {
    const shown = await wizard(found(), { 'data.add': () => new Promise(() => undefined) })
    await lookInto(shown)
    await shown.user.click(add())
    await shown.user.click(add())
    expect(shown.paramsOf('data.add')).toHaveLength(1)
  })
})
