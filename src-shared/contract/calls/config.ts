import { z } from 'zod'
import { method, none } from './method.ts'
import { problemSchema, wireConfig } from '../run.ts'
import { modelCard, preflight, preset } from '../views.ts'

/** Reading, checking and describing a config before it is queued. */
export const configCalls = {
  'config.presets': method(none, z.array(preset)),
  /** Parses YAML text; problems carry field paths, and `line` where the text itself is at fault. */
  'config.parse': method(
    z.object({ yaml: z.string().max(1_000_000) }),
    z.object({ config: wireConfig.nullable(), given: z.unknown(), problems: z.array(problemSchema) }),
  ),
  'config.preflight': method(z.object({ config: z.unknown() }), preflight),
  /** `assume` describes data that are not there, to look at a model without them. */
  'config.modelCard': method(
    z.object({
      config: z.unknown(),
      assume: z
        .object({
          size: z.number().int().min(1).max(4096),
          channels: z.number().int().min(1).max(64).default(3),
          classes: z.number().int().min(1).max(1_000_000).nullable().default(null),
          sessions: z
            .array(
              z.object({
                area: z.enum(['v1', 'v4']),
                key: z.string(),
                units: z.number().int().min(1).max(1_000_000),
              }),
            )
            .max(10_000)
            .default([]),
        })
        .nullable()
        .default(null),
    }),
    modelCard,
  ),
} as const
