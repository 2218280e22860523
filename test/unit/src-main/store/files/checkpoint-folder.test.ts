import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  checkpointFolders,
  latestCheckpoint,
  saveCheckpoint,
} from '../../../../../src-main/store/files/checkpoint-folder.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
let count = 0
const fresh = (): string => join(root, String(count++), 'checkpoints')

const save = (folder: string, epoch: number, best = false, text = `epoch ${epoch}`): void => {
  const files = new Map([['state.json', [Buffer.from(text)]]])
  saveCheckpoint(folder, { step: epoch * 10, epoch, score: epoch, best, config: 'c', files })
}
const steps = (folder: string): number[] => checkpointFolders(folder).map(({ step }) => step)

describe('checkpoints', () => {
  it('keep the last two and the last best one', () => {
    const folder = fresh()
    for (const [epoch, best] of [
      [1, true],
      [2, true],
      [3, false],
      [4, false],
      [5, false],
    ] as const)
      save(folder, epoch, best)
    expect(steps(folder)).toEqual([50, 40, 20])
  })

  it('fall back to the one before when the newest is damaged, and say why', () => {
    const folder = fresh()
    save(folder, 1)
    save(folder, 2)
    truncateSync(join(folder, '2-20', 'state.json'), 3)
    const { found, skipped } = latestCheckpoint(folder, 'c')
    expect(found?.manifest.step).toBe(10)
    expect(skipped).toEqual(['checkpoint at step 20 left out: state.json has 3 bytes, expected 7.'])
  })

  it('are refused when one byte differs, a file or the manifest is missing, or the config is another', () => {
    const folder = fresh()
    save(folder, 1)
    const file = join(folder, '1-10', 'state.json')
    writeFileSync(file, 'epoch 9')
    expect(latestCheckpoint(folder, 'c').skipped[0]).toMatch(/does not have the content/)
    rmSync(file)
    expect(latestCheckpoint(folder, 'c').skipped[0]).toMatch(/is missing/)
    rmSync(join(folder, '1-10', 'manifest.json'))
    expect(latestCheckpoint(folder, 'c').skipped[0]).toMatch(/no manifest/)
    const other = fresh()
    save(other, 1)
    expect(latestCheckpoint(other, 'other').found).toBeNull()
  })

  it('ignore and later remove what a killed process left half written', () => {
    const folder = fresh()
    save(folder, 1)
    writeFileSync(join(folder, '.new-2-20-abcd'), 'half')
    expect(latestCheckpoint(folder, 'c').found?.manifest.step).toBe(10)
    save(folder, 2)
    expect(readdirSync(folder).sort()).toEqual(['1-10', '2-20'])
  })

  it('can be written again at the same step by a resumed run', () => {
    const folder = fresh()
    save(folder, 1, false, 'before')
    save(folder, 1, false, 'after!')
    expect(latestCheckpoint(folder, 'c').found?.manifest.step).toBe(10)
    expect(steps(folder)).toEqual([10])
  })
})
