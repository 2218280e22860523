import { z } from 'zod'

/** A graphics adapter that the system names: of AMD, Intel or Apple, or of NVIDIA where its driver does not answer. */
export const adapter = z.object({
  vendor: z.enum(['AMD', 'Intel', 'Apple', 'NVIDIA']),
  name: z.string(),
  /** Its own memory; null where it shares that of the machine or does not tell. */
  memoryBytes: z.number().nullable(),
})
export type Adapter = z.infer<typeof adapter>

/** What an adapter does for a training, for people. */
export const adapterUse = ({ vendor }: Adapter): string =>
  vendor === 'NVIDIA'
    ? 'not used: no driver of NVIDIA answers, install it'
    : 'computes with the WebGPU engine where that is used, see there'
