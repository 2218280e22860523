import { expect, it } from 'vitest'
import { startDemo } from '../../../../../src-main/runs/demo/start-demo.ts'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import { openTestService } from '../../../../support/test-service.ts'

it('takes the smallest demo where runs have all cards and nothing can be timed, and says so', async () => {
  const { workspace, close } = openTestService(temporaryFolder())
  const message = 'the card is busy: card 0 (A100) with run "long".'
  const busy = () => Promise.reject(new CotrainError({ code: 'engine-unavailable', message }))
  const { ids, note } = await startDemo(workspace, 'auto', busy)
  expect(ids).toHaveLength(3)
  expect(note).toMatch(
    /^Size "quick", one seed: .*\(not timed: the card is busy: card 0 \(A100\) with run "long"/,
  )
  await expect(startDemo(workspace, 'auto', () => Promise.reject(new Error('it fell')))).rejects.toThrow(
    'it fell',
  )
  await close()
})
