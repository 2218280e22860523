/** Most floating-point operations a second of a card by number format, in 10^12; null where it has no units for the format. */
interface Peak {
  readonly card: RegExp
  readonly float32: number
  readonly tf32: number | null
  readonly bfloat16: number | null
}

/**
 * Peaks without sparsity as NVIDIA states them, by the names that nvidia-smi gives: data sheets of V100, T4, A10, A30, A40, A100,
 * L4, L40S, H100 and H200; for GeForce cards the appendices of the white papers of GA102 and AD102 (products added up in float32).
 */
const PEAKS: readonly Peak[] = [
  { card: /\bV100S\b/, float32: 16.4, tf32: null, bfloat16: null },
  { card: /\bV100-PCIE\b/i, float32: 14, tf32: null, bfloat16: null },
  { card: /\bV100-SXM/i, float32: 15.7, tf32: null, bfloat16: null },
  { card: /\bT4\b/, float32: 8.1, tf32: null, bfloat16: null },
  { card: /\bA10\b/, float32: 31.2, tf32: 62.5, bfloat16: 125 },
  { card: /\bA30\b/, float32: 10.3, tf32: 82, bfloat16: 165 },
  { card: /\bA40\b/, float32: 37.4, tf32: 74.8, bfloat16: 149.7 },
  { card: /\bA100\b/, float32: 19.5, tf32: 156, bfloat16: 312 },
  { card: /\bRTX 3090$/, float32: 35.6, tf32: 35.6, bfloat16: 71.2 },
  { card: /\bRTX 4090$/, float32: 82.6, tf32: 82.6, bfloat16: 165.2 },
  { card: /\bL4\b/, float32: 30.3, tf32: 60, bfloat16: 121 },
  { card: /\bL40S\b/, float32: 91.6, tf32: 183, bfloat16: 362 },
  { card: /\bH100 PCIe\b/i, float32: 51, tf32: 378, bfloat16: 756 },
  { card: /\bH100 80GB HBM3\b/, float32: 67, tf32: 494.7, bfloat16: 989.4 },
  { card: /\bH200$/, float32: 67, tf32: 494.7, bfloat16: 989.4 },
]

/** Operations a second that a card of this name is said to do at most in a format; null where that is not known. */
export function peakOf(name: string, format: string): number | null {
  const found = PEAKS.find(({ card }) => card.test(name))
  if (found === undefined) return null
  const peak = new Map<string, unknown>(Object.entries(found)).get(format)
  return typeof peak === 'number' ? peak * 1e12 : null
}
