import { statSync } from 'node:fs'
import { resolve } from 'node:path'

/** Names that the system gives to the app when a person opens them. */
const CONFIG = /\.cotrain\.ya?ml$/i

/** The path of a config that the system asks to open, as an absolute one; null for what is none, or is not there. */
export function openedConfig(path: string, folder: string): string | null {
  const full = resolve(folder, path)
  return CONFIG.test(full) && statSync(full, { throwIfNoEntry: false })?.isFile() === true ? full : null
}

/** The first config among the arguments of a program: where Windows and Linux put it. */
export const configOfArguments = (args: readonly string[], folder: string): string | null =>
  args.map((arg) => openedConfig(arg, folder)).find((path) => path !== null) ?? null
