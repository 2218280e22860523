import { z } from 'zod'
import type { Problem } from '../../contract/errors.ts'
import type { Component, PlainConfig } from '../component.ts'
import type { OwnEntry, OwnKind, PluginPackage, PluginRef } from './manifest.ts'
import { ownFields } from './own-fields.ts'

/** A part that a trusted plug-in adds to this process. */
export interface OwnPart {
  readonly kind: OwnKind
  readonly fn: string
  readonly title: string
  readonly help: string
  readonly schema: z.ZodObject
  readonly entry: OwnEntry
  readonly plugin: PluginRef
}

/** A plug-in as far as its package tells; its code is known to workers alone. */
export interface DescribedPlugin {
  readonly hash: string
  readonly package: PluginPackage
}

/**
 * Parts by name. Like zod's registry of metadata it belongs to the process: what a config can name depends on what the person at
 * this machine trusts, and every reader of configs asks for it.
 */
let parts: ReadonlyMap<string, OwnPart> = new Map()

/** From now on configs can name the parts of these plug-ins, and no others; of two with one part the first has it. */
export function usePlugins(plugins: readonly DescribedPlugin[]): void {
  const next = new Map<string, OwnPart>()
  for (const plugin of plugins) {
    for (const part of partsOf(plugin)) {
      const before = parts.get(part.fn)
      // The same object as before: forms and names are kept by their schema.
      const same = before?.plugin.hash === plugin.hash ? before : part
      if (!next.has(part.fn)) next.set(part.fn, same)
    }
  }
  parts = next
}

function partsOf({ hash, package: { name, version, cotrain } }: DescribedPlugin): readonly OwnPart[] {
  return cotrain.entries.map((entry) => {
    const { kind, fn, title, help } = entry
    const schema = z.strictObject(ownFields(entry))
    return { kind, fn, title, help, schema, entry, plugin: { name, version, hash } }
  })
}

export const ownParts = (kind: OwnKind): readonly OwnPart[] =>
  [...parts.values()].filter((part) => part.kind === kind)

export function ownPart(kind: OwnKind, fn: string): OwnPart | undefined {
  const found = parts.get(fn)
  return found?.kind === kind ? found : undefined
}

const components = new WeakMap<OwnPart, Component>()

/** The models of plug-ins, as components like any other. */
export const ownModels = (): readonly Component[] => ownParts('model').map(componentOf)

function componentOf(part: OwnPart): Component {
  const known = components.get(part)
  if (known !== undefined) return known
  const { fn, title, help, schema, entry } = part
  const tasks = entry.kind === 'model' ? entry.tasks : []
  const made: Component = { kind: 'model', fn, version: 1, title, help, schema, tasks: () => tasks }
  components.set(part, made)
  return made
}

/** The options of a part with its defaults filled in. @throws z.ZodError for others than its package states */
export const ownOptions = (part: OwnPart, given: unknown): PlainConfig => part.schema.parse(given ?? {})

/** No trusted plug-in of this home has the part: which it has instead, and how it comes to have it. */
export function unknownOwnPart(kind: string, fn: string, path: string): Problem {
  const there = [...parts.values()].filter((part) => part.kind === kind).map((part) => part.fn)
  const known = there.length === 0 ? '' : ` Trusted here: ${there.join(', ')}.`
  return {
    code: 'config-invalid',
    path,
    message: `no trusted plug-in has a ${kind} "${fn}".`,
    hint: `Add and trust the plug-in that has it: Settings, Plug-ins, or cotrain plugin add <folder> and cotrain plugin trust <hash>.${known}`,
  }
}
