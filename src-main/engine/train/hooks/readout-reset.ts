import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { inReadout } from './freeze.ts'
import type { Hook, Moment, Workbench } from './hook.ts'

export interface ReadoutResetOptions {
  readonly epoch: number | null
  readonly batch: number | null
}

/**
 * Re-initialises the readout before every n-th epoch or batch, the first included (RandomReadoutReset of earlier
 * neural_cotraining), so that the core cannot lean on one fixed readout.
 */
export function readoutReset(options: ReadoutResetOptions, readoutName: string): Hook {
  const reset = (bench: Workbench, moment: Moment): void => {
    const names = bench.model.specs.filter(
      (s) => s.kind === 'parameter' && !s.frozen && inReadout(s, readoutName),
    )
    if (names.length === 0) throw noReadout(readoutName)
    bench.reinitialise(
      names.map((s) => s.name),
      moment.rng,
    )
  }
  const due = (every: number | null, count: number): boolean => every !== null && count % every === 0
  return {
    name: 'RandomReadoutReset',
    beforeEpoch: (moment, bench) => {
      if (!due(options.epoch, moment.epoch - 1)) return null
      reset(bench, moment)
      return { text: 'readout re-initialised', mark: 'reset' }
    },
    beforeBatch: (moment, bench) => {
      if (due(options.batch, moment.batch)) reset(bench, moment)
      return null
    },
  }
}

const noReadout = (name: string): CotrainError =>
  new CotrainError({
    code: 'config-invalid',
    path: 'trainer.config.readout_name',
    message: `no parameter of the model has "${name}" in its name, so there is no readout to reset.`,
    hint: 'Name a part that the names of readout parameters share.',
  })
