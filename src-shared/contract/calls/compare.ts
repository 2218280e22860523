import { z } from 'zod'
import { exportFormat, file, method } from './method.ts'
import { comparison, runId as id } from '../views.ts'

/** Several runs side by side. */
export const compareCalls = {
  'compare.table': method(
    z.object({ ids: z.array(id).min(1).max(200), baseline: id.nullable().default(null) }),
    comparison,
  ),
  'compare.neurons': method(
    z.object({ a: id, b: id, column: z.string().default('avg_correlation') }),
    z.object({
      pairs: z.array(
        z.object({
          session: z.string(),
          unit: z.string(),
          a: z.number().nullable(),
          b: z.number().nullable(),
          ceiling: z.number().nullable(),
        }),
      ),
      n: z.number(),
      better: z.number(),
      worse: z.number(),
      pValue: z.number().nullable(),
    }),
  ),
  'compare.export': method(
    z.object({
      ids: z.array(id).min(1).max(200),
      baseline: id.nullable().default(null),
      format: exportFormat,
    }),
    file,
  ),
} as const
