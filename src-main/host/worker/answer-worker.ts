import { writeFileAtomic } from '../../disk/atomic-write.ts'
import { cotrainHome } from '../../disk/home.ts'
import { progressLine } from '../../runs/workers/ask-worker.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { realEngine } from '../../runs/workers/real-engine.ts'
import { openRunStore } from '../../store/run-store.ts'

/** In a worker process: scores trained networks, analyses them, lets them answer images, or writes them down for others. */
export async function answerHere(
  job: 'evaluate' | 'predict' | 'baselines' | 'analyse' | 'network' | 'package' | 'open-package',
  request: unknown,
  folder: string,
): Promise<unknown> {
  const home = cotrainHome()
  const store = openRunStore({ home, disk: { writeFile: writeFileAtomic } })
  const deps: DataDeps = {
    home,
    folder,
    now: () => performance.now(),
    date: () => new Date(),
    progress: (text, fraction) => void process.stdout.write(`${progressLine(text, fraction)}\n`),
  }
  try {
    const wish = request as never // written by the service from checked parameters
    const { name: engine } = await realEngine.loadBackend()
    if (job === 'evaluate') {
      const { evaluateHere } = await import('../../runs/evaluate/evaluate-here.ts')
      return await evaluateHere(wish, { store, deps, engine })
    }
    if (job === 'baselines') {
      const { baselinesHere } = await import('../../runs/evaluate/baseline-here.ts')
      return await baselinesHere(wish, { store, deps, engine })
    }
    if (job === 'analyse') {
      const { analyseHere } = await import('../../runs/analyse/analyse-here.ts')
      return await analyseHere(wish, { store, deps, engine })
    }
    if (job === 'network') {
      const { networkHere } = await import('../../runs/exchange/network-here.ts')
      return await networkHere(wish, { store, deps })
    }
    if (job === 'package') {
      const { writePackageHere } = await import('../../runs/packages/write-here.ts')
      return await writePackageHere(wish, { store, deps })
    }
    if (job === 'open-package') {
      const { openPackageHere } = await import('../../runs/packages/open-here.ts')
      return await openPackageHere(wish, { store, deps, engine })
    }
    const { predictHere } = await import('../../runs/evaluate/predict-here.ts')
    return await predictHere(wish, { store, deps })
  } finally {
    store.close()
  }
}
