import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Packages that the built program loads by name, with all that these need. */
export function neededPackages(main: string): { readonly loaded: Set<string>; readonly all: Set<string> } {
  const builtin = new Set([...builtinModules, 'electron'])
  const loaded = new Set<string>()
  for (const file of readdirSync(main).filter((name) => name.endsWith('.js')))
    for (const [, name = ''] of readFileSync(join(main, file), 'utf8').matchAll(
      /(?:\bfrom|\bimport|\brequire(?:\d*)(?:\.resolve)?\(|\bimport\()\s*"((?:@[\w.-]+\/)?[\w][\w.-]*)(?:\/[^"]*)?"/g,
    ))
      if (!builtin.has(name) && existsSync(join(root, 'node_modules', name))) loaded.add(name)
  const all = new Set<string>()
  const visit = (name: string): void => {
    const file = join(root, 'node_modules', name, 'package.json')
    if (all.has(name) || !existsSync(file)) return
    all.add(name)
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as {
      dependencies?: Record<string, string>
      optionalDependencies?: Record<string, string>
    }
    Object.keys({ ...dependencies, ...optionalDependencies }).forEach(visit)
  }
  loaded.forEach(visit)
  return { loaded, all }
}

/** Names of the packages in a folder, with their scopes. */
export const packagesIn = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(folder, name)).map((own) => `${name}/${own}`) : [name],
  )

export const megabytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size / 1e6, 0)
