import { mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  adoptCheckpoint,
  checkpointFolders,
  keptCheckpoints,
  latestCheckpoint,
  RETENTION,
  type Retention,
  saveCheckpoint,
} from '../../../../../src-main/store/files/checkpoint-folder.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
let count = 0
const fresh = (): string => join(root, String(count++), 'checkpoints')

const save = (
  folder: string,
  epoch: number,
  best = false,
  text = `epoch ${epoch}`,
  keep: Retention = RETENTION,
) => {
  const files = new Map([['state.json', [Buffer.from(text)]]])
  return saveCheckpoint(folder, { step: epoch * 10, epoch, score: epoch, best, config: 'c', files }, keep)
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

  it('that are damaged do not count among those kept, and go once two whole ones are newer', () => {
    const folder = fresh()
    for (const epoch of [1, 2]) save(folder, epoch)
    writeFileSync(join(folder, '2-20', 'state.json'), 'epoch 9')
    save(folder, 3)
    expect(steps(folder)).toEqual([30, 20, 10])
    truncateSync(join(folder, '3-30', 'state.json'), 3)
    expect(latestCheckpoint(folder, 'c').found?.manifest.step).toBe(10)
    save(folder, 4)
    expect(steps(folder)).toEqual([40, 30, 20, 10])
    save(folder, 5)
    expect(steps(folder)).toEqual([50, 40])
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

  it('keep those of every n-th epoch, and as many as are asked for', () => {
    const folder = fresh()
    for (const epoch of [1, 2, 3, 4, 5, 6, 7])
      save(folder, epoch, epoch < 4, '', { last: 1, best: 2, every: 4 })
    expect(steps(folder)).toEqual([70, 40, 30, 20])
    save(folder, 8, false, '', { last: 3, best: 0, every: 0 })
    expect(steps(folder)).toEqual([80, 70, 40])
  })

  it('are listed newest first by step, then by epoch; other names are none of them', () => {
    const folder = fresh()
    for (const name of ['2.25-40', '2-40', '12-100', 'x1-10', '1-10x', '1.-10', '1-', '.new-1-10-ab', '3'])
      mkdirSync(join(folder, name), { recursive: true })
    expect(checkpointFolders(folder)).toEqual([
      { place: join(folder, '12-100'), epoch: 12, step: 100 },
      { place: join(folder, '2.25-40'), epoch: 2.25, step: 40 },
      { place: join(folder, '2-40'), epoch: 2, step: 40 },
    ])
    expect(checkpointFolders(join(folder, 'nowhere'))).toEqual([])
  })

  it('with a spoilt manifest are passed over, and do not keep a new one from being saved', () => {
    const folder = fresh()
    const first = save(folder, 1, true)
    save(folder, 2)
    expect(keptCheckpoints(folder).map(({ manifest }) => manifest.step)).toEqual([20, 10])
    expect(keptCheckpoints(folder)[1]).toEqual(first)
    writeFileSync(join(folder, '1-10', 'manifest.json'), '{ "format": 1')
    rmSync(join(folder, '2-20', 'manifest.json'))
    expect(keptCheckpoints(folder)).toEqual([])
    expect(latestCheckpoint(folder, 'c').skipped).toHaveLength(2)
    save(folder, 3)
    expect(latestCheckpoint(folder, 'c')).toMatchObject({ found: { manifest: { step: 30 } }, skipped: [] })
    expect(steps(folder)).toEqual([30, 20, 10])
  })

  it('are taken over by a run that goes on, whole or not at all', () => {
    const [from, to] = [fresh(), fresh()]
    const files = new Map([['state.json', [Buffer.from('ab'), Buffer.from('c')]]])
    const made = saveCheckpoint(from, { step: 5, epoch: 1.5, score: NaN, best: true, config: 'c', files })
    expect(made.manifest).toMatchObject({ score: null, best: true, epoch: 1.5 })
    adoptCheckpoint(made, to, 'other')
    const { found } = latestCheckpoint(to, 'other')
    expect(found?.manifest).toEqual({ ...made.manifest, config: 'other' })
    expect(readFileSync(join(found?.folder ?? '', 'state.json'), 'utf8')).toBe('abc')
    const scored = save(fresh(), 2)
    adoptCheckpoint(scored, to, 'other')
    expect(latestCheckpoint(to, 'other').found?.manifest.score).toBe(2)
    writeFileSync(join(from, '1.5-5', 'state.json'), 'abd')
    const nowhere = fresh()
    expect(() => adoptCheckpoint(made, nowhere, 'other')).toThrow(/does not have the content/)
    expect(checkpointFolders(nowhere)).toEqual([])
  })

  it('that cannot be written leave nothing behind and say why', () => {
    const folder = fresh()
    save(folder, 1)
    // A file stands where the folder of the new one has to go.
    writeFileSync(join(folder, '2-20'), 'a file')
    expect(() => save(folder, 2)).toThrow(/ENOTDIR|EEXIST|EPERM/)
    expect(readdirSync(folder).sort()).toEqual(['1-10', '2-20'])
  })
})
