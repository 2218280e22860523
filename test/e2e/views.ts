import type { Page } from 'playwright-core'
import type { FullStore } from './full-store.ts'

/** A view or a part of one, and how to get there from any other. */
export interface View {
  readonly name: string
  show(page: Page): Promise<void>
  /** Goes on showing it after the window was made narrower. */
  narrowed?(page: Page): Promise<void>
}

/** A model card builds its data the first time; a busy machine needs long for that. */
const SETTLED_MS = 60_000

const at = (name: string, hash: string, isShown: (page: Page) => Promise<unknown>): View => ({
  name,
  show: async (page) => {
    await page.goto(`${new URL(page.url()).origin}/#${hash}`)
    await isShown(page)
  },
})
const heading = (name: string | RegExp) => (page: Page) =>
  page.getByRole('heading', { name }).first().waitFor()
const settled = (page: Page): Promise<void> =>
  page
    .getByRole('status')
    .filter({ hasText: /^Loading / })
    .first()
    .waitFor({ state: 'detached', timeout: SETTLED_MS })

const tab = (view: View, name: string): View => ({
  ...view,
  name: `${view.name}, ${name.toLowerCase()}`,
  show: async (page) => {
    await view.show(page)
    await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click()
    await settled(page)
  },
})
const dialog = (view: View, button: string, title: string): View => ({
  name: title.toLowerCase(),
  show: async (page) => {
    await view.show(page)
    await page.getByRole('button', { name: button }).first().click()
    await page.getByRole('dialog', { name: title }).waitFor()
    await settled(page)
  },
})

/** A dialog behind an entry of a menu. */
const chosen = (view: View, menu: string, entry: string, title: string): View => ({
  name: title.toLowerCase(),
  show: async (page) => {
    await view.show(page)
    await page.getByRole('button', { name: menu }).click()
    await page.getByRole('menuitem', { name: entry }).click()
    await page.getByRole('dialog', { name: title }).waitFor()
    await settled(page)
  },
})

/** Every view of the app with its tabs and dialogs, on a filled home. */
export function viewsOf({ finished, failed, family, search }: FullStore): readonly View[] {
  const start = at('start', '/', heading('CoTrain'))
  const data = at('data', '/data', (page) => page.getByRole('tab', { name: 'Preview' }).waitFor())
  const editor = at('experiment', `/edit?from=${finished.at(-1)}`, (page) =>
    page.getByText(/^From (Demo|Setting)/).waitFor(),
  )
  /** A narrow window shows the options or what is beside them. */
  const turn = async (page: Page): Promise<void> => {
    const half = page.getByText('YAML, model, differences', { exact: true })
    if (await half.isVisible()) await half.click()
  }
  const beside: View = {
    name: editor.name,
    show: async (page) => {
      await editor.show(page)
      await turn(page)
    },
    narrowed: turn,
  }
  const runs = at('runs', '/runs', (page) =>
    page.getByRole('region', { name: 'Runs', exact: true }).waitFor(),
  )
  const run = at('run', `/runs/${finished.at(-1)}`, (page) =>
    page.getByRole('tab', { name: 'Curves' }).waitFor(),
  )
  const compared = `/compare?runs=${finished.join(',')}&baseline=${finished[0]}&group=seeds`
  const compare = at('compare', compared, (page) =>
    page.getByRole('region', { name: 'Comparison' }).waitFor(),
  )
  return [
    start,
    data,
    tab(data, 'Findings'),
    editor,
    ...['Model', 'Differences', 'Help'].map((name) => tab(beside, name)),
    at('queue', '/queue', (page) => page.getByRole('list', { name: /^Waiting runs/ }).waitFor()),
    runs,
    {
      name: 'runs by setting',
      show: async (page) => {
        await runs.show(page)
        await page
          .getByRole('group', { name: 'One row for each' })
          .getByText('Settings', { exact: true })
          .click()
      },
    },
    run,
    ...[
      'Scores and notes',
      'Neurons',
      'Robustness',
      'Confusion',
      'Config',
      'Log',
      'Environment and files',
      'Moments',
    ].map((name) => tab(run, name)),
    at('failed run', `/runs/${failed}`, (page) =>
      page.getByText('the loss was not finite at step 120.').first().waitFor(),
    ),
    compare,
    ...['Curves', 'Options', 'Robustness', 'Neurons', 'Scatter', 'Parallel'].map((name) =>
      tab(compare, name),
    ),
    at('families', '/families', heading('Families')),
    at('family', `/families/${family}`, (page) =>
      page.getByRole('region', { name: 'What the runs say' }).waitFor(),
    ),
    at('search', `/families/${search}`, (page) =>
      page.getByRole('region', { name: 'Search', exact: true }).getByText('trials have a value').waitFor(),
    ),
    at('packages', '/packages', heading('Packages')),
    at('engine', '/doctor', heading('Engine')),
    at('settings', '/settings', heading('Settings')),
    at('new co-training', '/new', heading('3. What is trained')),
    dialog(runs, 'Columns', 'Columns'),
    chosen(runs, 'More for runs', 'Trash', 'Trash'),
    chosen(runs, 'More for runs', 'Add runs from a folder', 'Add runs'),
    dialog(compare, 'Choose runs', 'Choose runs to compare'),
    dialog(data, 'Add data', 'Add data'),
    dialog(editor, 'Check and queue', 'Check and queue'),
    {
      name: 'vary options',
      show: async (page) => {
        await editor.show(page)
        await page.getByRole('button', { name: 'Vary options' }).click()
        const vary = page.getByRole('dialog', { name: 'Vary options' })
        await vary.getByRole('button', { name: 'Choose an option to vary' }).click()
        const picker = page.getByRole('dialog', { name: 'Choose an option to vary' })
        await picker.getByLabel('Choose an option to vary').first().fill('learning rate')
        await page.keyboard.press('Enter')
        await vary.getByRole('textbox', { name: 'Learning rate' }).fill('0.1, 0.01, 0.001')
        await vary
          .getByText(/runs?[,.]|cannot be queued/)
          .first()
          .waitFor()
      },
    },
    dialog(start, 'Commands', 'Commands'),
    dialog(start, 'Shortcuts', 'Keyboard shortcuts'),
  ]
}

const shown = (page: Page): Promise<void> => page.getByRole('main').getByRole('heading').first().waitFor()

/** Every view on a new home, where there is nothing yet. */
export const emptyViews: readonly View[] = [
  at('start', '/', shown),
  at('data', '/data', shown),
  at('new co-training', '/new', shown),
  at('experiment', '/edit', shown),
  at('queue', '/queue', shown),
  at('runs', '/runs', shown),
  at('unknown run', `/runs/${'0'.repeat(64)}`, shown),
  at('compare', '/compare', shown),
  at('packages', '/packages', shown),
  at('engine', '/doctor', shown),
  at('settings', '/settings', shown),
]
