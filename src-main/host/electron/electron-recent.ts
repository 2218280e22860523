import { Menu } from 'electron'
import type { App } from 'electron'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import type { RunningService } from '../../service/create-service.ts'
import { linkOfRun } from './run-link.ts'

const MOST_RUNS = 5
const LONGEST_TITLE = 60

type Recent = Pick<RunSummary, 'id' | 'name' | 'shortId' | 'createdAt'>

export interface RecentOptions {
  readonly app: Pick<App, 'dock' | 'isPackaged' | 'setJumpList'>
  readonly service: RunningService
  readonly platform: NodeJS.Platform
  /** What Windows starts for an entry of the jump list. */
  readonly program: string
  readonly openRun: (id: string) => void
  readonly log: (text: string) => void
}

/** The newest runs in the menu of the dock and in the jump list; systems with neither are left alone. */
export async function showRecent(options: RecentOptions): Promise<void> {
  const { app, service, platform, log } = options
  // https://www.electronjs.org/docs/latest/api/app: jump lists are of Windows, the dock is of macOS. What is not installed has no link.
  const hasJumpList = platform === 'win32' && app.isPackaged
  if (!hasJumpList && app.dock === undefined) return
  let shown = ''
  const showNewest = async (): Promise<void> => {
    const recent = newest((await service.call('runs.list', {})).runs)
    const text = JSON.stringify(recent.map((run) => [run.id, titleOf(run)]))
    if (text === shown) return
    shown = text
    if (hasJumpList) showJumpList(options, recent)
    else showInDock(options, recent)
  }
  // A list that cannot be read is told by the page; a short cut to it is no reason to end the app.
  const update = (): Promise<void> =>
    showNewest().catch((error: unknown) => log(`recent runs: ${String(error)}`))
  service.listen('runs.changed', () => void update())
  await update()
}

const newest = (runs: readonly Recent[]): readonly Recent[] =>
  [...runs].sort((a, b) => b.createdAt - a.createdAt).slice(0, MOST_RUNS)

const titleOf = ({ name, shortId }: Recent): string =>
  (name.trim() === '' ? `Run ${shortId}` : name.trim()).slice(0, LONGEST_TITLE)

function showInDock({ app, openRun }: RecentOptions, recent: readonly Recent[]): void {
  app.dock?.setMenu(
    Menu.buildFromTemplate(recent.map((run) => ({ label: titleOf(run), click: () => openRun(run.id) }))),
  )
}

function showJumpList({ app, program }: RecentOptions, recent: readonly Recent[]): void {
  const items = recent.map((run) => ({
    type: 'task' as const,
    title: titleOf(run),
    program,
    args: linkOfRun(run.id),
  }))
  app.setJumpList(items.length === 0 ? null : [{ type: 'custom', name: 'Recent runs', items }])
}
