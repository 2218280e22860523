import { statSync } from 'node:fs'
import { resolve } from 'node:path'

/** A file that the system hands to the app when a person opens it: a config, or a package of a trained network. */
export interface OpenedFile {
  readonly kind: 'config' | 'package'
  readonly path: string
}

const CONFIG = /\.cotrain\.ya?ml$/i
const PACKAGE = /[^/\\]\.cotrain$/i

/** What the system asks to open, with its absolute path; null for anything else, and for what is not there. */
export function openedFile(path: string, folder: string): OpenedFile | null {
  const full = resolve(folder, path)
  const kind = CONFIG.test(full) ? 'config' : PACKAGE.test(full) ? 'package' : null
  if (kind === null || statSync(full, { throwIfNoEntry: false })?.isFile() !== true) return null
  return { kind, path: full }
}

/** The first such file among the arguments of a program: where Windows and Linux put it. */
export const fileOfArguments = (args: readonly string[], folder: string): OpenedFile | null =>
  args.map((arg) => openedFile(arg, folder)).find((file) => file !== null) ?? null
