import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contract } from '../src-shared/contract/contract.ts'
import { ANALYSES } from '../src-shared/schema/analysis/analyses.ts'
import { docsOf, fieldTable } from '../src-shared/schema/docs.ts'
import { formOf } from '../src-shared/schema/form.ts'
import { IMPORTERS, IMAGE_SET_IMPORT } from '../src-shared/schema/importer/importers.ts'
import { commonFields } from '../src-shared/schema/importer/common-fields.ts'
import { components } from '../src-shared/schema/registry.ts'

/** Writes docs/reference from the schemas and the contract; `--check` fails when the pages are stale instead. */
const folder = join(import.meta.dirname, '../docs/reference')
const NOTE = '<!-- Written by `npm run docs` from src-shared. Edit the schema, not this page. -->\n'

const TITLES = { dataset: 'Data sets', model: 'Models', trainer: 'Trainers' } as const

function componentPage(kind: keyof typeof TITLES): string {
  return [NOTE, `# ${TITLES[kind]}`, '', ...components[kind].map(docsOf)].join('\n')
}

function contractPage(): string {
  const groups = new Map<string, string[]>()
  for (const method of Object.keys(contract)) {
    const group = method.split('.')[0] ?? method
    groups.set(group, [...(groups.get(group) ?? []), method])
  }
  const lines = [...groups].flatMap(([group, methods]) => [
    `## ${group}`,
    '',
    ...methods.map((m) => `- \`${m}\``),
    '',
  ])
  return [
    NOTE,
    '# Service calls',
    '',
    'The same calls serve the window, the web server and scripts; types are in `src-shared/contract/contract.ts`.',
    '',
    ...lines,
  ].join('\n')
}

/** Options of recordings: those of every importer once, then its own. */
function importerPage(): string {
  const common = Object.keys(commonFields)
  const own = Object.entries(IMPORTERS).flatMap(([kind, { title, help, schema }]) => [
    `## ${kind}`,
    '',
    `${title}. ${help}`,
    '',
    ...fieldTable(formOf(schema).filter(({ key }) => !common.includes(key))),
    '',
  ])
  return [
    NOTE,
    '# Importers of recordings',
    '',
    'Options are given as `--option name=value`, in the JSON file of `--mapping`, or in the form of the window. Unknown ones are errors.',
    '',
    '## All importers',
    '',
    ...fieldTable(formOf(IMPORTERS['stimulus-tables'].schema).filter(({ key }) => common.includes(key))),
    '',
    ...own,
    `## ${IMAGE_SET_IMPORT.title}`,
    '',
    IMAGE_SET_IMPORT.help,
    '',
    ...fieldTable(formOf(IMAGE_SET_IMPORT.schema)),
    '',
  ].join('\n')
}

/** Options of each analysis, and what it cannot show. */
const analysesPage = (): string =>
  [
    NOTE,
    '# Analyses of a trained network',
    '',
    'Options are given as `--option name=value` of `cotrain analyse`, or in the form of the window. Unknown ones are errors.',
    '',
    ...Object.entries(ANALYSES).flatMap(([kind, { title, help, limits, schema }]) => [
      `## ${kind}`,
      '',
      `${title}. ${help} ${limits}`,
      '',
      ...fieldTable(formOf(schema)),
      '',
    ]),
  ].join('\n')

const pages: Readonly<Record<string, string>> = {
  'datasets.md': componentPage('dataset'),
  'models.md': componentPage('model'),
  'trainers.md': componentPage('trainer'),
  'importers.md': importerPage(),
  'analyses.md': analysesPage(),
  'service.md': contractPage(),
}

function stale(name: string, text: string): boolean {
  try {
    return readFileSync(join(folder, name), 'utf8') !== text
  } catch {
    return true
  }
}

if (process.argv.includes('--check')) {
  const old = Object.entries(pages).filter(([name, text]) => stale(name, text))
  for (const [name] of old) console.error(`docs/reference/${name} is stale: run npm run docs`)
  process.exit(old.length === 0 ? 0 : 1)
}
mkdirSync(folder, { recursive: true })
for (const [name, text] of Object.entries(pages)) writeFileSync(join(folder, name), text)
console.log(`wrote ${Object.keys(pages).length} pages to docs/reference`)
