import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { FormField } from '../../../../src-shared/schema/form.ts'
import RunField from '../../../../src-renderer/ui/fields/RunField.vue'
import { useRuns } from '../../../../src-renderer/stores/runs.ts'
import type { Showing } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'

const FIELD: FormField = {
  key: 'parent',
  kind: 'text',
  label: 'Parent',
  help: '',
  default: null,
  nullable: true,
  refersTo: 'run',
}
const RUNS = demoRuns().map(({ summary }) => summary)
const of = (status: string) => {
  const found = RUNS.find((r) => r.status === status)
  if (found === undefined) throw new Error(`no run is ${status}`)
  return found
}

async function shown(value: unknown, more: Showing = {}) {
  const page = await show(RunField, {
    ...more,
    props: { field: FIELD, value, id: 'f', invalid: false, describedBy: 'f-help' },
  })
  await useRuns().load()
  await settled()
  return page
}

describe('the field of a run to start from', () => {
  it('says the name and seed of the run behind an id, whole or begun', async () => {
    const { text, change } = await shown(of('finished').id)
    expect(text()).toContain(`${of('finished').name}, seed ${of('finished').seed}`)
    await change({ value: of('finished').shortId })
    expect(text()).toContain(`${of('finished').name}, seed ${of('finished').seed}`)
    expect(text()).not.toContain('must be finished')
  })

  it('says when a run is not finished, and when there is none', async () => {
    const { text, change } = await shown(of('failed').id)
    expect(text()).toContain('co-trained, rate 0.1, seed 1000 (failed: it must be finished)')
    await change({ value: 'zzz' })
    expect(text()).toContain('No run here has this id.')
    await change({ value: '' })
    expect(text()).toBe('Choose a run')
    await change({ value: null })
    expect(text()).toBe('Choose a run')
  })

  it('takes a typed id, and an empty one as not set', async () => {
    const { user, emitted } = await shown('')
    const box = screen.getByRole<HTMLInputElement>('textbox')
    expect(box.placeholder).toBe('not set')
    await user.type(box, 'abc')
    await user.tab()
    await user.clear(box)
    await user.tab()
    expect(emitted.map(({ values }) => values[0])).toEqual(['abc', null])
  })

  it('offers the finished runs alone and takes the chosen one by keys', async () => {
    const { user, emitted } = await shown('')
    await user.click(byRole('button', 'Choose a run'))
    expect(byRole('dialog', 'Parent: choose a finished run').textContent).toContain(of('finished').name)
    const finished = RUNS.filter((r) => r.status === 'finished')
    const options = screen.getAllByRole('option').map((o) => o.textContent)
    expect(options).toHaveLength(finished.length)
    for (const run of finished)
      expect(options.join()).toContain(`${run.name}, seed ${run.seed}${run.shortId}`)
    await user.keyboard(of('finished').shortId)
    expect(screen.getAllByRole('option')).toHaveLength(1)
    await user.keyboard('{Enter}')
    expect(emitted).toEqual([{ name: 'change', values: [of('finished').id] }])
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('says why there is nothing to choose', async () => {
    const { user } = await shown('', { state: 'empty' })
    const button = byRole('button', 'Choose a run')
    expect(button.getAttribute('aria-disabled')).toBe('true')
    expect(button.title).toBe('No run is finished yet')
    await user.click(button)
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})
