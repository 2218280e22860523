import type { Result } from '../../../src-shared/contract/contract.ts'
import { useEditor } from '../../stores/editor.ts'
import { useToasts } from '../../stores/toasts.ts'
import { useViewCommands } from '../../ui/use/use-view-commands.ts'
import { presetText } from './recipes/use-offers.ts'

export interface EditorActions {
  readonly sides: readonly { readonly id: string; readonly label: string }[]
  /** Why nothing can be queued now; empty when it can. */
  readonly blocked: () => string
  readonly queue: () => void
  readonly vary: () => void
  readonly show: (side: string) => void
  readonly showPresets: () => void
  readonly showRecipe: (recipe: Result<'recipes.list'>[number]) => void
}

const group = 'Experiment'

/** What the command palette and the shortcuts can do in the editor. */
export function useEditorCommands({
  sides,
  blocked,
  queue,
  vary,
  show,
  showPresets,
  showRecipe,
}: EditorActions): void {
  const editor = useEditor()
  const toasts = useToasts()
  useViewCommands(() => [
    {
      id: 'queue run',
      title: 'Check and queue',
      group,
      keys: 'Mod+Enter',
      run: queue,
      blocked: blocked(),
    },
    { id: 'vary options', title: 'Vary options', group, run: vary, blocked: blocked() },
    { id: 'presets', title: 'Presets, with their data and time', group, run: showPresets },
    { id: 'undo', title: 'Undo', group, keys: 'Mod+Z', run: editor.undo },
    { id: 'redo', title: 'Redo', group, keys: 'Mod+Shift+Z Mod+Y', run: editor.redo },
    ...sides.map((s) => ({
      id: `side ${s.id}`,
      title: `Show ${s.label}`,
      group,
      run: () => show(s.id),
    })),
    ...editor.presets.map((p) => ({
      id: `preset ${p.id}`,
      title: `Open preset: ${p.title}`,
      group,
      run: () => void toasts.guard(async () => editor.open(await presetText(p), p.title)),
    })),
    ...editor.recipes.map((r) => ({
      id: `recipe ${r.id}`,
      title: `Queue recipe: ${r.title}`,
      group,
      run: () => showRecipe(r),
    })),
  ])
}
