import { answersCaution, answersOf } from '../../../src-shared/contract/answer.ts'
import type { FamilyDetail } from '../../../src-shared/contract/calls/family.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { comparedRuns, leftWords, settingNames } from '../../../src-shared/contract/family-runs.ts'
import type { RunDetail } from '../../../src-shared/contract/run.ts'
import { scoreCautions } from '../../../src-shared/contract/run-end.ts'
import { computedWith, mixedEngines } from '../../../src-shared/contract/segments.ts'
import { methodsText } from '../../../src-shared/methods/methods-text.ts'
import { optionLabel } from '../../../src-shared/schema/option-names.ts'
import { formatOptionAt } from '../../../src-shared/schema/option-value.ts'
import { capital } from '../../../src-shared/util/capital.ts'
import type { TextTable } from '../../../src-shared/util/tables-as-text.ts'
import { allOptions } from '../compare/compare-options.ts'
import type { Comparison } from '../compare/compare-runs.ts'
import { compareRuns, configsOf } from '../compare/compare-runs.ts'
import type { FamilyReading } from '../families/families.ts'
import { getFamily } from '../families/families.ts'
import { runDetails } from '../read/run-details.ts'
import type { Report, ReportBlock } from './report-block.ts'
import { standings } from './standings.ts'

export interface ReportDeps extends FamilyReading {
  /** Reads the history of a run in a thread, so that reading it afterwards takes no time. */
  readonly prepare: (id: string) => Promise<void>
  readonly now: Date
}

/**
 * What the finished runs of a family say, as a supplement to a paper has it: answers, scores over seeds with n, intervals and ties, settings that
 * differ, what the runs were computed with, methods in words, and the recipe.
 * @throws CotrainError `not-found` for no such family, `config-invalid` while none of its runs has finished.
 */
export async function familyReport(deps: ReportDeps, name: string): Promise<Report> {
  const { store, now, prepare } = deps
  const family = getFamily(deps, name)
  const chosen = comparedRuns(family.settings, family.baseline)
  if (chosen === null) throw nothingFinished(name)
  const compared = compareRuns(store, chosen.wish)
  const names = settingNames(family.settings)
  for (const id of chosen.wish.ids) await prepare(id)
  const details = chosen.wish.ids.map((id) => runDetails(store, id))
  const options = allOptions(configsOf(store, chosen.wish.ids))
  return {
    title: family.title,
    blocks: [
      ...opening(family, leftWords(chosen.left), now),
      ...answersPart(compared, names),
      ...scoresPart(compared, names),
      ...publishedPart(family),
      ...differencesPart(compared, names),
      heading('What the runs were computed with'),
      ...computedPart(compared, details),
      heading('Methods'),
      text(methodsText(details)),
      heading('Deviations from the defaults'),
      tableBlock('', deviations(compared, options, names)),
      heading('Runs'),
      tableBlock('', runTable(details, names)),
      heading('Recipe'),
      { kind: 'code', text: family.yaml },
    ],
  }
}

const heading = (of: string): ReportBlock => ({ kind: 'heading', text: of })
const text = (of: string): ReportBlock => ({ kind: 'text', text: of })
const tableBlock = (title: string, table: TextTable): ReportBlock => ({ kind: 'table', title, table })

function opening({ question, description, counts }: FamilyDetail, left: string, now: Date): ReportBlock[] {
  const states = Object.entries(counts).map(
    ([status, n]) => `${n} ${status === 'new' ? 'not started' : status}`,
  )
  const made = `Made with CoTrain on ${now.toISOString().slice(0, 10)} (UTC). Runs: ${states.join(', ')}.`
  return [question, description, `${made} ${left}`.trim()].filter((part) => part !== '').map(text)
}

function answersPart(compared: Comparison, names: ReadonlyMap<string, string>): ReportBlock[] {
  const answers = answersOf(compared, names)
  if (answers.length === 0) return []
  const lines = answers.map(({ label, text: said }) => `${capital(said)} (${label})`)
  return [heading('What the runs say'), { kind: 'list', lines }, text(answersCaution(answers))]
}

function scoresPart(compared: Comparison, names: ReadonlyMap<string, string>): ReportBlock[] {
  const tables = standings(compared, names).map(({ title, table }) => tableBlock(title, table))
  const said =
    tables.length === 0
      ? 'The runs have neither test scores nor final scores of a validation set.'
      : 'Intervals are 95 %, Student’s t; trained networks are the sample. “Tie”: the interval of the difference to the best mean includes 0. “Open”: the seeds allow no interval.'
  return [heading('Scores over seeds'), text(said), ...tables]
}

/** Figures of others, marked as theirs. */
function publishedPart({ published }: FamilyDetail): ReportBlock[] {
  if (published === null) return []
  const rows = published.robustness.map(({ label, mean, spread }) => [label, mean, spread])
  const title = `Published by the authors at full scale, not from these runs: robustness, baseline = 100. ${published.source}`
  return [tableBlock(title, { header: ['Setting', 'Mean', '±'], rows })]
}

/** Options down, settings across. */
function differencesPart(
  { runs, groups, differences }: Comparison,
  names: ReadonlyMap<string, string>,
): ReportBlock[] {
  const told = differences.filter(({ path }) => path !== 'seed' && path !== 'name')
  if (told.length === 0) return []
  const paths = told.map(({ path }) => path)
  const first = groups.map(({ ids }) => runs.findIndex(({ id }) => id === ids[0]))
  const header = ['Option', 'In the config', ...groups.map((g) => names.get(g.groupId) ?? g.name)]
  const rows = told.map(({ path, values, absent }) => [
    optionLabel(path, paths),
    path,
    ...first.map((at) => formatOptionAt(path, absent?.[at] === true ? undefined : values[at])),
  ])
  return [heading('Settings that differ'), tableBlock('', { header, rows })]
}

/** Differences in engine, processor, threads or number format, which may be differences in numbers. */
function computedPart(compared: Comparison, details: readonly RunDetail[]): ReportBlock[] {
  const mixed = mixedEngines(details.map(({ segments = [] }) => segments))
  const known = details.flatMap(({ environment }) => environment ?? [])
  const nameOf = (id: string): string => compared.runs.find((run) => run.id === id)?.name ?? id
  const lines = [
    ...(mixed.length === 0
      ? []
      : [`Not all runs were computed alike, and a difference may be due to that: ${mixed.join('; ')}.`]),
    ...(compared.precisions === undefined
      ? []
      : [`Number formats of products differ: ${[...new Set(compared.precisions)].join(', ')}.`]),
    ...Object.entries(compared.continued ?? {}).map(
      ([id, said]) => `${nameOf(id)} (${id.slice(0, 10)}) went on with ${said}.`,
    ),
    ...compared.runs.flatMap((run) =>
      scoreCautions(run).map((said) => `${run.name} (${run.shortId}): ${said}`),
    ),
    ...(known.length < details.length
      ? [
          `${details.length - known.length} of ${details.length} runs did not record what they were computed with.`,
        ]
      : []),
  ]
  const first = known[0]
  const alike =
    mixed.length > 0 || first === undefined ? [] : [text(`Engine and processor: ${computedWith(first)}.`)]
  return [...alike, ...(lines.length === 0 ? [] : [{ kind: 'list', lines } as const])]
}

const NAMES_ALONE = /^(name|seed|comment|tags(\..*)?|\w+\.fn)$/

/** What the configs say beyond the defaults: a row for each option and value, with the settings that have it. */
function deviations(
  { groups, runs }: Comparison,
  options: ReturnType<typeof allOptions>,
  names: ReadonlyMap<string, string>,
): TextTable {
  const told = options.filter(({ path }) => !NAMES_ALONE.test(path))
  const paths = told.map(({ path }) => path)
  const rows = told.flatMap(({ path, values, defaults, absent }) => {
    const who = new Map<string, string[]>()
    for (const { groupId, name, ids } of groups) {
      const at = runs.findIndex(({ id }) => id === ids[0])
      if (defaults[at] === true || absent?.[at] === true) continue
      const value = formatOptionAt(path, values[at])
      who.set(value, [...(who.get(value) ?? []), names.get(groupId) ?? name])
    }
    return [...who].map(([value, settings]) => [
      optionLabel(path, paths),
      path,
      value,
      settings.length === groups.length ? 'all' : settings.join('; '),
    ])
  })
  return { header: ['Option', 'In the config', 'Value', 'Settings'], rows }
}

const runTable = (details: readonly RunDetail[], names: ReadonlyMap<string, string>): TextTable => ({
  header: ['Run', 'Setting', 'Seed', 'Epochs', 'Computed with', 'Data (hash)'],
  rows: details.map(({ summary, environment, dataFingerprint }) => [
    summary.id,
    names.get(summary.groupId) ?? summary.name,
    summary.seed,
    Math.floor(summary.epoch),
    environment === null ? 'not recorded' : `CoTrain ${environment.app}, ${computedWith(environment)}`,
    dataFingerprint ?? '',
  ]),
})

const nothingFinished = (name: string): CotrainError =>
  new CotrainError({
    code: 'config-invalid',
    path: name,
    message: 'no run of this family has finished, so there is nothing to report.',
    hint: `Train it first: cotrain family ${name} --continue.`,
  })
