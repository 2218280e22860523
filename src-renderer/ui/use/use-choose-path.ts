import type { ParamsIn } from '../../../src-shared/contract/contract.ts'
import { call, hostKind, pathOf } from '../../api/client.ts'
import { useToasts } from '../../stores/toasts.ts'

type Question = ParamsIn<'app.choosePath'>

/** Paths from the person: by the dialog of the desktop app, by dropping; in a browser only by typing. */
export function useChoosePath() {
  const toasts = useToasts()
  /** Without it a view shows a box for the path. */
  const hasDialog = hostKind() === 'electron'

  /** The chosen path; null when the dialog was cancelled or could not be opened, which is then said. */
  async function choose(
    kind: Question['kind'],
    about: { readonly title?: string; readonly suggested?: string } = {},
  ): Promise<string | null> {
    let path: string | null = null
    await toasts.guard(async () => ({ path } = await call('app.choosePath', { kind, ...about })))
    return path
  }

  /** Paths of what was dropped; empty where the host does not tell them, as browsers do not. */
  async function pathsOfDrop({ dataTransfer }: DragEvent): Promise<readonly string[]> {
    const paths = await Promise.all([...(dataTransfer?.files ?? [])].map(pathOf))
    return paths.filter((path) => path !== null)
  }

  return { hasDialog, choose, pathsOfDrop }
}
