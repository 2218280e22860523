import { vectorFeatures } from '../library/cpu.ts'

/** Levels of oneDNN on x86 processors, best first, with the extension that stands for each. */
const LEVELS = [
  { level: 'AVX512_CORE', has: 'avx512f' },
  { level: 'AVX2', has: 'avx2' },
  { level: 'SSE41', has: 'sse4_1' },
] as const
/** Extensions for which oneDNN has levels above plain AVX-512. */
const ABOVE = ['avx512_bf16', 'avx512_fp16', 'avx512_vnni', 'amx_bf16']

/**
 * Environments under which the library takes other kernels, in the order in which they are tried: as it comes, lower
 * instruction sets of oneDNN, oneDNN off. What somebody has set for this program is left as it is.
 */
export function environmentsToTry(
  asked: Readonly<Record<string, string>>,
  features: readonly string[] = vectorFeatures(),
): readonly Readonly<Record<string, string>>[] {
  const isOff = asked['TF_ENABLE_ONEDNN_OPTS'] === '0'
  const isLimited = 'ONEDNN_MAX_CPU_ISA' in asked || 'DNNL_MAX_CPU_ISA' in asked
  return [
    {},
    ...(isOff || isLimited ? [] : lowerLevels(features).map((level) => ({ ONEDNN_MAX_CPU_ISA: level }))),
    ...('TF_ENABLE_ONEDNN_OPTS' in asked ? [] : [{ TF_ENABLE_ONEDNN_OPTS: '0' }]),
  ]
}

/** Levels below the one that oneDNN takes by itself on a processor. */
export function lowerLevels(features: readonly string[]): readonly string[] {
  const own = LEVELS.findIndex(({ has }) => features.includes(has))
  if (own < 0) return []
  const isAbove = own === 0 && ABOVE.some((feature) => features.includes(feature))
  return LEVELS.slice(isAbove ? 0 : own + 1).map(({ level }) => level)
}
