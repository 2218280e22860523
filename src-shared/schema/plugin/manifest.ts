import { z } from 'zod'
import { OWN_NAME, TASK_NAMES } from '../names.ts'

/** Version of what plug-ins are given and must give; a plug-in names the one that it is written for. */
const PLUGIN_API = 1

const ownName = z
  .string()
  .regex(OWN_NAME, 'expected a lab and a name in small letters, such as lab/two_layers')
const words = { label: z.string().min(1).max(60).optional(), help: z.string().min(1).max(500) }
const range = { unit: z.string().max(20).optional(), min: z.number().optional(), max: z.number().optional() }

/** An option of a part, as the package states it: nothing has to be executed to check a config or to draw its form. */
const ownField = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('number'), default: z.number(), ...range, ...words }),
  z.strictObject({ type: z.literal('int'), default: z.int(), ...range, ...words }),
  z.strictObject({ type: z.literal('boolean'), default: z.boolean(), ...words }),
  z.strictObject({ type: z.literal('text'), default: z.string(), ...words }),
  z.strictObject({
    type: z.literal('choice'),
    default: z.string(),
    choices: z.array(z.string()).min(1).max(100),
    ...words,
  }),
])
export type OwnField = z.output<typeof ownField>

const fields = z.record(
  z.string().regex(/^[a-z][a-z0-9_]*$/, 'expected small letters, digits and _'),
  ownField,
)
const common = {
  fn: ownName,
  title: z.string().min(1).max(80),
  help: z.string().min(1).max(500),
  fields: fields.default({}),
}
const tasks = z.array(z.enum(TASK_NAMES)).min(1)

/** A part that a plug-in adds. */
const ownEntry = z.discriminatedUnion('kind', [
  /** `tasks`: those that the network can answer. */
  z.strictObject({ kind: z.literal('model'), ...common, tasks }),
  /** `tasks`: those that it can be the loss of. */
  z.strictObject({ kind: z.literal('loss'), ...common, tasks }),
  /** A number for each unit, from its predicted and recorded responses. */
  z.strictObject({
    kind: z.literal('measure'),
    ...common,
    unit: z.string().max(20).default(''),
    goal: z.enum(['max', 'min', 'none']).default('none'),
  }),
])
export type OwnEntry = z.output<typeof ownEntry>
export type OwnKind = OwnEntry['kind']

/** The `package.json` of a plug-in; what it says for others (scripts, dependencies) is read by nobody. */
export const pluginPackage = z.object({
  name: z.string().min(1).max(214),
  version: z.string().min(1).max(64),
  description: z.string().max(500).default(''),
  license: z.string().max(100).default(''),
  type: z.literal('module'),
  main: z.literal('index.js').default('index.js'),
  cotrain: z.strictObject({
    api: z.literal(PLUGIN_API),
    entries: z.array(ownEntry).min(1).max(64),
  }),
})
export type PluginPackage = z.output<typeof pluginPackage>

/** Which plug-in a part comes from: its content decides, name and version are for people. */
export const pluginRef = z.object({ name: z.string(), version: z.string(), hash: z.string() })
export type PluginRef = z.output<typeof pluginRef>

/** Name of a part -> its plug-in, as a run keeps it. */
export const usedPlugins = z.record(z.string(), pluginRef)
export type UsedPlugins = z.output<typeof usedPlugins>
