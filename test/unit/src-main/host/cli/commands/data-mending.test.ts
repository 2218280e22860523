import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Result } from '../../../../../../src-shared/contract/contract.ts'
import { dataLibrary } from '../../../../../../src-main/data/library/library.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'
import { terminal } from '../../../../../support/terminal.ts'
import { writeSmallRecording } from '../../../../../support/small-recording.ts'

const folder = temporaryFolder()

it('mends a finding by its number and takes that back', { timeout: 240_000 }, async () => {
  const { home, say, ask, refusal } = await terminal(join(folder, 'home'), 'wasm')
  const stem = join(folder, 'cells')
  await writeSmallRecording(stem, { seed: 1, tested: false })
  const mapping: unknown = JSON.parse(readFileSync(`${stem}.json`, 'utf8'))
  const added = await dataLibrary.add({ home, folder }, { path: `${stem}.npz`, mapping })
  const at = added.findings.findIndex(({ code }) => code === 'no-test-trials') + 1
  expect(say('data', 'mend', 'cells').stdout).toContain('--way 1: Set 20 % as test, seed 1')
  const mended = ask<Result<'data.mend'>>('data', 'mend', 'cells', String(at))
  expect(mended.options).toEqual({ test_frac: 0.2, test_seed: 1 })
  expect(ask<Result<'data.mend'>>('data', 'mend', 'cells', '--undo').options).toBeUndefined()
  expect(refusal('data', 'mend', 'cells', '99')).toContain('cells has no finding "99".')
})
