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
  threads: 0,
  slotsPerGpu: 1,
  author: '',
  notify: true,
  blockSleep: true,
  lookForUpdates: false,
}

/** Settings of a home; a value that is absent has its default. */
export function readSettings({ layout }: RunStore): Settings {
  return { ...DEFAULTS, ...defined(readJson(layout.settings, stored) ?? {}), home: layout.home }
}

export async function changeSettings(store: RunStore, change: z.infer<typeof stored>): Promise<Settings> {
  const { home: _home, ...now } = readSettings(store)
  await store.disk.writeFile(
    store.layout.settings,
    `${JSON.stringify({ ...now, ...defined(change) }, null, 1)}\n`,
  )
  return readSettings(store)
}

/** What workers see of the settings; a variable that the caller has set himself wins. */
export function workerEnvironment({
  engine,
  threads,
  tensorflowFolder,
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
export async function rememberUi(store: RunStore, key: string, value: unknown): Promise<void> {
  const kept = new Map(Object.entries(readUi(store)))
  if (value === undefined || value === null) kept.delete(key)
  else kept.set(key, value)
  const text = JSON.stringify(Object.fromEntries(kept))
  if (text.length > MAX_UI_BYTES) throw new RangeError('the interface cannot remember more than 1 MB')
  await store.disk.writeFile(uiPath(store), text)
}

const defined = <T extends object>(value: T): Partial<Stored> =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined))
