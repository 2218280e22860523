import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { Params } from '../../../../src-shared/contract/contract.ts'
import { endReason } from '../../../../src-shared/contract/run-end.ts'
import { sessionScores } from '../../../../src-shared/contract/session-scores.ts'
import { OVER } from '../../../../src-shared/contract/run.ts'
import type { RunConfig } from '../../../../src-shared/schema/run-config.ts'
import { configWarnings } from '../../../../src-shared/schema/run-identity.ts'
import { readConfig } from '../../../runs/create/config-file.ts'
import { ensureEngine } from './engine-commands.ts'
import { exitCodeOf, followRuns } from '../base/follow-runs.ts'
import { addExport } from './export-command.ts'
import { DATA_DIR, relocate, whole } from './run-options.ts'
import { describeRun, noneFound, runTable } from '../base/run-text.ts'
import type { Terminal } from '../base/terminal.ts'
import { inTerminal } from '../base/terminal.ts'

interface RunOptions {
  force?: boolean
  priority: number
  card?: string
  seed?: number
  from?: { readonly run: string; readonly epoch: number | null }
  wait: boolean
}

type ContinueOptions = Omit<Params<'runs.continue'>, 'id'> & { wait: boolean; dataDir: string[] }

export function addRunCommands(program: Command, json: () => boolean): void {
  // The order of `cotrain --help`.
  addRun(program, json)
  addResume(program, json)
  addContinue(program, json)
  addRuns(program, json)
  addShow(program, json)
  addStop(program, json)
  addExport(program, json)
  addRemoveAndRestore(program, json)
}

function addRun(program: Command, json: () => boolean): void {
  program
    .command('run')
    .description('train one or more configs (YAML); relative paths in them are seen from the current folder')
    .argument('<config...>', 'YAML files')
    .option('--force', 'train again although an identical run is there')
    .option('--priority <n>', 'place in the queue: higher starts sooner', whole, 0)
    .option('--card <card>', 'compute on this card alone, by its number or UUID (see `cotrain queue`)')
    .option('--seed <n>', 'use this seed instead of the one in the config', whole)
    .option(
      '--from <id@epoch>',
      'start from the weights of a kept checkpoint of a run, or <id>: from its final ones',
      fromMoment,
    )
    .option('--no-wait', 'only queue; a running app or `cotrain queue work` starts it')
    .action((files: string[], options: RunOptions) =>
      inTerminal(json(), (terminal) => runConfigs(terminal, files, options)),
    )
}

function addResume(program: Command, json: () => boolean): void {
  program
    .command('resume')
    .description('go on with stopped, failed or interrupted runs from their last checkpoint')
    .argument('<id...>')
    .option(...DATA_DIR)
    .option('--no-wait', 'only queue')
    .action((ids: string[], { wait, dataDir }: { wait: boolean; dataDir: string[] }) =>
      inTerminal(json(), async (terminal) => {
        const full = ids.map((id) => terminal.workspace.store.resolve(id))
        for (const id of full) await relocate(terminal, id, dataDir)
        for (const id of full) await terminal.service.call('runs.resume', { id })
        return wait ? waitFor(terminal, full) : shown(terminal, full)
      }),
    )
}

function addContinue(program: Command, json: () => boolean): void {
  program
    .command('continue')
    .description('train a run on from a kept checkpoint, longer or from an earlier epoch, as a new run')
    .argument('<id>')
    .option('--max-iter <n>', 'epochs of the whole training', whole, null)
    .option('--from-epoch <n>', 'kept checkpoint to go on from; default: the last one', whole, null)
    .option('--patience <n>', 'patience from there on', whole, null)
    .option('--rounds <n>', 'rounds of patience (lr_decay_steps)', whole, null)
    .option(...DATA_DIR)
    .option('--no-wait', 'only queue')
    .action((given: string, { wait, dataDir, ...wish }: ContinueOptions) =>
      inTerminal(json(), async (terminal) => {
        const asked = { id: terminal.workspace.store.resolve(given), ...wish }
        await relocate(terminal, asked.id, dataDir)
        const { id, created, note } = await terminal.service.call('runs.continue', asked)
        terminal.output.note(`${created ? 'Queued' : 'Already there'}: ${id.slice(0, 10)}. ${note}`)
        return wait ? waitFor(terminal, [id]) : shown(terminal, [id])
      }),
    )
}

function addRuns(program: Command, json: () => boolean): void {
  program
    .command('runs')
    .description('list all runs')
    .option('--search <filter>', 'as in the app: words, tag:x, seed=1, accuracy>95, trainer.max_iter<=40', '')
    .option('--status <status...>', 'only these statuses', [])
    .option('--end <reason...>', `only runs that ended so: ${endReason.options.join(', ')}`, [])
    .option('--tag <tag>', 'only runs with this tag', '')
    .action((filter: Params<'runs.list'>) =>
      inTerminal(json(), async ({ service, output }) => {
        const found = await service.call('runs.list', filter)
        const all = found.total > 0 ? found.total : (await service.call('runs.list', { limit: 1 })).total
        output.result(found, () => (found.total > 0 ? runTable(found.runs) : noneFound(all)))
      }),
    )
}

function addShow(program: Command, json: () => boolean): void {
  program
    .command('show')
    .description('everything about one run')
    .argument('<id>')
    .option('--log <lines>', 'last lines of its log', whole, 10)
    .action((given: string, { log: limit }: { log: number }) =>
      inTerminal(json(), async ({ service, workspace, output }) => {
        const id = workspace.store.resolve(given)
        const detail = await service.call('runs.get', { id })
        const log = await service.call('runs.log', { id, limit: Math.max(1, limit) })
        const neurons = await service.call('runs.neurons', { id })
        output.result({ ...detail, log: log.lines, sessions: sessionScores(neurons).sessions }, () =>
          describeRun(detail, log.lines, neurons),
        )
      }),
    )
}

function addStop(program: Command, json: () => boolean): void {
  program
    .command('stop')
    .description('stop a run with a checkpoint, or take it out of the queue')
    .argument('<id>')
    .option('--epoch', 'after the current epoch')
    .action((given: string, options: { epoch?: boolean }) =>
      inTerminal(json(), async ({ service, workspace, output }) => {
        const id = workspace.store.resolve(given)
        const done = await service.call('runs.stop', { id, when: options.epoch === true ? 'epoch' : 'now' })
        output.result(done, () => `${id.slice(0, 10)} has been asked to stop.`)
      }),
    )
}

function addRemoveAndRestore(program: Command, json: () => boolean): void {
  for (const [name, method, said] of [
    ['remove', 'runs.remove', 'is in the trash; `cotrain restore` brings it back.'],
    ['restore', 'runs.restore', 'is back.'],
  ] as const)
    program
      .command(name)
      .description(
        name === 'remove' ? 'move a run to the trash' : 'bring a run back from the trash (full id)',
      )
      .argument('<id>')
      .action((given: string) =>
        inTerminal(json(), async ({ service, workspace, output }) => {
          const id = name === 'remove' ? workspace.store.resolve(given) : given
          const done = await service.call(method, { id })
          output.result(done, () => `${id.slice(0, 10)} ${said}`)
        }),
      )
}

async function runConfigs(
  terminal: Terminal,
  files: readonly string[],
  options: RunOptions,
): Promise<number> {
  const { service, output } = terminal
  const configs: RunConfig[] = []
  for (const file of files) {
    const config = await readConfig(file)
    for (const text of configWarnings(config)) output.note(`${file}: ${text}`)
    const { seed = config.seed, from } = options
    const parent =
      from === undefined ? config.parent : { ...from, file: null, use: 'weights' as const, strict: false }
    configs.push({ ...config, seed, parent })
  }
  const ids: string[] = []
  for (const config of configs) {
    const { id, created, status } = await service.call('runs.create', {
      config,
      force: options.force === true,
      priority: options.priority,
      device: options.card ?? null,
    })
    ids.push(id)
    if (status === 'diverged')
      output.note(
        `Tried before, and diverged: ${id.slice(0, 10)}. Change the config, or use --force to train it again.`,
      )
    else if (!created && status === 'finished')
      output.note(`Already done: ${id.slice(0, 10)}. Use --force to train it again.`)
    else output.note(`${created ? 'Queued' : 'Already there'}: ${id.slice(0, 10)} ${config.name}`.trimEnd())
  }
  return options.wait ? waitFor(terminal, ids) : shown(terminal, ids)
}

async function waitFor(terminal: Terminal, ids: readonly string[]): Promise<number> {
  const { store } = terminal.workspace
  if (ids.some((id) => !OVER.has(store.read(id).status))) {
    await ensureEngine(terminal)
    await followRuns(terminal, ids)
  }
  return shown(terminal, ids)
}

const BAD: ReadonlySet<string> = new Set(['failed', 'diverged', 'interrupted'])

function shown({ workspace: { store }, output }: Terminal, ids: readonly string[]): number {
  const runs = ids.map((id) => store.summary(id))
  output.result(runs, () => runTable(runs))
  return runs.some(({ status }) => BAD.has(status)) ? exitCodeOf(runs) : 0
}

/** A run, and the epoch of one of its checkpoints. */
function fromMoment(text: string): NonNullable<RunOptions['from']> {
  const found = /^([0-9a-f]+)(?:@(\d+(?:\.\d+)?))?$/.exec(text)
  if (found?.[1] === undefined) throw new InvalidArgumentError('expected the id of a run, or <id>@<epoch>.')
  return { run: found[1], epoch: found[2] === undefined ? null : Number(found[2]) }
}
