import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { FamilySummary } from '../../../../src-shared/contract/calls/family.ts'
import { formatProblem } from '../../../../src-shared/contract/errors.ts'
import { comparedRuns, leftWords, settingNames } from '../../../../src-shared/contract/family-runs.ts'
import { ensureEngine } from './engine-commands.ts'
import { answerLines } from '../base/answer-lines.ts'
import { exitCodeOf, followRuns } from '../base/follow-runs.ts'
import { asTable } from '../base/output.ts'
import { stateText } from '../base/recipe-text.ts'
import { isSearchOver, searchLines } from '../base/search-lines.ts'
import type { Terminal } from '../base/terminal.ts'
import { inTerminal } from '../base/terminal.ts'

interface FamilyOptions {
  seeds?: number[]
  stop?: boolean
  continue?: boolean
  wait: boolean
}

/** Recipes that were started: listed, shown, and given further seeds. */
export function addFamilyCommand(program: Command, json: () => boolean): void {
  program
    .command('family')
    .description('list the families of runs; with a name: show one, or give it further seeds')
    .argument('[name]', 'name of a family, as in the list')
    .option(
      '--seeds <list>',
      'seeds to add, between commas; only the runs that are missing are queued',
      seedList,
    )
    .option('--stop', 'queue nothing more of a recipe with steps, and take out what waits')
    .option('--continue', 'queue what is missing, stopped, interrupted or failed')
    .option('--no-wait', 'only queue; a running app or `cotrain queue work` starts them')
    .action((name: string | undefined, options: FamilyOptions) =>
      inTerminal(json(), (terminal) =>
        name === undefined ? listed(terminal) : shown(terminal, name, options),
      ),
    )
}

async function listed({ service, output }: Terminal): Promise<void> {
  const families = await service.call('family.list', {})
  output.result(families, () =>
    asTable(
      ['name', 'title', 'settings', 'seeds', 'runs'],
      families.map((f) => [
        f.name,
        f.title,
        String(f.settings.length),
        f.seeds.join(' '),
        f.problem === null ? countsOf(f) : formatProblem(f.problem),
      ]),
    ),
  )
}

async function shown(terminal: Terminal, name: string, options: FamilyOptions): Promise<number> {
  const { service, output } = terminal
  const { seeds, wait, stop = false } = options
  if (stop) await service.call('family.stop', { name })
  const change =
    seeds !== undefined
      ? service.call('family.addSeeds', { name, seeds })
      : options.continue === true
        ? service.call('family.continue', { name })
        : null
  if (change !== null) {
    const { ids, queued, known } = await change
    output.note(`${queued} queued, ${known} exist already.`)
    if (wait && queued > 0) {
      await ensureEngine(terminal)
      const code = exitCodeOf(await followRuns(terminal, ids))
      if (code !== 0) return code
    }
  }
  await showFamily(terminal, name)
  return 0
}

/** The settings and runs of a family and what they say. 0 when all of them are finished, of a search over, else 1. */
export async function showFamily({ service, output }: Terminal, name: string): Promise<number> {
  const family = await service.call('family.get', { name })
  const compared = comparedRuns(family.settings, family.baseline)
  const answers =
    compared === null
      ? []
      : answerLines(await service.call('compare.table', compared.wish), settingNames(family.settings))
  if (compared !== null && compared.left > 0) output.note(leftWords(compared.left))
  const search = family.searches ? await service.call('family.search', { name }) : null
  output.result({ ...family, search, answers: answers.filter((line) => line !== '') }, () =>
    [familyText(family), ...searchLines(search), ...answers, ...publishedLines(family)].join('\n'),
  )
  if (search !== null) return isSearchOver(search) ? 0 : 1
  return family.settings.every(({ runs }) => runs.every(({ status }) => status === 'finished')) ? 0 : 1
}

/** Figures of the authors beside those of the family, marked as theirs. */
function publishedLines({ published }: FamilySummary): string[] {
  if (published === null) return []
  const rows = published.robustness.map(({ label, mean, spread }) => `${label} ${mean} ± ${spread}`)
  return ['', `Published, at full scale (robustness, baseline = 100): ${rows.join('; ')}.`, published.source]
}

function familyText(family: FamilySummary): string {
  const rows = family.settings.flatMap(({ label, runs }) =>
    runs.map((run) => [run.id?.slice(0, 10) ?? '', label, String(run.seed), stateText(run)]),
  )
  return [
    family.title,
    ...[family.question, family.description].filter((text) => text !== ''),
    '',
    asTable(['id', 'setting', 'seed', 'status'], rows),
    '',
    `${countsOf(family)}.${family.stopped ? ' Stopped: --continue goes on.' : ''}${family.baseline === null ? '' : ` Compared with: ${family.baseline}.`}`,
    ...(family.problem === null ? [] : [formatProblem(family.problem)]),
  ].join('\n')
}

const countsOf = ({ counts }: FamilySummary): string =>
  Object.entries(counts)
    .map(([status, n]) => `${n} ${status}`)
    .join(', ')

function seedList(text: string): number[] {
  const seeds = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (seeds.every((seed) => Number.isInteger(seed) && seed >= 0)) return seeds
  throw new InvalidArgumentError('expected whole numbers from 0 on, between commas: 4000,5000.')
}
