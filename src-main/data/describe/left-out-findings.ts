import type { LeftOut } from '../../../src-shared/contract/account.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'

const REASONS = {
  error: 'Labels shift, or a split or a class is missing, and no score would tell.',
  warning: 'A part of what was given is missing from the set.',
} as const

/** What was left out and matters, as findings: an account that nobody reads must not hide it. */
export function leftOutFindings(left: readonly LeftOut[]): Finding[] {
  return left.flatMap(({ kind, name, reason, fix, severity }): Finding[] =>
    severity === 'note'
      ? []
      : [
          {
            code: 'left-out',
            severity,
            message: `The ${kind} ${name} is not used: ${reason}`,
            reason: REASONS[severity],
            fix,
            where: { file: name },
          },
        ],
  )
}
