import { z } from 'zod'
import { pluginView } from '../plugin.ts'
import { method, none, ok } from './method.ts'

const hash = z.string().regex(/^[0-9a-f]{6,64}$/)

/** Parts that a lab adds: models, losses, measures. */
export const pluginCalls = {
  /** The plug-ins of this home, those trusted last first. */
  'plugins.list': method({ view: true, audited: false, paths: [] }, none, z.array(pluginView)),
  /** Copies the plug-in of a folder into this home. Nothing of it runs, and it is not trusted. */
  'plugins.add': method(
    { view: false, audited: true, paths: ['path'] },
    z.object({ path: z.string().min(1).max(4_000) }),
    pluginView,
  ),
  /** Lets the code of a plug-in run with the rights of the user; refused through the web server. */
  'plugins.trust': method({ view: false, audited: true, paths: [] }, z.object({ hash }), pluginView),
  'plugins.remove': method({ view: false, audited: true, paths: [] }, z.object({ hash }), ok),
} as const
