import type { Command } from 'commander'
import type { Analysis } from '../../../../src-shared/contract/analysis.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { AnalysisKind } from '../../../../src-shared/schema/analysis/analyses.ts'
import { ANALYSES, isOfUnits } from '../../../../src-shared/schema/analysis/analyses.ts'
import { asTable } from '../base/output.ts'
import type { Terminal } from '../base/terminal.ts'
import { inTerminal, withProgress } from '../base/terminal.ts'
import { ensureEngine } from './engine-commands.ts'
import { oneOf, whole } from './run-options.ts'

interface Options {
  readonly units?: string
  readonly best: number
  readonly option: readonly string[]
  readonly with: readonly string[]
  readonly out?: string
}

const KINDS = Object.keys(ANALYSES) as AnalysisKind[] // the keys of a table of ours
const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/** `cotrain analyse`: what units of a finished network read, prefer and are excited by, and what its layers are alike to. */
export function addAnalyseCommand(program: Command, json: () => boolean): void {
  program
    .command('analyse')
    .description(
      'receptive fields, tuning and most exciting inputs of units of a finished run, similarity of its layers; kept beside it',
    )
    .argument('<id>')
    .argument('<what>', KINDS.join(', '), oneOf(...KINDS))
    .option('--units <names>', 'with commas: unit or session/unit; without it the best predicted ones')
    .option('--best <n>', 'how many of the best', whole, 12)
    .option('--option <name=value>', 'an option of the analysis, see docs/reference/analyses.md', collect, [])
    .option(
      '--with <id>',
      'another run that answers most exciting inputs, or whose layers are compared; may be repeated',
      collect,
      [],
    )
    .option('--out <place>', 'also write it: .npz, .csv, or a new folder of PNGs')
    .action((id: string, what: AnalysisKind, options: Options) =>
      inTerminal(json(), (terminal) => analyse(terminal, id, what, options)),
    )
}

async function analyse(
  terminal: Terminal,
  id: string,
  what: AnalysisKind,
  { units, best, option, with: others, out }: Options,
): Promise<void> {
  const { service, output } = terminal
  await ensureEngine(terminal)
  const made = await withProgress(terminal, what, (job) =>
    service.call('runs.analyse', {
      ...{ id, what, best, job, others: [...others] },
      units: units?.split(',').map((name) => name.trim()) ?? [],
      options: Object.fromEntries(option.map(optionOf)),
    }),
  )
  const written =
    out === undefined ? null : await service.call('runs.exportAnalysis', { id, key: made.key, to: out })
  output.result(made, () =>
    [
      isOfUnits(what) ? analysisText(made) : similarityText(made),
      ...(written === null ? [] : [`Written to ${written.path}: ${written.written}.`]),
    ].join('\n'),
  )
}

/** `contrast=0.5`: numbers, null, true and false as such, everything else as text. */
function optionOf(text: string): readonly [string, unknown] {
  const at = text.indexOf('=')
  if (at < 1)
    throw new CotrainError({
      code: 'config-invalid',
      path: '--option',
      message: `"${text}" names no option and value.`,
      hint: 'Write name=value, for example contrast=0.5.',
    })
  const value = text.slice(at + 1)
  try {
    return [text.slice(0, at), JSON.parse(value)]
  } catch {
    return [text.slice(0, at), value]
  }
}

/** Profiles over the layers, and the layers that are most alike; the matrices are in --json and --out. */
function similarityText({ what, images, layers, matrices, profiles, notes }: Analysis): string {
  const number = (v: number | null | undefined): string => (v == null ? '–' : v.toFixed(3))
  const rows = layers.flatMap(({ run, layers: own }) => {
    const of = profiles.filter((p) => p.run === run)
    return own.map(({ name, shape, rule, features }, i) => [
      ...[run.slice(0, 10), name, shape.join(' x '), rule === 'all' ? 'all' : `${features} by ${rule}`],
      ...of.map(({ values, low, high }) =>
        low[i] == null ? number(values[i]) : `${number(values[i])} [${number(low[i])}, ${number(high[i])}]`,
      ),
    ])
  })
  const named = profiles.filter(({ run }) => run === layers[0]?.run)
  const pairs = matrices.map(({ label, across, values }) => {
    const all = values.flat().filter((v) => v !== null)
    const mean = all.length === 0 ? null : all.reduce((a, b) => a + b, 0) / all.length
    return `${label} with run ${across.slice(0, 10)}: mean ${number(mean)} over ${all.length} pairs`
  })
  return [
    `${ANALYSES[what].title}, ${images.set?.words ?? ''}`,
    ...notes.map((note) => `note     ${note}`),
    asTable(['run', 'layer', 'output', 'features', ...named.map((p) => `${p.label} (n = ${p.n} ${p.of})`)], rows),
    ...named.flatMap((p) => (p.ceiling === null ? [] : `${p.label}: ${p.ceiling.label} ${number(p.ceiling.value)}`)),
    ...pairs,
    ANALYSES[what].limits,
  ].join('\n') // prettier-ignore
}

function analysisText({ what, units, numbers, images, notes }: Analysis): string {
  const value = (v: number | null, digits: number): string => (v === null ? '–' : v.toFixed(digits))
  const rows = units.map(({ session, unit }, i) => [
    unit,
    session,
    ...numbers.map(({ values, digits }) => value(values[i] ?? null, digits)),
  ])
  const header = [
    'unit',
    'session',
    ...numbers.map(({ label, unit }) => (unit === '' ? label : `${label} (${unit})`)),
  ]
  return [
    `${ANALYSES[what].title}, n = ${units.length} units, ${images.count} images`,
    ...notes.map((note) => `note     ${note}`),
    asTable(header, rows),
    ANALYSES[what].limits,
  ].join('\n')
}
