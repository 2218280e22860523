import { minimalSetup } from 'codemirror'
import { yaml } from '@codemirror/lang-yaml'
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, setDiagnostics } from '@codemirror/lint'
import type { Extension } from '@codemirror/state'
import { EditorState, Transaction } from '@codemirror/state'
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { difference } from './text-difference.ts'
import { typeOver } from './type-over.ts'

export interface YamlView {
  setText(text: string): void
  mark(marks: readonly { readonly message: string; readonly from: number; readonly to: number }[]): void
  /** Puts the cursor there and shows it. */
  select(from: number, to: number): void
  destroy(): void
}

interface Handlers {
  readonly onChange: (text: string) => void
  readonly onUndo: () => void
  readonly onRedo: () => void
}

const theme = EditorView.theme({
  '&': {
    height: '100%',
    width: '100%',
    color: 'var(--text)',
    backgroundColor: 'var(--surface)',
    fontSize: 'var(--text-s)',
  },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--bg)',
    color: 'var(--muted)',
    border: 'none',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--hover) 55%, transparent)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft) !important',
  },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--line)' },
})

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn)' },
])

/**
 * A YAML editor inside a shadow root: there the editor's style sheets are adopted objects, which the content security policy allows,
 * while inline style elements are refused. Undo and redo belong to the config's own history.
 */
export function createYamlView(host: HTMLElement, text: string, handlers: Handlers): YamlView {
  const root = host.attachShadow({ mode: 'open' })
  const box = document.createElement('div')
  box.style.cssText = 'display: flex; width: 100%; min-height: 0;'
  root.append(box)
  let isOurs = false
  const onDocument = (now: string): void => {
    if (!isOurs) handlers.onChange(now)
  }
  const extensions = extensionsFor({ ...handlers, onChange: onDocument })
  const view = new EditorView({ parent: box, root, state: EditorState.create({ doc: text, extensions }) })

  function setText(next: string): void {
    const now = view.state.doc.toString()
    if (now === next) return
    isOurs = true
    view.dispatch({ changes: difference(now, next), annotations: Transaction.addToHistory.of(false) })
    isOurs = false
  }

  function mark(marks: Parameters<YamlView['mark']>[0]): void {
    const end = view.state.doc.length
    const within = (at: number): number => Math.max(0, Math.min(at, end))
    view.dispatch(
      setDiagnostics(
        view.state,
        marks.map((m) => ({
          from: within(m.from),
          to: within(m.to),
          severity: 'error' as const,
          message: m.message,
        })),
      ),
    )
  }

  function select(from: number, to: number): void {
    const end = view.state.doc.length
    view.dispatch({
      selection: { anchor: Math.min(from, end), head: Math.min(to, end) },
      effects: EditorView.scrollIntoView(Math.min(from, end), { y: 'center' }),
    })
    view.focus()
  }

  return { setText, mark, select, destroy: () => view.destroy() }
}

function extensionsFor({ onChange, onUndo, onRedo }: Handlers): Extension[] {
  const run = (action: () => void) => (): boolean => {
    action()
    return true
  }
  return [
    // Before the editor's own keys, which would undo text without the form.
    keymap.of([
      { key: 'Mod-z', run: run(onUndo) },
      { key: 'Mod-y', run: run(onRedo) },
      { key: 'Mod-Shift-z', run: run(onRedo) },
    ]),
    typeOver,
    minimalSetup,
    lineNumbers(),
    lintGutter(),
    highlightActiveLine(),
    indentOnInput(),
    bracketMatching(),
    yaml(),
    syntaxHighlighting(colours),
    theme,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'The config as YAML', tabindex: '0' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString())
    }),
  ]
}
