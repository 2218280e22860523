import { z } from 'zod'
import { settings } from '../../../src-shared/contract/views.ts'
import { readJson } from '../../disk/read-json.ts'
import type { RunStore } from '../../store/run-store.ts'

export type Settings = z.infer<typeof settings>
type Stored = Omit<Settings, 'home'>

const stored = settings.omit({ home: true }).partial()
const DEFAULTS: Stored = {
  theme: 'system',
  engine: 'auto',
  tensorflowFolder: '',
  tensorboardFolder: '',
  threads: 0,
  slotsPerGpu: 1,
  author: '',
  notify: true,
  blockSleep: true,
  lookForUpdates: false,
}

/** The last change of each file that is not written yet. */
const changing = new Map<string, Promise<unknown>>()

/** A change is made of what the one before has left: of two at the same moment the second would take the first back. */
function afterOthers<T>(path: string, change: () => Promise<T>): Promise<T> {
  const made = settledChanges(path).then(change)
  changing.set(path, made)
  return made
}

/** Resolves when what was asked for before is in the file, or has failed, which its own caller hears. */
const settledChanges = async (path: string): Promise<void> => {
  await changing.get(path)?.catch(() => undefined)
}

/** Settings of a home; a value that is absent has its default. */
export function readSettings({ layout }: RunStore): Settings {
  return { ...DEFAULTS, ...defined(readJson(layout.settings, stored) ?? {}), home: layout.home }
}

export const changeSettings = (store: RunStore, change: z.infer<typeof stored>): Promise<Settings> =>
  afterOthers(store.layout.settings, async () => {
    const { home: _home, ...now } = readSettings(store)
    await store.disk.writeFile(
      store.layout.settings,
      `${JSON.stringify({ ...now, ...defined(change) }, null, 1)}\n`,
    )
    return readSettings(store)
  })

/** What workers see of the settings; a variable that the caller has set himself wins. */
export function workerEnvironment({
  engine,
  threads,
  tensorflowFolder,
  tensorboardFolder,
  author,
  home,
}: Settings): Record<string, string> {
  const own = (name: string, value: string): Record<string, string> =>
    process.env[name] === undefined && value !== '' ? { [name]: value } : {}
  return {
    COTRAIN_HOME: home,
    ...own('COTRAIN_ENGINE', engine === 'auto' ? '' : engine),
    ...own('TF_NUM_INTRAOP_THREADS', threads === 0 ? '' : String(threads)),
    ...own('COTRAIN_TENSORFLOW', tensorflowFolder),
    ...own('COTRAIN_TENSORBOARD', tensorboardFolder),
    ...own('COTRAIN_AUTHOR', author),
  }
}

/** What the interface remembers: small values by name. */
const uiMemory = z.record(z.string(), z.unknown())
/** The document is read with every start: it holds colours and views, not data. */
const MAX_UI_BYTES = 1_000_000

const uiPath = ({ layout }: RunStore): string => layout.interface

export function readUi(store: RunStore): Record<string, unknown> {
  try {
    return readJson(uiPath(store), uiMemory) ?? {}
  } catch {
    return {} // forgetting colours is better than not starting
  }
}

/** @throws RangeError when the document would grow beyond its limit. */
export const rememberUi = (store: RunStore, key: string, value: unknown): Promise<void> =>
  afterOthers(uiPath(store), async () => {
    const kept = new Map(Object.entries(readUi(store)))
    if (value === undefined || value === null) kept.delete(key)
    else kept.set(key, value)
    const text = JSON.stringify(Object.fromEntries(kept))
    if (text.length > MAX_UI_BYTES) throw new RangeError('the interface cannot remember more than 1 MB')
    await store.disk.writeFile(uiPath(store), text)
  })

/** The same once all that was asked to be remembered is: a second window knows what the first has just said. */
export async function rememberedUi(store: RunStore): Promise<Record<string, unknown>> {
  await settledChanges(uiPath(store))
  return readUi(store)
}

const defined = <T extends object>(value: T): Partial<Stored> =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined))
