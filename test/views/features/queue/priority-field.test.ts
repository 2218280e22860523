import { describe, expect, it } from 'vitest'
import PriorityField from '../../../../src-renderer/features/queue/PriorityField.vue'
import { byRole, show } from '../../../support/show.ts'

const NAME = 'Priority of V1 seed 2; higher ones start first'
const field = (): HTMLInputElement => byRole('spinbutton', NAME) as HTMLInputElement
const props = { name: 'V1 seed 2', priority: 3 }

/** What is sent after this is typed in place of the number and the field is left. */
async function sentFor(typed: string): Promise<unknown> {
  const { user, emitted } = await show(PriorityField, { props })
  await user.clear(field())
  await user.type(field(), typed)
  await user.tab()
  return emitted[0]?.values[0]
}

describe('the field of a priority', () => {
  it('shows the priority and sends another one when it is left', async () => {
    const { user, emitted } = await show(PriorityField, { props })
    expect(field().value).toBe('3')
    await user.clear(field())
    await user.type(field(), '12')
    expect(emitted).toEqual([])
    await user.tab()
    expect(emitted).toEqual([{ name: 'prioritise', values: [12] }])
  })

  it('keeps what is typed while the list is drawn anew', async () => {
    const { user, change } = await show(PriorityField, { props })
    await user.clear(field())
    await user.type(field(), '7')
    await change({ name: 'V1 seed 2 (again)', priority: 4 })
    const again = byRole('spinbutton', /again/) as HTMLInputElement
    expect(again.value).toBe('7')
  })

  it('sends nothing when the number stays the same', async () => {
    expect(await sentFor('3')).toBeUndefined()
  })

  it('rounds and keeps to numbers from -100 to 100', async () => {
    expect(await sentFor('2.6')).toBeUndefined()
    expect(await sentFor('4.4')).toBe(4)
    expect(await sentFor('250')).toBe(100)
    expect(await sentFor('-250')).toBe(-100)
  })

  it('reads an empty field as no priority', async () => {
    expect(await sentFor('{Backspace}')).toBe(0)
  })
})
