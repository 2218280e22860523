import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Params } from '../../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { inTerminal } from '../base/terminal.ts'
import { DATA_DIR, oneOf, relocate, whole } from './run-options.ts'

type Exported = Params<'runs.export'>['what'] | Params<'runs.exportTracker'>['tracker'] | 'weights'
const exported = oneOf('config', 'metrics', 'neurons', 'result', 'weights', 'tensorboard', 'mlflow')

export function addExport(program: Command, json: () => boolean): void {
  program
    .command('export')
    .description(
      'write config, metrics, neurons, result or weights of a run, or the run for TensorBoard or MLflow',
    )
    .argument('<id>')
    .option(
      '--what <what>',
      'config, metrics, neurons, result, weights (safetensors), tensorboard or mlflow (folders)',
      exported,
      'result' as const,
    )
    .option('--out <file>', 'into this file (trackers: folder) instead of the terminal')
    .option('--from-epoch <n>', 'weights of this kept checkpoint instead of the final ones', whole)
    .option(...DATA_DIR)
    .action(
      (given: string, options: { what: Exported; out?: string; fromEpoch?: number; dataDir: string[] }) =>
        inTerminal(json(), async (terminal) => {
          const { service, workspace, output } = terminal
          const { what, out, fromEpoch, dataDir } = options
          const id = workspace.store.resolve(given)
          await relocate(terminal, id, dataDir)
          if (fromEpoch !== undefined && what !== 'weights') throw epochOfWeights(what)
          if (what === 'weights') {
            const { exportWeights } = await import('../../../runs/weights/export-weights.ts')
            await exportWeights(workspace, id, needed(out, what), fromEpoch)
          } else if (what === 'tensorboard' || what === 'mlflow') {
            const to = needed(out, what)
            const { path } = await service.call('runs.exportTracker', { id, to, tracker: what })
            return output.result({ folder: path }, () => `Written to ${path}.`)
          } else {
            const file = await service.call('runs.export', { id, what })
            if (out === undefined) return output.result(file, () => file.text.trimEnd())
            await writeFile(out, file.text)
          }
          output.result({ file: out }, () => `Written to ${out}.`)
        }),
    )
}

const epochOfWeights = (what: Exported): CotrainError =>
  new CotrainError({
    code: 'config-invalid',
    path: '--from-epoch',
    message: `checkpoints hold weights, no ${what}.`,
    hint: 'Add --what weights, or leave it out.',
  })

/** Weights and runs for trackers are no text for a terminal. */
function needed(out: string | undefined, what: Exported): string {
  if (out !== undefined) return out
  const isFile = what === 'weights'
  throw new CotrainError({
    code: 'config-invalid',
    path: '--out',
    message: isFile ? 'weights go into a file.' : `a run for ${what} goes into a folder.`,
    hint: isFile ? 'Add --out weights.safetensors.' : `Add --out ${what === 'mlflow' ? 'mlruns' : 'logs'}.`,
  })
}
