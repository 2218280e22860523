import type { Command } from 'commander'
import type { Params } from '../../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Terminal } from '../base/terminal.ts'
import { inTerminal } from '../base/terminal.ts'
import { writeOrShow } from '../base/write-or-show.ts'
import { DATA_DIR, oneOf, relocate, whole } from './run-options.ts'

type Text = Params<'runs.export'>['what']
type Tracker = Params<'runs.exportTracker'>['tracker']
type NetworkFormat = Params<'runs.exportNetwork'>['format']

const TRACKERS: readonly Tracker[] = ['tensorboard', 'mlflow']
const NETWORKS: readonly NetworkFormat[] = ['pytorch', 'onnx']
const TEXTS: readonly Text[] = [
  'config',
  'metrics',
  'neurons',
  'metrics-parquet',
  'neurons-parquet',
  'result',
  'jsonl',
  'nnfabrik',
]
type Exported = Text | Tracker | NetworkFormat | 'weights'
const exported = oneOf(...TEXTS, 'weights', ...NETWORKS, ...TRACKERS)

const isTracker = (what: Exported): what is Tracker => TRACKERS.some((t) => t === what)
const isNetwork = (what: Exported): what is NetworkFormat => NETWORKS.some((n) => n === what)

/** Where each goes that is no text for a terminal. */
const PLACES: Readonly<
  Record<Tracker | NetworkFormat | 'weights', readonly [what: string, example: string]>
> = {
  weights: ['weights go into a file', 'weights.safetensors'],
  pytorch: ['a network for PyTorch goes into a new folder', 'network'],
  onnx: ['a network as ONNX goes into a new folder', 'network'],
  tensorboard: ['a run for tensorboard goes into a folder', 'logs'],
  mlflow: ['a run for mlflow goes into a folder', 'mlruns'],
}

interface Options {
  readonly what: Exported
  readonly out?: string
  readonly fromEpoch?: number
  readonly dataDir: readonly string[]
}

export function addExport(program: Command, json: () => boolean): void {
  program
    .command('export')
    .description(
      'write config, metrics, neurons, result, weights or network of a run, or the run for TensorBoard or MLflow',
    )
    .argument('<id>')
    .option(
      '--what <what>',
      'config, metrics, neurons (both CSV, or Parquet: metrics-parquet, neurons-parquet), result, jsonl (curves and units), nnfabrik (config), weights (safetensors), pytorch, onnx (the network), tensorboard or mlflow',
      exported,
      'result' as const,
    )
    .option('--out <file>', 'into this file (networks and trackers: folder) instead of the terminal')
    .option('--from-epoch <n>', 'weights of this kept checkpoint instead of the final ones', whole)
    .option(...DATA_DIR)
    .action((given: string, options: Options) =>
      inTerminal(json(), (terminal) => exportRun(terminal, given, options)),
    )
}

async function exportRun(
  terminal: Terminal,
  given: string,
  { what, out, fromEpoch, dataDir }: Options,
): Promise<void> {
  const { service, workspace, output } = terminal
  const id = workspace.store.resolve(given)
  await relocate(terminal, id, dataDir)
  if (fromEpoch !== undefined && what !== 'weights') throw epochOfWeights(what)
  if (isTracker(what) || isNetwork(what)) {
    const to = needed(out, what)
    const { path } = isTracker(what)
      ? await service.call('runs.exportTracker', { id, to, tracker: what })
      : await service.call('runs.exportNetwork', { id, to, format: what })
    return output.result({ folder: path }, () => `Written to ${path}.`)
  }
  if (what === 'weights') {
    const { exportWeights } = await import('../../../runs/weights/export-weights.ts')
    await exportWeights(workspace, id, needed(out, what), fromEpoch)
  } else {
    return writeOrShow(output, await service.call('runs.export', { id, what }), out)
  }
  output.result({ file: out }, () => `Written to ${out}.`)
}

const epochOfWeights = (what: Exported): CotrainError =>
  new CotrainError({
    code: 'config-invalid',
    path: '--from-epoch',
    message: `checkpoints hold weights, no ${what}.`,
    hint: 'Add --what weights, or leave it out.',
  })

function needed(out: string | undefined, what: keyof typeof PLACES): string {
  if (out !== undefined) return out
  const [message, example] = PLACES[what]
  throw new CotrainError({
    code: 'config-invalid',
    path: '--out',
    message: `${message}.`,
    hint: `Add --out ${example}.`,
  })
}
