import { describe, expect, it, vi } from 'vitest'

vi.mock('electron', () => ({ Menu: { buildFromTemplate: (template: unknown) => template } }))
const { showRecent } = await import('../../../../../src-main/host/electron/electron-recent.ts')

const run = (n: number, name = `run ${n}`) => ({
  id: String(n).repeat(64),
  shortId: String(n).repeat(10),
  name,
  createdAt: n,
})

/** A service with these runs, and a system that keeps what it is shown. */
async function open(platform: NodeJS.Platform, { isPackaged = true } = {}) {
  let runs = [1, 2, 3, 4, 5, 6].map((n) => run(n))
  let tell = (): void => undefined
  const docks: { label: string; click: () => void }[][] = []
  const lists: ({ name: string; items: { title: string; program: string; args: string }[] }[] | null)[] = []
  const opened: string[] = []
  await showRecent({
    app: {
      isPackaged,
      dock: platform === 'darwin' ? { setMenu: (menu: never) => docks.push(menu) } : undefined,
      setJumpList: (list: never) => lists.push(list),
    } as never,
    service: {
      call: () => Promise.resolve({ total: runs.length, runs }),
      listen: (_name: string, handler: () => void) => (tell = handler),
    } as never,
    platform,
    program: 'C:\\CoTrain.exe',
    openRun: (id) => opened.push(id),
    log: (text) => expect.unreachable(text),
  })
  const become = async (next: typeof runs): Promise<void> => {
    runs = next
    tell()
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  return { docks, lists, opened, become }
}

describe('recent runs', () => {
  it('are in the menu of the dock, newest first, and open themselves', async () => {
    const { docks, lists, opened } = await open('darwin')
    expect(docks[0]?.map(({ label }) => label)).toEqual(['run 6', 'run 5', 'run 4', 'run 3', 'run 2'])
    docks[0]?.[1]?.click()
    expect([opened, lists]).toEqual([['5'.repeat(64)], []])
  })

  it('are links in the jump list, which names a run without a name by its id', async () => {
    const { lists, become } = await open('win32')
    await become([run(7, ' ')])
    expect(lists.at(-1)).toEqual([
      {
        type: 'custom',
        name: 'Recent runs',
        items: [
          {
            type: 'task',
            title: 'Run 7777777777',
            program: 'C:\\CoTrain.exe',
            args: `cotrain://runs/${'7'.repeat(64)}`,
          },
        ],
      },
    ])
    await become([])
    expect(lists.at(-1)).toBeNull()
  })

  it('are shown again only when they or their names changed', async () => {
    const { docks, become } = await open('darwin')
    await become([1, 2, 3, 4, 5, 6].map((n) => run(n)))
    expect(docks.length).toBe(1)
    await become([1, 2, 3, 4, 5, 6].map((n) => run(n, `renamed ${n}`)))
    expect(docks.length).toBe(2)
  })

  it('are shown nowhere where there is no such place, or the app is not installed', async () => {
    expect(await open('linux')).toMatchObject({ docks: [], lists: [] })
    expect(await open('win32', { isPackaged: false })).toMatchObject({ docks: [], lists: [] })
  })
})
