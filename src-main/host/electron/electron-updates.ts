import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dialog } from 'electron'

/** What of electron-updater is used. */
interface Updater {
  autoDownload: boolean
  autoInstallOnAppQuit: boolean
  checkForUpdates(): Promise<{
    readonly isUpdateAvailable: boolean
    readonly updateInfo: { readonly version: string }
  } | null>
  downloadUpdate(): Promise<unknown>
  quitAndInstall(): void
}

export interface UpdateOptions {
  readonly updater: Updater
  /** Version of this app. */
  readonly version: string
  /** Whether the settings allow to look. */
  isWanted(): Promise<boolean>
  isTraining(): boolean
  log(text: string): void
}

const FIRST_LOOK_MS = 60_000
const EACH_MS = 24 * 3600_000

/** The package names a place where newer ones lie (electron-builder writes it); without one nothing ever looks. */
export const hasFeed = (resources: string): boolean => existsSync(join(resources, 'app-update.yml'))

/**
 * Looks once for a newer app and asks before each step; nothing is fetched or installed while a run trains. Who is offered a
 * version when it is staged is decided by the updater.
 * @returns what came of it, for the log
 */
export async function lookForUpdate({
  updater,
  version,
  isWanted,
  isTraining,
}: UpdateOptions): Promise<string> {
  if (!(await isWanted())) return 'switched off in the settings'
  if (isTraining()) return 'not while a run trains'
  updater.autoDownload = false
  updater.autoInstallOnAppQuit = false
  const found = await updater.checkForUpdates()
  if (found?.isUpdateAvailable !== true) return `${version} is the newest`
  const { version: next } = found.updateInfo
  const asked = await ask(`CoTrain ${next} is there; this is ${version}.`, ['Download', 'Not now'])
  if (asked !== 0) return `${next} was not wanted`
  await updater.downloadUpdate()
  // A run may have started meanwhile.
  if (isTraining()) return `${next} is fetched; it is offered again when no run trains`
  const now = await ask(`CoTrain ${next} is ready to be installed.`, ['Restart and install', 'Later'])
  if (now !== 0 || isTraining()) return `${next} is fetched and not installed`
  updater.quitAndInstall()
  return `${next} is being installed`
}

async function ask(message: string, buttons: readonly string[]): Promise<number> {
  const options = {
    type: 'question' as const,
    message,
    buttons: [...buttons],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  }
  return (await dialog.showMessageBox(options)).response
}

/** Looks some time after the start and once a day. */
export function watchUpdates(options: UpdateOptions): void {
  const look = (): void =>
    void lookForUpdate(options).then(
      (came) => options.log(`updates: ${came}`),
      (error: unknown) => options.log(`updates: ${String(error)}`),
    )
  setTimeout(look, FIRST_LOOK_MS).unref()
  setInterval(look, EACH_MS).unref()
}
