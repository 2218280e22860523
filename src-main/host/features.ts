import type { RunConfig } from '../../src-shared/schema/run-config.ts'
import type { DataFeature, DemoFeature } from '../service/parts.ts'

/** The demo, sized by timing a worker, which never happens in this process. */
export const demoFeature: DemoFeature = {
  start: async (workspace, size) => {
    const [{ startDemo }, { configTiming }] = await Promise.all([
      import('../runs/demo/start-demo.ts'),
      import('../runs/demo/time-config.ts'),
    ])
    const time = (config: RunConfig) =>
      workspace.ask({
        job: 'time',
        folder: workspace.folder,
        request: config,
        answer: configTiming,
        doing: 'timing a few steps',
        trainers: [config.trainer],
      })
    return startDemo(workspace, size, time)
  },
}

/** Data sets that people add and look at. Loaded with its decoders (HDF5, images) at the first call: a start must not wait for them. */
export const dataFeature: DataFeature = onDemand(async () => {
  const [{ dataLibrary }, { runsUsing }] = await Promise.all([
    import('../data/library/library.ts'),
    import('../data/places/used-sets.ts'),
  ])
  return { ...dataLibrary, uses: ({ store }, id) => runsUsing(store, id) } satisfies DataFeature
})

type AsyncMethods<T> = { [K in keyof T]: (...given: never[]) => Promise<unknown> }

/** An object whose methods fetch it first. */
function onDemand<T extends AsyncMethods<T>>(load: () => Promise<T>): T {
  let loaded: Promise<T> | undefined
  return new Proxy({} as T, {
    get:
      (_, name) =>
      async (...given: never[]) =>
        (await (loaded ??= load()))[name as keyof T](...given),
  })
}

/** Loads what was left out of the start, so that its first use is fast and no later build can take it away. */
export async function loadTheRest(): Promise<void> {
  await import('../runs/workers/real-engine.ts')
  await import('../runs/create/model-card.ts')
  await import('../data/library/library.ts')
}
