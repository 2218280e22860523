import { screen, waitFor } from '@testing-library/dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import LogTab from '../../../../../src-renderer/features/run/details/LogTab.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Params, Result } from '../../../../../src-shared/contract/contract.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'
import { laidOut } from '../../laid-out.ts'

laidOut(500)
const id = 'a'.repeat(64)
const AT = new Date(2026, 2, 1, 9, 5, 7).getTime()
type Line = Result<'runs.log'>['lines'][number]
const line = (text: string, level = 'info'): Line => ({ at: AT, level, text })
const some = (): Line[] => [
  line('epoch 1 of 12'),
  line('Learning rate times 0.3', 'warn'),
  line('NaN', 'error'),
]
const LEVELS = ['debug', 'info', 'warn', 'error']

/** Answers like the service: by words, level and place. */
const logOf =
  (all: readonly Line[]) =>
  ({ search, level, limit, offset }: Params<'runs.log'>): Result<'runs.log'> => {
    const found = all.filter(
      (l) => l.text.includes(search) && LEVELS.indexOf(l.level) >= LEVELS.indexOf(level),
    )
    const from = offset ?? Math.max(0, found.length - limit)
    return { total: found.length, lines: found.slice(from, from + limit) }
  }
const tab = (all: readonly Line[] = some(), answers: Answers = {}) =>
  show(inApp(LogTab), { props: { id }, answers: { 'runs.log': logOf(all), ...answers } })
const lines = (): string[] => [...byRole('log', 'Log').querySelectorAll('p')].map((p) => p.textContent ?? '')

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the log of a run', () => {
  it('shows each line with its time, and the level of what is no mere information', async () => {
    const { text } = await tab()
    expect(lines()).toEqual([
      '09:05:07epoch 1 of 12',
      '09:05:07warnLearning rate times 0.3',
      '09:05:07errorNaN',
    ])
    expect(text()).toContain('3 lines')
  })

  it('finds lines by words', async () => {
    const { user } = await tab()
    await user.type(byRole('searchbox', 'Search the log'), 'epoch')
    await waitFor(() => expect(lines()).toEqual(['09:05:07epoch 1 of 12']))
  })

  it('shows warnings or errors only', async () => {
    const { user, text } = await tab()
    await user.click(byRole('radio', 'Warnings'))
    await waitFor(() => expect(text()).toContain('2 lines'))
    await user.click(byRole('radio', 'Errors'))
    await waitFor(() => expect(lines()).toEqual(['09:05:07errorNaN']))
  })

  it('says that nothing was logged, or that no line matches', async () => {
    const { user, text } = await tab([])
    expect(text()).toContain('Nothing was logged yet.')
    await user.click(byRole('radio', 'Errors'))
    expect(text()).toContain('No line matches.')
  })

  it('shows new lines of this run as they are logged', async () => {
    const all = some()
    const { news } = await tab(all)
    all.push(line('epoch 2 of 12'))
    await news('run.log', { id, level: 'info', text: 'epoch 2 of 12', at: AT })
    await waitFor(() => expect(lines().at(-1)).toBe('09:05:07epoch 2 of 12'), { timeout: 3000 })
    expect(lines()).toHaveLength(4)
  })

  it('fetches only a part of a long log', async () => {
    const { paramsOf, text } = await tab(Array.from({ length: 12_000 }, (_, i) => line(`step ${i}`)))
    expect(text()).toContain('12 000 lines')
    expect(paramsOf('runs.log').length).toBeLessThan(6)
    expect(paramsOf('runs.log').every(({ limit }) => limit === 500)).toBe(true)
  })

  it('copies every line that is found, in parts where there are very many', async () => {
    const { user, text, paramsOf } = await tab(Array.from({ length: 12_000 }, (_, i) => line(`step ${i}`)))
    await user.click(byRole('button', 'Copy'))
    await settled()
    const copied = (await navigator.clipboard.readText()).split('\n')
    expect(copied).toHaveLength(12_000)
    expect(copied.at(-1)).toBe(`${new Date(AT).toISOString()} info step 11999`)
    expect(paramsOf('runs.log').flatMap(({ limit, offset }) => (limit === 10_000 ? [offset] : []))).toEqual([
      0, 10_000,
    ])
    expect(text()).toContain('12 000 lines copied.')
  })

  it('says in the singular that a line is copied, and when it could not be', async () => {
    const { user, text } = await tab([line('epoch 1 of 12')])
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValueOnce(new Error('denied'))
    await user.click(byRole('button', 'Copy'))
    await settled()
    expect(text()).toContain('The text could not be copied')
    expect(text()).not.toContain('1 line copied.')
    write.mockRestore()
    await user.click(byRole('button', 'Copy'))
    await settled()
    expect(text()).toContain('1 line copied.')
  })

  it('saves the lines as a file', async () => {
    const names: string[] = []
    const blobs: Blob[] = []
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${blobs.push(blob as Blob)}`)
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download)
    })
    const { user } = await tab()
    await user.click(byRole('button', 'Save log'))
    await settled()
    expect(names).toEqual(['aaaaaaaaaa.log'])
    expect(await blobs[0]?.text()).toMatch(
      / info epoch 1 of 12\n.* warn Learning rate times 0\.3\n.* error NaN$/,
    )
  })

  it('says that it loads, and why it cannot be read', async () => {
    await tab([], { 'runs.log': () => new Promise(() => undefined) })
    expect(screen.getAllByRole('status').map((s) => s.textContent)).toContain('Loading the log')
    await tab([], {
      'runs.log': () => {
        throw new CotrainError({ code: 'file-missing', message: 'It was removed.', hint: 'Look there.' })
      },
    })
    expect(screen.getByRole('alert').textContent).toBe('It was removed.Look there.')
  })

  it('says why it could not be copied', async () => {
    let isBroken = false
    const { user, text } = await tab([], {
      'runs.log': (params) => {
        if (isBroken)
          throw new CotrainError({ code: 'internal', message: 'The disk is away.', hint: 'Plug it in.' })
        return logOf(some())(params)
      },
    })
    isBroken = true
    await user.click(byRole('button', 'Copy'))
    await settled()
    expect(text()).toContain('The disk is away.Plug it in.')
    expect(text()).not.toContain('copied')
  })

  it('is shown again once it can be read after all', async () => {
    let isBroken = true
    const { user, paramsOf } = await tab([], {
      'runs.log': (params) => {
        if (isBroken)
          throw new CotrainError({ code: 'internal', message: 'The disk is away.', hint: 'Plug it in.' })
        return logOf(some())(params)
      },
    })
    isBroken = false
    await user.click(byRole('radio', 'Warnings'))
    await waitFor(() => expect(paramsOf('runs.log').at(-1)?.level).toBe('warn'))
    await settled()
    expect(screen.queryByRole('alert')).toBeNull()
  })
})
