import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DescribedPlugin } from '../../src-shared/schema/plugin/own-parts.ts'
import { pluginPackage } from '../../src-shared/schema/plugin/manifest.ts'
import { readPluginFolder } from '../../src-main/io/plugins/plugin-folder.ts'
import { keepPlugin, trustPlugin } from '../../src-main/io/plugins/plugin-shelf.ts'
import type { PluginFolder } from '../../src-main/io/plugins/plugin-folder.ts'

export const TEMPLATE = join(import.meta.dirname, '../../docs/guide/plugin-template')

/** A package.json with these entries. */
export const packageOf = (entries: readonly object[], more: object = {}) => ({
  name: 'lab-parts',
  version: '1.0.0',
  type: 'module',
  cotrain: { api: 1, entries },
  ...more,
})

export const MODEL = {
  kind: 'model',
  title: 'A model',
  help: 'For a test.',
  tasks: ['v1', 'img_classification'],
}

/** A plug-in as configs know it, without files. */
export const described = (hash: string, entries: readonly object[]): DescribedPlugin => ({
  hash,
  package: pluginPackage.parse(packageOf(entries)),
})

/** Writes a plug-in; `files` beside package.json, by their paths. */
export function writePlugin(folder: string, stated: object, files: Readonly<Record<string, string>>): string {
  const all = { 'package.json': JSON.stringify(stated), ...files }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** Adds the plug-in of a folder to a home and trusts it. */
export async function trustedIn(home: string, folder: string): Promise<PluginFolder> {
  const kept = await keepPlugin(home, folder)
  await trustPlugin(home, kept.hash)
  return kept
}

/** Which plug-in every part of a folder comes from, as a run would record it. */
export function usedOf(folder: string) {
  const { hash, package: known } = readPluginFolder(folder)
  const { name, version, cotrain } = known
  return Object.fromEntries(cotrain.entries.map(({ fn }) => [fn, { name, version, hash }]))
}
