import type { RunSummary } from '../../../../src-shared/contract/run.ts'

/** A failed run as text for a colleague or a bug report; as it is, to be scrubbed where it is shown. */
export function failureReport(
  run: RunSummary,
  cause: string,
  next: string,
  evidence: readonly { readonly at: number; readonly level: string; readonly text: string }[],
): string {
  const lines = [
    `Run ${run.shortId} "${run.name}" (${run.status})`,
    `Data set ${run.dataset}, model ${run.model}, trainer ${run.trainer}, seed ${run.seed}, engine ${run.backend ?? 'unknown'}`,
    `Epoch ${run.epoch} of ${run.epochs}`,
    `Cause: ${cause}${run.problem?.path === undefined ? '' : ` (${run.problem.path})`}`,
    `Next: ${next}`,
    'Log:',
    ...evidence.map((l) => `  ${new Date(l.at).toISOString()} ${l.level} ${l.text}`),
  ]
  return lines.join('\n')
}
