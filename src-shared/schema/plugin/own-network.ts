import { z } from 'zod'

const declared = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)+$/, 'expected block.name, such as core.kernel'),
  shape: z.array(z.int().min(1)).max(6),
  init: z.union([
    z.strictObject({ constant: z.number() }),
    z.strictObject({ normal: z.number().min(0) }),
    z.strictObject({ uniform: z.number().min(0) }),
  ]),
})

/** A tensor that the model of a plug-in learns, as the plug-in declares it. Blocks are named by what stands before the first dot. */
export type OwnTensor = z.output<typeof declared>

const functionGiven = z.custom<unknown>((f) => typeof f === 'function', 'expected a function')

/** What the builder of a plug-in's model gives; the engine gives its functions their types. */
export const ownNetwork = z.looseObject({
  tensors: z.array(declared).min(1),
  apply: functionGiven,
  penalty: functionGiven.optional(),
})
