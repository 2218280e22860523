import { expect, it } from 'vitest'
import { failureReport } from '../../../../../../src-renderer/features/run/failure/failure-report.ts'
import { demoRuns } from '../../../../../support/fake-renderer/made-up-runs.ts'

it('holds what a colleague needs to help', () => {
  const run = demoRuns().find((r) => r.summary.status === 'failed')!.summary
  const text = failureReport(run, 'loss was not a number', 'lower the rate', [
    { at: 0, level: 'error', text: 'in /home/ann/x' },
  ])
  for (const part of [
    run.shortId,
    'seed 1000',
    'Cause: loss was not a number (trainer.config.optimizer_options.lr)',
    'Next: lower the rate',
    'error in /home/ann/x',
  ])
    expect(text).toContain(part)
})
