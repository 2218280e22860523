import { z } from 'zod'
import { method, none, ok } from './method.ts'
import { problemSchema } from '../run.ts'
import { dataPreview, dataSetInfo } from '../views.ts'

/** Data sets: looking into files, adding, checking, exporting. */
export const dataCalls = {
  'data.list': method(none, z.array(dataSetInfo)),
  /** `path` is a folder or file on the machine that runs the service; in Electron it comes from the file dialog. */
  'data.inspect': method(
    z.object({ path: z.string() }),
    z.object({
      format: z.string(),
      summary: z.string(),
      needsMapping: z.boolean(),
      tree: z.unknown(),
      problems: z.array(problemSchema),
    }),
  ),
  'data.add': method(
    z.object({
      path: z.string(),
      name: z.string().default(''),
      mapping: z.unknown().optional(),
      /** Where the units were recorded; the importer's own choice when not given. */
      area: z.enum(['v1', 'v4']).optional(),
    }),
    dataSetInfo,
  ),
  /** `path` is new: a data file (.h5), an .npz or a folder of pictures. Pictures with classes are written one part at a time. */
  'data.export': method(
    z.object({
      id: z.string(),
      format: z.enum(['canonical', 'npz', 'folder']),
      path: z.string().min(1),
      part: z.enum(['train', 'val', 'test']).optional(),
    }),
    z.object({ path: z.string() }),
  ),
  'data.get': method(z.object({ id: z.string() }), dataSetInfo),
  'data.check': method(z.object({ id: z.string() }), dataSetInfo),
  'data.preview': method(
    z.object({ id: z.string(), images: z.number().int().min(0).max(200).default(24) }),
    dataPreview,
  ),
  'data.remove': method(z.object({ id: z.string() }), ok),
} as const
