import { z } from 'zod'
import { doctorReport, setupPlan } from '../doctor.ts'
import { engineWish } from '../engine-wish.ts'
import { method, none, ok } from './method.ts'
import { settings, runId as id } from '../views.ts'

/** The app, its settings, what the interface remembers, and the demo. */
export const appCalls = {
  'app.info': method(
    { view: true, audited: false, paths: [] },
    none,
    z.object({
      name: z.string(),
      version: z.string(),
      host: z.enum(['electron', 'web', 'cli']),
      home: z.string(),
      reason: z.string(),
    }),
  ),
  'app.doctor': method(
    { view: { unless: ['deep', 'prove'] }, audited: false, paths: [] },
    z.object({
      deep: z.boolean().default(false),
      /** Prove the native engine anew first. */
      prove: z.boolean().default(false),
    }),
    doctorReport,
  ),
  /**
   * Opens the file dialog of the desktop app; null when it was cancelled. Refused (`not-allowed`) where there is none: there
   * the path is typed. In the desktop app other calls take only paths that came from here or from a drop.
   */
  'app.choosePath': method(
    { view: false, audited: false, paths: [] },
    z.object({
      /** `new-file` asks for a name that may not exist yet. */
      kind: z.enum(['folder', 'file', 'new-file']),
      title: z.string().max(200).default(''),
      /** Name proposed for a new file. */
      suggested: z.string().max(200).default(''),
    }),
    z.object({ path: z.string().nullable() }),
  ),
  /**
   * Chooses another storage folder from the next start on: with a copy of everything (`copy`), or empty (`new`; a folder that holds
   * runs already is opened). The present folder stays as it is. Refused while a run works and where COTRAIN_HOME decides.
   */
  'app.changeHome': method(
    { view: false, audited: true, paths: ['path'] },
    z.object({ path: z.string().min(1), how: z.enum(['copy', 'new']) }),
    z.object({ home: z.string() }),
  ),
  /**
   * Sets the native engine up. `from`: a wheel of TensorFlow, or a folder with one, in place of a download. `engine`: another
   * than the one that is there; null keeps it, or chooses the best for this machine.
   */
  'app.setup': method(
    { view: false, audited: true, paths: ['from'] },
    z.object({
      force: z.boolean().default(false),
      from: z.string().min(1).nullable().default(null),
      engine: engineWish.nullable().default(null),
      /** Try WebGPU anew and say what came of it, also on a driver that computes on the processor. */
      webgpu: z.boolean().default(false),
    }),
    ok,
  ),
  /** What `app.setup` will fetch, asked of the index of packages; null where the native engine is there. */
  'app.setupPlan': method({ view: false, audited: false, paths: [] }, none, setupPlan.nullable()),
  /** Breaks a download off; the next `app.setup` goes on there. That call ends as `cancelled`. */
  'app.stopSetup': method({ view: false, audited: false, paths: [] }, none, ok),
  'settings.get': method({ view: true, audited: false, paths: [] }, none, settings),
  'settings.set': method(
    { view: false, audited: false, paths: ['tensorflowFolder', 'tensorboardFolder'] },
    settings.omit({ home: true }).partial(),
    settings,
  ),
  /** What the interface remembers between starts (colours of runs, saved views, first steps), as one small JSON document. */
  'ui.get': method({ view: true, audited: false, paths: [] }, none, z.record(z.string(), z.unknown())),
  'ui.set': method(
    { view: false, audited: false, paths: [] },
    z.object({ key: z.string().min(1).max(100), value: z.unknown() }),
    ok,
  ),
  /** Starts the three demo runs; the engine is timed first and the runs sized to it. */
  'demo.start': method(
    { view: false, audited: true, paths: [] },
    z.object({ size: z.enum(['auto', 'quick', 'full']).default('auto') }),
    z.object({ ids: z.array(id), note: z.string() }),
  ),
} as const
