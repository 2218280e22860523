import type { PlainConfig } from '../component.ts'
import type { RunConfig } from '../run-config.ts'
import { ownPartsUsed } from '../trainer/loss-fields.ts'
import type { PluginRef, UsedPlugins } from './manifest.ts'
import { usedPlugins } from './manifest.ts'
import type { OwnPart } from './own-parts.ts'
import { ownOptions, ownPart } from './own-parts.ts'

/** A part of a plug-in that a config uses, with all its options. */
interface UsedPart {
  readonly part: OwnPart
  readonly options: PlainConfig
}

/** The parts of plug-ins that a valid config uses. */
function usedParts({ model, trainer }: RunConfig): readonly UsedPart[] {
  const network = ownPart('model', model.fn)
  const others = trainer.fn === 'cotrainer' ? [...ownPartsUsed(trainer.config)] : []
  return [
    ...(network === undefined ? [] : [{ part: network, options: {} }]), // its options count as those of any model
    ...others.flatMap(([fn, options]) => {
      const part = ownPart('loss', fn) ?? ownPart('measure', fn)
      return part === undefined ? [] : [{ part, options: ownOptions(part, options) }]
    }),
  ]
}

/** Which plug-ins a config uses, by the names of their parts. */
export const pluginsOf = (config: RunConfig): UsedPlugins =>
  Object.fromEntries(usedParts(config).map(({ part }) => [part.fn, part.plugin]))

/** What plug-ins add to the identity of a run: their content and the options of losses and measures. Nothing where none is used. */
export function pluginIdentity(config: RunConfig): PlainConfig {
  const used = usedParts(config)
  if (used.length === 0) return {}
  const entries = used.map(({ part, options }) => [part.fn, { plugin: part.plugin.hash, config: options }])
  return { plugins: Object.fromEntries(entries) as PlainConfig }
}

/** The plug-ins that a stored run was made with; `record` is what its run.json says. */
export function recordedPlugins(record: object): UsedPlugins {
  return 'plugins' in record ? usedPlugins.parse(record.plugins) : {}
}

/** The plug-ins as a part of an environment: each once; nothing where there is none. */
export function named(used: UsedPlugins): { plugins?: PluginRef[] } {
  const each = [...new Map(Object.values(used).map((ref) => [ref.hash, ref])).values()]
  return each.length === 0 ? {} : { plugins: each }
}
