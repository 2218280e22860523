import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { platformName } from '../../../../../../src-main/io/native/library/native-info.ts'
import { acceptGiven, wantedFile } from '../../../../../../src-main/io/native/setup/given-wheel.ts'
import { TENSORFLOW, TENSORFLOW_CUDA } from '../../../../../../src-main/io/native/setup/tensorflow-release.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { writeTree } from '../../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const CARD = 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl'
const PROCESSOR = 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl'
const forCard = { release: TENSORFLOW_CUDA }
const forProcessor = { release: TENSORFLOW }

function folderWith(...names: string[]): string {
  const folder = temporaryFolder()
  writeTree(folder, Object.fromEntries(names.map((name) => [name, 'wheel'])))
  return folder
}

describe.runIf(platformName() === 'linux-x64')(
  'a file that is given for the set-up (needs Linux on x64)',
  () => {
    it('is the one for the card on a machine that has one, and nothing is said', async () => {
      const from = folderWith(CARD, PROCESSOR)
      expect(await acceptGiven(from, forCard, 'auto')).toEqual({ provision: { from }, note: null })
    })

    it('is taken where it is the one for the processor, and it is said that the card will not be used', async () => {
      const from = join(folderWith(PROCESSOR), PROCESSOR)
      const { provision, note } = await acceptGiven(from, forCard, 'auto')
      expect(note).toMatch(
        /^tensorflow_cpu-2\.21\.0.* the card will not be used.*tensorflow 2\.21\.0 with the packages/,
      )
      // No other way is tried: what a person gave is used or refused.
      expect(provision).toEqual({ from, routes: ['wheel'], why: note })
    })

    it('is refused where a card was asked for, and where it is neither', async () => {
      const processor = await problemOf(() => acceptGiven(folderWith(PROCESSOR), forCard, 'gpu'))
      expect(processor).toMatchObject({
        code: 'file-missing',
        message: expect.stringContaining('a card was asked for'),
      })
      const neither = await problemOf(() => acceptGiven(folderWith('a.whl'), forCard, 'auto'))
      expect(neither.message).toMatch(/no wheel of tensorflow 2\.21\.0 .* none of tensorflow-cpu 2\.21\.0/)
      expect(neither.hint).toContain('with which the card is not used')
      await expect(acceptGiven(folderWith(CARD), forProcessor, 'cpu')).rejects.toThrow(
        'no wheel of tensorflow-cpu',
      )
    })

    it('is named in the plan', () => {
      expect(wantedFile(forCard)).toContain(
        'the wheel of tensorflow 2.21.0 with the packages of CUDA beside it',
      )
      expect(wantedFile(forProcessor)).toBe('the wheel of tensorflow-cpu 2.21.0')
      expect(wantedFile({ release: null })).toBeNull()
    })
  },
)
