import type { Result } from '../../../../src-shared/contract/contract.ts'
import { fixesOf, type OfferedFix } from '../../../../src-shared/contract/finding-fixes.ts'
import type { SetFix } from '../../../../src-shared/contract/views.ts'
import type { Finding } from './finding-order.ts'
import { openOnes, sortFindings } from './finding-order.ts'

export type Fix = SetFix

/** Findings of one cause. */
export interface FindingGroup {
  readonly code: string
  /** "No test trials: 5 sessions"; of a single finding its message. */
  readonly title: string
  /** The gravest of those that count comes first. */
  readonly findings: readonly Finding[]
  readonly fixes: readonly OfferedFix[]
}

const TITLES: Readonly<Record<string, string>> = {
  'no-test-trials': 'No test trials',
  'no-repeats': 'Too few repeats',
  'test-images-in-training': 'Test images in training trials',
  'test-pixels-in-training': 'Test images in training under another id',
  'duplicate-stimuli': 'Equal images with several ids',
  'dead-units': 'Units that never change',
  'empty-units': 'Units without a response',
  'duplicate-units': 'Units that repeat another one',
  'high-fano': 'Units with a very high Fano factor',
  'missing-responses': 'Missing responses',
  'suspected-missing': 'Values that may stand for "not recorded"',
  'infinite-responses': 'Infinite responses',
  'responses-unrelated-to-images': 'Responses unrelated to the images',
  'shifted-images': 'Responses that fit shifted images better',
  'train-test-overlap': 'Images in two parts',
  'duplicate-images': 'Copies of images',
  'contradicting-labels': 'Copies with another label',
  'blank-images': 'Blank images',
  'class-imbalance': 'Classes of unequal size',
  'empty-classes': 'Classes without an image',
  'left-out': 'Not used',
  'data-changed': 'Changed files',
  unreadable: 'Not readable',
}

/** Findings by cause, the grave causes first, those that were set aside last. Files of images are never changed: only recordings have fixes. */
export function groupFindings({
  findings,
  kind,
}: Pick<Result<'data.get'>, 'findings' | 'kind'>): FindingGroup[] {
  const groups = new Map<string, Finding[]>()
  for (const finding of sortFindings(findings))
    groups.set(finding.code, [...(groups.get(finding.code) ?? []), finding])
  return [...groups].map(([code, found]) => ({
    code,
    title: titleOf(code, found),
    findings: found,
    fixes: kind === 'neural' && openOnes(found).length > 0 ? fixesOf(code, found) : [],
  }))
}

function titleOf(code: string, findings: readonly Finding[]): string {
  const [first] = findings
  if (first !== undefined && findings.length === 1) return first.message
  const inSessions = findings.every(({ where }) => where?.session !== undefined)
  const inParts = findings.every(({ where }) => where?.part !== undefined)
  const what = inSessions ? 'sessions' : inParts ? 'parts' : 'findings'
  return `${TITLES[code] ?? code}: ${findings.length} ${what}`
}
