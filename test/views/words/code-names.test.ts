import { describe, expect, it } from 'vitest'
import CompareView from '../../../src-renderer/features/compare/CompareView.vue'
import DataView from '../../../src-renderer/features/data/DataView.vue'
import EditorView from '../../../src-renderer/features/editor/EditorView.vue'
import QueueView from '../../../src-renderer/features/queue/QueueView.vue'
import RunView from '../../../src-renderer/features/run/RunView.vue'
import RunsView from '../../../src-renderer/features/runs/RunsView.vue'
import StartView from '../../../src-renderer/features/start/StartView.vue'
import { demoRuns } from '../../support/fake-renderer/made-up-runs.ts'
import type { Showing } from '../../support/show.ts'
import { settled, show } from '../../support/show.ts'
import { inApp } from '../features/in-app.ts'
import { laidOut } from '../features/laid-out.ts'

laidOut()

/** Names of options, tasks, components, losses and splits as configs and files spell them. */
const CODE_NAME = /\b[a-z][a-z0-9]*(_[a-z0-9]+)+\b|\b(Final[A-Z]\w+|[A-Z]\w+(Loss|Domain))\b/g
/** Where code names belong: text of configs, commands and logs, help on an option, what only screen readers and files take. */
const CODE = 'code, pre, kbd, .cm-editor, [role="log"], [role="tabpanel"] .panel dl, option [data-code]'

function codeNames(): string[] {
  const page = document.body.cloneNode(true)
  if (!(page instanceof HTMLElement)) return []
  for (const code of page.querySelectorAll(CODE)) code.remove()
  const texts: string[] = []
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT)
  while (walker.nextNode() !== null) texts.push(walker.currentNode.textContent ?? '')
  return [
    ...new Set(
      texts.flatMap((text) =>
        [...text.matchAll(CODE_NAME)].map((m) => `${m[0]} in "${text.trim().slice(0, 100)}"`),
      ),
    ),
  ]
}

const finished = demoRuns()
  .filter(({ summary }) => summary.status === 'finished')
  .map(({ summary }) => summary.id)
const failed = demoRuns().find(({ summary }) => summary.status === 'failed')?.summary.id ?? ''
const compared = `/compare?runs=${finished.join(',')}&baseline=${finished[0]}`

const VIEWS: readonly (readonly [string, object, Showing])[] = [
  ['start', StartView, {}],
  ['data', DataView, { props: { id: 'mnist' } }],
  ['editor', EditorView, { at: `/edit?from=${finished[1]}` }],
  ['queue', QueueView, {}],
  ['runs', RunsView, {}],
  ['run', RunView, { props: { id: finished[1] } }],
  ['failed run', RunView, { props: { id: failed } }],
  ['compare', CompareView, { at: compared }],
  ['compare seeds', CompareView, { at: `${compared}&group=seeds` }],
]

describe('words of the field', () => {
  it.each(VIEWS)('stand in %s and its tabs, in place of code names', async (_name, view, given) => {
    const { user } = await show(inApp(view), given)
    await settled()
    const found = new Set(codeNames())
    for (const tab of document.querySelectorAll<HTMLElement>('[role="tab"]')) {
      await user.click(tab)
      await settled()
      for (const name of codeNames()) found.add(`${tab.textContent}: ${name}`)
    }
    expect([...found]).toEqual([])
  })
})
