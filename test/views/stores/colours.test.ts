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
  const kept = () => shown.paramsOf('ui.set').filter(({ key }) => key === 'styles')
  return { ...shown, colours, kept }
}

/** The runs in pairs: two seeds of each setting. */
const inPairs: Showing = {
  answers: {
    'runs.list': () => ({
      total: IDS.length,
      runs: demoRuns().map(({ summary }, i) => ({ ...summary, groupId: `setting ${Math.floor(i / 2)}` })),
    }),
  },
}
const remembering = (values: Record<string, unknown>): Showing => ({
  answers: { ...inPairs.answers, 'ui.get': () => values },
})

describe('the styles of settings', () => {
  it('are given by age, differ, and are kept by the service', async () => {
    const { colours, kept } = await coloured()
    expect(colours.style(id(0)).token).toBe('--c0')
    const looks = IDS.map((i) => JSON.stringify(colours.style(i)))
    const settings = new Set(demoRuns().map(({ summary }) => summary.groupId))
    expect(new Set(looks).size).toBe(settings.size)
    expect(Object.keys(colours.slots).sort()).toEqual([...settings].sort())
    expect(kept()).toHaveLength(1)
    expect(kept()[0]?.value).toEqual(colours.slots)
  })

  it('are those of all their seeds, by the id of the setting or of a run', async () => {
    const { colours } = await coloured(inPairs)
    expect(IDS.map((i) => colours.style(i).token)).toEqual(
      [0, 0, 1, 1, 2, 2, 3, 3, 4].map((hue) => `--c${hue}`),
    )
    expect(colours.style('setting 3')).toEqual(colours.style(id(6)))
  })

  it('stay whatever comes and goes', async () => {
    const { colours, kept } = await coloured(remembering({ styles: { 'setting 3': 1 } }))
    expect([0, 1, 2, 3].map((i) => colours.slots[`setting ${i}`])).toEqual([0, 2, 3, 1])
    const before = colours.style(id(5))
    useRuns().drop(id(0))
    useRuns().drop(id(1))
    await settled()
    expect(colours.style(id(5))).toEqual(before)
    expect(kept()).toHaveLength(1)
  })

  it('are chosen by a person for all seeds, and differ from another setting of that hue', async () => {
    const { colours, kept } = await coloured(inPairs)
    colours.choose(id(1), 2)
    await settled()
    expect(colours.style(id(0))).toEqual(colours.style(id(1)))
    expect(colours.style(id(0)).token).toBe('--c2')
    expect(colours.style(id(0)).dash).not.toEqual(colours.style(id(4)).dash)
    expect(kept().at(-1)?.value).toMatchObject({ 'setting 0': 10, 'setting 1': 1, 'setting 2': 2 })
  })

  it('take over a colour that was chosen for a run before, and no other', async () => {
    const byRun = Object.fromEntries(IDS.map((run, place) => [run, place]))
    const { colours, kept } = await coloured(remembering({ colours: { ...byRun, [id(3)]: 6 } }))
    expect(colours.slots).toEqual({
      'setting 0': 0,
      'setting 1': 6,
      'setting 2': 1,
      'setting 3': 2,
      'setting 4': 3,
    })
    expect(kept()).toHaveLength(1)
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
