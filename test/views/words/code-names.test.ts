import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import CompareView from '../../../src-renderer/features/compare/CompareView.vue'
import EditorView from '../../../src-renderer/features/editor/EditorView.vue'
import RunView from '../../../src-renderer/features/run/RunView.vue'
import RunsView from '../../../src-renderer/features/runs/RunsView.vue'
import { LOSS_NAMES } from '../../../src-shared/schema/names.ts'
import { components } from '../../../src-shared/schema/registry.ts'
import { demoRuns } from '../../support/fake-renderer/made-up-runs.ts'
import type { Showing } from '../../support/show.ts'
import { settled, show } from '../../support/show.ts'
import { inApp } from '../features/in-app.ts'
import { laidOut } from '../features/laid-out.ts'

laidOut()

/** Names of tasks, options, components, losses and splits as configs and files spell them. */
const NAMES = [
  ...Object.values(components).flatMap((list) => list.map(({ fn }) => fn)),
  ...LOSS_NAMES,
  ...['img_classification', '\\w+_dataset_dict', '\\w+_model_layer', 'optimizer_options', 'loss_functions'],
  ...['to_monitor', 'Final(Test|Training|Validation)\\w*', '\\w*c_test'],
]
const CODE_NAME = new RegExp(`\\b(${NAMES.join('|')})\\b`, 'g')
/** Where code names belong: texts of configs, commands and logs, and help. */
const CODE = 'code, pre, .cm-editor, [role="log"], .help, dl'

function codeNames(): string[] {
  const page = document.createElement('div')
  page.innerHTML = document.body.innerHTML
  for (const code of page.querySelectorAll(CODE)) code.remove()
  return [...new Set((page.textContent ?? '').match(CODE_NAME))]
}

const [, cotrained] = demoRuns()
const finished = demoRuns()
  .filter(({ summary }) => summary.status === 'finished')
  .map(({ summary }) => summary.id)
const id = cotrained?.summary.id ?? ''

const VIEWS: readonly (readonly [name: string, view: object, given: Showing, tabs: readonly string[]])[] = [
  ['the editor', EditorView, { at: `/edit?from=${id}` }, ['Differences']],
  ['the runs', RunsView, {}, []],
  ['a run', RunView, { props: { id } }, ['Scores and notes']],
  ['a comparison', CompareView, { at: `/compare?runs=${finished.join(',')}` }, ['Options']],
]

describe('words of the field', () => {
  it.each(VIEWS)('stand in %s in place of code names', async (_name, view, given, tabs) => {
    const { user } = await show(inApp(view), given)
    await settled()
    expect(document.body.textContent.length).toBeGreaterThan(200)
    expect(codeNames()).toEqual([])
    for (const name of tabs) {
      await user.click(screen.getByText(name, { selector: '[role="tab"]' }))
      await settled()
      expect(codeNames(), name).toEqual([])
    }
  })
})
