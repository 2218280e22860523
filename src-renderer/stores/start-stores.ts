import { useApp } from './app.ts'
import { useEngineSetup } from './engine-setup.ts'
import { useMemory } from './memory.ts'
import { usePlugins } from './plugins.ts'
import { useQueue } from './queue.ts'
import { useRuns } from './runs.ts'
import { useSettings } from './settings.ts'

/** Asks the service for what every page needs and follows its news; once for a window. */
export function startStores(): void {
  useApp().start()
  useEngineSetup().start()
  useRuns().start()
  useQueue().start()
  void usePlugins().load()
  void useMemory()
    .load()
    .catch(() => undefined)
  void useSettings()
    .load()
    .catch(() => undefined)
}
