import { z } from 'zod'

/** What a proof holds for: with any other library, processor, driver, number of threads or list of cases it is made anew. */
const engineProofKey = z.object({
  /** Version, size and time of the library. */
  library: z.string(),
  /** Maker, family, model, stepping and vector extensions. */
  processor: z.string(),
  /** Graphics card and its driver; '' where the processor computes. */
  driver: z.string(),
  threads: z.number().int(),
  /** Variables that were set from outside and change kernels: ONEDNN_MAX_CPU_ISA, DNNL_MAX_CPU_ISA, TF_ENABLE_ONEDNN_OPTS. */
  asked: z.record(z.string(), z.string()),
  /** Digest of the list of cases. */
  cases: z.string(),
})
export type EngineProofKey = z.infer<typeof engineProofKey>

/** What a process of the engine is started with so that every number is right. */
const engineSetting = z.object({
  /** Set before the library is loaded. */
  env: z.record(z.string(), z.string()),
  /** Operations of the library that are computed by our own route instead. */
  ownRoutes: z.array(z.string()),
  /** What adds up the products of bfloat16 factors: the library in that format, or its float32 kernels. */
  bfloat16Sums: z.enum(['library', 'float32']).default('library'),
})
export type EngineSetting = z.infer<typeof engineSetting>

/** An operation at a shape that did not do what it must. */
const engineFault = z.object({
  /** TensorFlow's name: `Conv2DBackpropInput`. */
  operation: z.string(),
  dtype: z.string(),
  /** Shapes and options in words: `x [15,9,9,1], kernel 3x3 to 1, valid, 2 threads`. */
  shape: z.string(),
  kind: z.enum(['wrong', 'varies', 'died', 'hung', 'refused']),
  /** Greatest error relative to the greatest right value; null where there was no number. */
  error: z.number().nullable(),
  /** What was seen, in words. */
  detail: z.string(),
})
export type EngineFault = z.infer<typeof engineFault>

/** What `deterministic: true` runs compute with, as measured under TensorFlow's own switches. */
const deterministicProof = z.object({
  /** Operations that go through our own route then, beside those of the setting: the library's vary or are refused. */
  ownRoutes: z.array(z.string()),
  /** Operations that still differ between repeats, or are refused. */
  varying: z.array(z.string()),
})
export type DeterministicProof = z.infer<typeof deterministicProof>

/** What is judged by itself, so that the engine need not be given up for it. */
const switchedOff = z.enum(['tf32', 'bfloat16', 'repeatability', 'deterministic'])
export type SwitchedOff = z.infer<typeof switchedOff>

/** What the native engine showed on this machine, as kept in the engine folder and in the environment of runs. */
export const engineProof = z.object({
  key: engineProofKey,
  /** Cases (an operation at a shape) that were run under the setting taken, and how many of them were right. */
  checked: z.number().int(),
  right: z.number().int(),
  /** Repeats were equal bit for bit under the setting taken. */
  repeatable: z.boolean(),
  /** False: no setting gave right numbers, so the embedded engine computes instead. */
  usable: z.boolean(),
  setting: engineSetting,
  /** What is not offered on this machine, with the reason to show at the option. */
  off: z.array(z.object({ what: switchedOff, reason: z.string() })),
  /** Operations that differed between repeats under the setting taken; absent in proofs of earlier versions. */
  varying: z.array(z.string()).optional(),
  /** Absent where operations repeat as they come, or where nothing could be proved. */
  deterministic: deterministicProof.optional(),
  /** Faults of the default setting, which are why another was taken, and those that are left. */
  faults: z.array(engineFault),
  /** Every setting that was proved, in order, in words. */
  tried: z.array(z.object({ setting: z.string(), checked: z.number().int(), right: z.number().int() })),
  ms: z.number(),
  /** Milliseconds since 1970. */
  at: z.number(),
})
export type EngineProof = z.infer<typeof engineProof>

/** A setting in words: `own route for Conv2DBackpropInput`, `ONEDNN_MAX_CPU_ISA=AVX2`, `as it comes`. */
export function settingText({ env, ownRoutes }: EngineSetting): string {
  const parts = [
    ...(ownRoutes.length === 0 ? [] : [`own route for ${ownRoutes.join(', ')}`]),
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
  ]
  return parts.length === 0 ? 'as it comes' : parts.join('; ')
}

/** How bfloat16 is computed where the library's own sums of it are at fault; null where they are right. */
export const reducedText = ({ bfloat16Sums }: EngineSetting): string | null =>
  bfloat16Sums === 'library'
    ? null
    : 'products of bfloat16 factors are added up in float32, since TensorFlow does not get them right here: as exact as it should be, but not faster than float32'

/** The line of a proof for people: `412 of 412 operations right, repeats bit-equal`. */
export function proofLine(proof: EngineProof): string {
  const { checked, right, repeatable, usable, setting } = proof
  const counts = `${right} of ${checked} operations right, ${repeatable ? 'repeats bit-equal' : 'repeats differ'}`
  const how = settingText(setting)
  const taken = how === 'as it comes' ? '' : ` (${how})`
  return usable ? `${counts}${taken}` : `${counts}: not used, no setting of TensorFlow computes right here`
}

/** What `deterministic: true` computes otherwise here, and what it cannot mend; null where nothing differs. */
export function repeatsText({ deterministic }: Pick<EngineProof, 'deterministic'>): string | null {
  if (deterministic === undefined) return null
  const { ownRoutes, varying } = deterministic
  const how = ownRoutes.length === 0 ? '' : `own route for ${ownRoutes.join(', ')}`
  return varying.length === 0
    ? `repeats bit-equal${how === '' ? '' : `, ${how}`}`
    : `still differ: ${varying.join(', ')}`
}
