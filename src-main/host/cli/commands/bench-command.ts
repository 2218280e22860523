import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { reportText } from '../../../runs/bench/bench-report.ts'
import { runBench } from '../../../runs/bench/run-bench.ts'
import { inTerminal } from '../base/terminal.ts'
import { ensureEngine } from './engine-commands.ts'

interface BenchOptions {
  readonly quick?: boolean
  readonly anyway?: boolean
  readonly engine?: string
  readonly batch: number
  readonly width: number
}

/** `cotrain bench`: what this machine computes in a second, as a table to paste. */
export function addBenchCommand(program: Command, json: () => boolean): void {
  program
    .command('bench')
    .description(
      'measure training, evaluation and loading of images on this machine, on data made in memory (some minutes)',
    )
    .option('--quick', 'each part once, for about three seconds each')
    .option('--engine <which>', 'another engine than that of runs: native, gpu, wasm')
    .option('--batch <n>', 'images of each task in a step', wholeNumber, 16)
    .option('--width <share>', 'share of the channels of the networks, above 0 and up to 1', share, 1)
    .option('--anyway', 'although a run is training: the numbers will be too low')
    .action(({ quick = false, anyway = false, engine, batch, width }: BenchOptions) =>
      inTerminal(json(), async (terminal) => {
        const { workspace, output } = terminal
        if (engine === undefined) await ensureEngine(terminal)
        const stop = new AbortController()
        const interrupt = (): void =>
          stop.abort(new CotrainError({ code: 'cancelled', message: 'the measurement was interrupted.' }))
        process.once('SIGINT', interrupt)
        try {
          const wish = { quick, anyway, engine: engine ?? null, batch, width }
          const report = await runBench(workspace, wish, {
            signal: stop.signal,
            progress: (text) => output.note(text),
          })
          output.result(report, () => reportText(report))
          return report.isComplete ? 0 : 1
        } finally {
          process.off('SIGINT', interrupt)
        }
      }),
    )
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number from 1.')
  return value
}

function share(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('expected a number above 0 and up to 1.')
  return value
}
