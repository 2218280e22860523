import { describe, expect, it } from 'vitest'
import { useColours } from '../../../src-renderer/stores/colours.ts'
import { useMemory } from '../../../src-renderer/stores/memory.ts'
import { useRuns } from '../../../src-renderer/stores/runs.ts'
import type { Showing } from '../../support/show.ts'
import { settled, show } from '../../support/show.ts'
import { demoRuns } from '../../support/fake-renderer/made-up-runs.ts'

const IDS = demoRuns().map(({ summary }) => summary.id)
const empty = (given: Showing = {}) => show({ render: () => null }, given)
const id = (i: number): string => IDS[i] ?? ''

async function coloured(given: Showing = {}) {
  const shown = await empty(given)
  const colours = useColours()
  await Promise.all([useRuns().load(), useMemory().load()])
  await settled()
  const kept = () => shown.paramsOf('ui.set').filter(({ key }) => key === 'colours')
  return { ...shown, colours, kept }
}

describe('the colours of runs', () => {
  it('are given by age, differ, and are kept by the service', async () => {
    const { colours, kept } = await coloured()
    expect(colours.style(id(0)).token).toBe('--c0')
    const looks = IDS.map((i) => JSON.stringify(colours.style(i)))
    expect(new Set(looks).size).toBe(9)
    expect(colours.style(id(8)).dash).not.toEqual(colours.style(id(0)).dash)
    expect(kept()).toHaveLength(1)
    expect(kept()[0]?.value).toEqual(colours.slots)
  })

  it('stay whatever comes and goes', async () => {
    const { colours, kept } = await coloured({ answers: { 'ui.get': () => ({ colours: { [id(3)]: 1 } }) } })
    expect(colours.slots[id(3)]).toBe(1)
    expect([0, 1, 2].map((i) => colours.slots[id(i)])).toEqual([0, 2, 3])
    const before = colours.style(id(5))
    useRuns().drop(id(0))
    await settled()
    expect(colours.style(id(5))).toEqual(before)
    expect(kept()).toHaveLength(1)
  })

  it('are chosen by a person', async () => {
    const { colours, kept } = await coloured()
    colours.choose(id(1), 5)
    await settled()
    expect(colours.style(id(1)).token).toBe('--c5')
    expect(kept().at(-1)?.value).toMatchObject({ [id(1)]: 5, [id(0)]: 0 })
  })

  it('are not kept before it is known what was kept', async () => {
    const { paramsOf } = await empty()
    const colours = useColours()
    await useRuns().load()
    await settled()
    expect(colours.style(id(1)).token).toBe('--c1')
    expect(paramsOf('ui.set')).toEqual([])
  })
})
