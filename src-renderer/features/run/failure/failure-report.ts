import type { RunSummary } from '../../../../src-shared/contract/run.ts'

/** Home folders tell who somebody is; the rest of a path is needed to help. */
export const scrubPaths = (text: string): string =>
  text
    .replaceAll(/\/(?:home|Users)\/[^/\s:"']+/g, '~')
    .replaceAll(/[A-Za-z]:\\Users\\[^\\\s:"']+/g, '~')
    .replaceAll(/\/root(?=\/|\b)/g, '~')

/** A failed run as text for a colleague or a bug report. */
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
  return scrubPaths(lines.join('\n'))
}
