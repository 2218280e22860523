import { answersOf } from '../../../../src-shared/contract/answer.ts'
import type { Result } from '../../../../src-shared/contract/contract.ts'

/** What a comparison over seeds says, score by score; empty without a baseline or a score that two settings have. */
export function answerLines(
  compared: Result<'compare.table'>,
  names?: ReadonlyMap<string, string>,
): readonly string[] {
  const lines = answersOf(compared, names).map(({ label, text }) => `${label}: ${text}`)
  return lines.length === 0 ? [] : ['', ...lines]
}
