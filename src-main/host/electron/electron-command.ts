import { homedir } from 'node:os'
import { dialog } from 'electron'
import { commandPlace, installCommand } from './install-command.ts'

const MOUNTED =
  'This app is mounted anew at every start, so no command can lead to it. Install the .deb or .tar.gz package for one.'

/** Puts the command `cotrain` where terminals find it, and says where. */
export async function offerCommand(): Promise<void> {
  const { platform, env, resourcesPath } = process
  const place = commandPlace({ platform, home: homedir(), env })
  const say = (type: 'info' | 'error', message: string, detail: string): Promise<unknown> =>
    dialog.showMessageBox({ type, message, detail, buttons: ['OK'], noLink: true })
  if (place === null) return void (await say('info', 'No command was installed.', MOUNTED))
  await installCommand(place, resourcesPath, platform).then(
    () => say('info', `${place.path} was installed.`, place.note),
    (error: Error) => say('error', 'The command was not installed.', error.message),
  )
}
