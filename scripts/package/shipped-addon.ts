import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { engineFolder } from '../../src-main/io/native/library/native-info.ts'
import { libraryIn } from '../../src-main/io/native/library/library.ts'
import { addonName, ownAddon } from '../../src-main/io/native/setup/own-addon.ts'
import { provisionNative } from '../../src-main/io/native/setup/provision.ts'

/**
 * Puts the addon of this platform into `folder`; it is compiled where it has not been. Any TensorFlow of this machine will do
 * for its headers: the addon is linked to none.
 * @throws Error where there is no TensorFlow or no compiler
 */
export async function shipAddon(folder: string): Promise<void> {
  const report = ({ message }: { readonly message: string }): void => console.log(message)
  const info = await provisionNative({ onProgress: report })
  if (info.kind === 'none')
    throw new Error('The addon needs the headers of a TensorFlow: run `npm run setup` first, with a network.')
  const addon = await ownAddon(libraryIn(info.libDir).includeDir, { folder: engineFolder(), report })
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  copyFileSync(addon, join(folder, addonName()))
}
