import type { PluginView } from '../../../src-shared/contract/plugin.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { PluginRef } from '../../../src-shared/schema/plugin/manifest.ts'
import { usePlugins } from '../../../src-shared/schema/plugin/own-parts.ts'
import type { KeptPlugin } from '../../io/plugins/plugin-shelf.ts'
import { keepPlugin, keptPlugins, removePlugin, trustPlugin } from '../../io/plugins/plugin-shelf.ts'

/**
 * Makes the parts of the trusted plug-ins of a home known to the configs of this process; runs nothing of them. Where they cannot be
 * read there are none: their page says why, and the app starts.
 */
export function usePluginsOf(home: string, log: (text: string) => void = () => undefined): void {
  try {
    usePlugins(trustedOf(keptPlugins(home)))
  } catch (error) {
    usePlugins([])
    log(`plug-ins: ${String(error)}`)
  }
}

const trustedOf = (kept: readonly KeptPlugin[]) =>
  kept.flatMap(({ trusted, content }) => (trusted && content !== null ? [content] : []))

/** Every plug-in of a home; what configs can name follows. */
export function listPlugins(home: string): PluginView[] {
  const kept = keptPlugins(home)
  usePlugins(trustedOf(kept))
  return kept.map(viewOf)
}

function viewOf({ hash, trusted, content, problem }: KeptPlugin): PluginView {
  return {
    hash,
    trusted,
    problem: problem === null ? null : { ...problem },
    package: content === null ? null : structuredClone(content.package),
    files: (content?.files ?? []).map(({ path, bytes }) => ({ path, bytes: bytes.length })),
  }
}

/** Copies the plug-in of a folder into the home. It is not trusted by that. */
export async function addPlugin(home: string, folder: string): Promise<PluginView> {
  const { hash } = await keepPlugin(home, folder)
  return pluginOf(home, hash)
}

/** Lets the code of a plug-in run in workers from now on. */
export async function trustPluginOf(home: string, named: string): Promise<PluginView> {
  const { hash } = pluginOf(home, named)
  await trustPlugin(home, hash)
  return pluginOf(home, hash)
}

/** Takes a plug-in out; runs that were made with it stay, and cannot go on. */
export async function removePluginOf(home: string, named: string): Promise<void> {
  await removePlugin(home, pluginOf(home, named).hash)
  usePluginsOf(home)
}

/** The one whose hash begins so. @throws CotrainError where there is none, or more than one */
function pluginOf(home: string, named: string): PluginView {
  const found = listPlugins(home).filter(({ hash }) => hash.startsWith(named))
  const [first] = found
  if (first !== undefined && found.length === 1) return first
  throw new CotrainError({
    code: 'not-found',
    path: named,
    message: found.length === 0 ? 'no plug-in of this home has this hash.' : 'several plug-ins begin so.',
    hint: 'cotrain plugin list names all.',
  })
}

/** The trusted ones, for the report of a machine. */
export const trustedPlugins = (home: string): readonly PluginRef[] =>
  trustedOf(keptPlugins(home)).map(({ hash, package: { name, version } }) => ({ name, version, hash }))
