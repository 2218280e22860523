import { z } from 'zod'
import { pluginPackage } from '../schema/plugin/manifest.ts'
import { problemSchema } from './run.ts'

/** A plug-in that is kept in this home. */
export const pluginView = z.object({
  /** SHA-256 of its content: what is trusted. */
  hash: z.string(),
  trusted: z.boolean(),
  /** What it says about itself; null where its folder cannot be read. */
  package: pluginPackage.nullable(),
  files: z.array(z.object({ path: z.string(), bytes: z.number() })),
  problem: problemSchema.nullable(),
})
export type PluginView = z.infer<typeof pluginView>
