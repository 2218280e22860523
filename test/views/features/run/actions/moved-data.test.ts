import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import MovedData from '../../../../../src-renderer/features/run/actions/MovedData.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { RunDataPlace } from '../../../../../src-shared/contract/run-answers.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'

const id = 'a'.repeat(64)
const place = (more: Partial<RunDataPlace> = {}): RunDataPlace => ({
  part: 'v1',
  option: 'data_dir',
  set: null,
  path: '/old/v1',
  present: false,
  copies: [],
  ...more,
})
const moved = (places: RunDataPlace[], status = 'finished', answers: Answers = {}) =>
  show(inApp(MovedData), {
    props: { run: { id, status } },
    answers: { 'runs.data': () => places, ...answers },
  })
const field = (): HTMLElement => byRole('textbox', /^Folder or file/)

describe('data of a run that have moved', () => {
  it('says nothing while all are where they were', async () => {
    const { text, paramsOf } = await moved([place({ present: true })])
    expect(text()).toBe('')
    expect(paramsOf('runs.data')).toEqual([{ id }])
  })

  it('says of a finished run that results need no data', async () => {
    const { text } = await moved([place()])
    expect(text()).toContain(
      'Its V1 responses are no longer in /old/v1. Results need no data; images cannot be shown.',
    )
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('says of a run that can go on that it needs them', async () => {
    const images = place({ part: 'img_classification', path: '/old/images' })
    const { user } = await moved([images], 'stopped')
    const alert = screen.getByRole('alert')
    expect(alert.textContent).toContain('/old/imagesData of this run are not where they were: images.')
    expect(alert.textContent).toContain('To go on, the run has to know where they are now.')
    await user.click(byRole('button', 'Find it again'))
    expect(byRole('dialog', 'Find it again').textContent).toContain('the images of this run')
  })

  it('has them looked for at another place and is quiet when they are found', async () => {
    const places = [place({ copies: [{ name: 'V1 of 2024', path: '/copies/v1' }] })]
    const { user, paramsOf, text } = await moved(places, 'finished', {
      'runs.relocate': ({ path }) => {
        places[0] = place({ path, present: true })
        return place({ path, present: true })
      },
    })
    await user.click(byRole('button', 'Find it again'))
    expect(byRole('dialog', 'Find it again').textContent).toContain(
      'Name the place of the V1 responses of this run.',
    )
    expect(byRole('dialog', 'Find it again').textContent).toContain('Known copies/copies/v1 V1 of 2024')
    await user.type(field(), ' /new/v1 ')
    await user.click(byRole('button', 'Check and use it'))
    await settled()
    expect(paramsOf('runs.relocate')).toEqual([{ id, path: '/new/v1' }])
    expect(text()).toContain('Found again: V1 responses.')
    expect(text()).not.toContain('no longer in')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('says why another content is not taken, and keeps the path that was typed', async () => {
    const { user } = await moved([place()], 'finished', {
      'runs.relocate': () => {
        throw new CotrainError({
          code: 'data-changed',
          message: 'These are other data.',
          hint: 'Look again.',
        })
      },
    })
    await user.click(byRole('button', 'Find it again'))
    await user.type(field(), '/other{Enter}')
    await settled()
    expect(screen.getByRole('alert').textContent).toBe('Nothing was changedThese are other data.Look again.')
    expect((field() as HTMLInputElement).value).toBe('/other')
  })

  it('wants a place first', async () => {
    const { user, paramsOf } = await moved([place()])
    await user.click(byRole('button', 'Find it again'))
    await user.type(field(), '  {Enter}')
    await user.click(byRole('button', 'Check and use it'))
    expect(byRole('button', 'Check and use it').title).toBe('Name a folder first')
    expect(paramsOf('runs.relocate')).toEqual([])
  })

  it('asks for each missing part by itself', async () => {
    const { user } = await moved([place(), place({ part: 'v4', option: 'v4_dir', path: '/old/v4' })])
    const [, second] = screen.getAllByRole('button', { name: 'Find it again' })
    await user.click(second ?? document.body)
    expect(byRole('dialog', 'Find it again').textContent).toContain('the V4 responses of this run')
  })
})
