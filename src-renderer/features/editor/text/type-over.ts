import { EditorView } from '@codemirror/view'

/** Typing and pasting of plain text, as far as the browser would do it itself. */
const TYPED: ReadonlySet<string> = new Set(['insertText', 'insertReplacementText'])

/**
 * Text typed over a selection. The browser would keep the look of the replaced text in an inline style, which the content
 * security policy refuses with a complaint in the console; the editor has no use for it.
 */
export const typeOver = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { data, inputType, isComposing } = event
    if (data === null || isComposing || !TYPED.has(inputType) || view.state.selection.main.empty) return false
    view.dispatch(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true })
    event.preventDefault()
    return true
  },
})
