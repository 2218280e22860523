import { z } from 'zod'

/** One of the two parts of an update. */
export type BalanceSide = 'neural' | 'img_classification'

const bounded = z.object({ mean: z.number(), low: z.number(), high: z.number() })

/** Which task moves the shared network, by what a co-trained run has recorded. */
export const taskBalance = z.object({
  /** `unknown`: nothing was recorded, or epochs are too few. */
  verdict: z.enum(['neural', 'img_classification', 'balanced', 'unsettled', 'unknown']),
  /** The verdict in words, with its evidence. */
  text: z.string(),
  /** Gradient norm of the neural part by that of classification: geometric mean over epochs with its 95 % interval. */
  ratio: bounded.nullable(),
  /** Since this epoch on every epoch says so; null where the verdict names no task. */
  since: z.number().nullable(),
  /** Cosine between both over the parameters that they share: mean over epochs with its 95 % interval. */
  cosine: bounded.nullable(),
  direction: z.enum(['together', 'apart', 'unrelated', 'unknown']),
  directionText: z.string(),
  /** Learned weights of the losses at the end, by task. */
  weights: z.record(z.string(), z.number()),
  /** Options that would change it, by their paths in the config, each with what to do and why. */
  advice: z.array(z.object({ option: z.string(), text: z.string() })),
  /** Means of epochs, for a chart: ratio and cosine; null where an epoch has none. */
  epochs: z.array(
    z.object({ epoch: z.number(), ratio: z.number().nullable(), cosine: z.number().nullable() }),
  ),
})
export type TaskBalance = z.infer<typeof taskBalance>
