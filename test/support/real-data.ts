import { describeData } from '../../src-main/data/assemble/build-data.ts'
import type { DataDeps } from '../../src-main/data/content/data-deps.ts'
import type { DescribeData } from '../../src-main/runs/workers/engine-parts.ts'
import { executeRun } from '../../src-main/runs/work/execute-run.ts'
import { toProblems } from '../../src-shared/contract/errors.ts'
import { fakeEngine } from './fake-engine.ts'
import type { Lab } from './lab.ts'

/** Real data in front of the engine that counts. */
export const depsIn = (home: string, folder: string): DataDeps => ({
  home,
  folder,
  now: () => 0,
  date: () => new Date(0),
})

/** Looks at the real data of a config. */
export function describedIn(home: string): DescribeData {
  return async (choice, seed, folder) => {
    try {
      const found = await describeData(choice, seed, depsIn(home, folder))
      return { ...found, items: [], problems: [], shapes: null }
    } catch (error) {
      return { fingerprint: '', items: [], problems: toProblems(error), shapes: null }
    }
  }
}

/** Works on a queued run; `epoch` stops it after the first one. */
export async function workOn({ store, home }: Lab, id: string, asked: 'no' | 'epoch' = 'no'): Promise<void> {
  const parts = { ...fakeEngine, describeData: describedIn(home) }
  await executeRun({ store, id, parts, appVersion: '1.0.0', news: () => undefined, asked: () => asked })
}
