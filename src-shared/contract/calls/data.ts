import { z } from 'zod'
import { method, none, ok } from './method.ts'
import { dataLook, dataPreview, dataSetInfo, beyondBins, histogramBins, setFix, runId } from '../views.ts'
import { neuronTable, problemSchema, runStatus } from '../run.ts'
import { AREAS } from '../../schema/names.ts'

/** Name of a piece of long work, chosen by the caller: its news carry it and `data.cancel` ends it. */
const job = z.string().max(64).optional()
const area = z.enum(AREAS).optional()

/** Data sets: looking into files, adding, checking, exporting. */
export const dataCalls = {
  'data.list': method({ view: true, audited: false, paths: [] }, none, z.array(dataSetInfo)),
  /** `path` is a folder or file on the machine that runs the service; in Electron it comes from the file dialog. */
  'data.inspect': method(
    { view: false, audited: false, paths: ['path'] },
    z.object({ path: z.string() }),
    z.object({
      /** What it is: images with classes, a recording, a data file of this application, or nothing that can be read. */
      kind: z.enum(['images', 'recording', 'canonical', 'unknown']),
      format: z.string(),
      summary: z.string(),
      needsMapping: z.boolean(),
      tree: z.unknown(),
      problems: z.array(problemSchema),
    }),
  ),
  /** Reads images or a recording as `data.add` would and shows the outcome; what was read is kept for a `data.add` that follows. */
  'data.look': method(
    { view: false, audited: false, paths: ['path'] },
    z.object({
      path: z.string(),
      name: z.string().default(''),
      mapping: z.unknown().optional(),
      area,
      job,
    }),
    dataLook,
  ),
  'data.cancel': method({ view: false, audited: false, paths: [] }, z.object({ job: z.string() }), ok),
  'data.add': method(
    { view: false, audited: true, paths: ['path'] },
    z.object({
      path: z.string(),
      name: z.string().default(''),
      mapping: z.unknown().optional(),
      /** Where the units were recorded; the importer's own choice when not given. */
      area,
      /** later: comes back as soon as the set can be used; `data.changed` tells when its findings and statistics are known. */
      checks: z.enum(['now', 'later']).default('now'),
      job,
    }),
    dataSetInfo,
  ),
  /** `path` is new: a data file (.h5), an .npz or a folder of images. Images with classes are written one part at a time. */
  'data.export': method(
    { view: false, audited: false, paths: ['path'] },
    z.object({
      id: z.string(),
      format: z.enum(['canonical', 'npz', 'folder']),
      path: z.string().min(1),
      part: z.enum(['train', 'val', 'test']).optional(),
    }),
    z.object({ path: z.string() }),
  ),
  'data.get': method({ view: true, audited: false, paths: [] }, z.object({ id: z.string() }), dataSetInfo),
  'data.check': method({ view: false, audited: false, paths: [] }, z.object({ id: z.string() }), dataSetInfo),
  /** Sets a finding aside with a reason, which runs on the set carry along; an empty reason takes that back. */
  'data.ignore': method(
    { view: false, audited: false, paths: [] },
    z.object({ id: z.string(), key: z.string(), reason: z.string().max(500) }),
    dataSetInfo,
  ),
  /** Mends what a finding tells; `checks` as for `data.add`. The name stays, and `data.restore` brings an earlier recording back. */
  'data.mend': method(
    { view: false, audited: false, paths: [] },
    z.object({ id: z.string(), fix: setFix, checks: z.enum(['now', 'later']).default('now') }),
    dataSetInfo,
  ),
  'data.preview': method(
    { view: true, audited: false, paths: [] },
    z.object({
      id: z.string(),
      images: z.number().int().min(0).max(200).default(24),
      /** Part of a classification set, or session of a recording; the first one when not given. */
      part: z.string().optional(),
      /** Only this class. */
      label: z.string().optional(),
      /** Mean responses are those of this unit. */
      unit: z.string().optional(),
      /** `spread`: evenly over the set. */
      order: z.enum(['spread', 'file', 'strongest', 'weakest']).default('spread'),
      /** Images to pass over, in every order but `spread`. */
      from: z.number().int().min(0).default(0),
      /** Exactly these positions. */
      at: z.array(z.number().int().min(0)).max(200).optional(),
    }),
    dataPreview,
  ),
  /** One row per unit and session; `flags` says "dead", "no response" or "copy of u3". */
  'data.neurons': method(
    { view: true, audited: false, paths: [] },
    z.object({ id: z.string() }),
    z.array(z.object({ ...neuronTable.shape, flags: z.array(z.string()) })),
  ),
  /** Distribution of single-trial responses of one unit, or of all units of a session. */
  'data.responses': method(
    { view: true, audited: false, paths: [] },
    z.object({ id: z.string(), session: z.string(), unit: z.string().nullable() }),
    z.object({ bins: histogramBins, count: z.number(), missing: z.number(), beyond: beyondBins.optional() }),
  ),
  /** Runs whose config names the set, newest first. */
  'data.uses': method(
    { view: true, audited: false, paths: [] },
    z.object({ id: z.string() }),
    z.object({
      total: z.number(),
      runs: z.array(z.object({ id: runId, name: z.string(), status: runStatus })),
    }),
  ),
  /** Says where a set is now: `path` has to hold the same content. */
  'data.relocate': method(
    { view: false, audited: true, paths: ['path'] },
    z.object({ id: z.string(), path: z.string().min(1), job }),
    dataSetInfo,
  ),
  'data.remove': method({ view: false, audited: true, paths: [] }, z.object({ id: z.string() }), ok),
  /** Brings back what was removed last under this id. */
  'data.restore': method(
    { view: false, audited: true, paths: [] },
    z.object({ id: z.string() }),
    dataSetInfo,
  ),
} as const
