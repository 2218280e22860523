import type { z } from 'zod'
import type { finding, SetFix } from './views.ts'

/** A step that mends all findings of one cause in a recording, as `data.mend` takes it. */
export interface OfferedFix {
  readonly label: string
  readonly fix: SetFix
}

const FIXES: Readonly<Record<string, readonly OfferedFix[]>> = {
  'no-test-trials': [{ label: 'Set 20 % as test, seed 1', fix: { kind: 'test-share', share: 0.2, seed: 1 } }],
  'dead-units': [{ label: 'Leave these units out', fix: { kind: 'units', which: 'dead' } }],
  'empty-units': [{ label: 'Leave these units out', fix: { kind: 'units', which: 'empty' } }],
  'duplicate-units': [{ label: 'Leave the copies out', fix: { kind: 'units', which: 'copies' } }],
  'duplicate-stimuli': [{ label: 'Give equal images one id', fix: { kind: 'equal-images' } }],
  'test-pixels-in-training': [{ label: 'Give equal images one id', fix: { kind: 'equal-images' } }],
  'test-images-in-training': [{ label: 'Make all their trials test trials', fix: { kind: 'test-images' } }],
  'area-not-stated': [
    { label: 'They are V1', fix: { kind: 'area', area: 'v1' } },
    { label: 'They are V4', fix: { kind: 'area', area: 'v4' } },
  ],
}

/** What mends findings of one cause `code`; empty where only the files or a decision of the lab can. */
export function fixesOf(
  code: string,
  findings: readonly Pick<z.infer<typeof finding>, 'missing'>[],
): readonly OfferedFix[] {
  const values = [...new Set(findings.flatMap(({ missing }) => missing ?? []))]
  const asMissing: readonly OfferedFix[] =
    values.length === 0 ? [] : [{ label: 'Treat as missing', fix: { kind: 'missing', values } }]
  return [...asMissing, ...(FIXES[code] ?? [])]
}
