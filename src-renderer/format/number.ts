import { decimalsOf } from '../../src-shared/contract/metrics.ts'
import { formatNumber, MINUS, MISSING } from '../../src-shared/util/number-text.ts'
import { sizeText } from '../../src-shared/util/size-text.ts'

export { formatNumber, formatTick, MISSING } from '../../src-shared/util/number-text.ts'

/**
 * A value with the decimals that its unit deserves: percent one, correlations three. What these would make a nought of has two
 * significant digits.
 */
export function formatMetric(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return formatNumber(value)
  if (unit.startsWith('%')) return signed(value.toFixed(1))
  if (unit === 's') return formatNumber(value, 3)
  if (Math.abs(value) >= 10 || value === 0) return formatNumber(value)
  return Number(value.toFixed(3)) === 0 ? formatNumber(value, 2) : signed(value.toFixed(3))
}

const signed = (text: string): string => text.replace('-', MINUS)

/** A standard error with the decimals of its value; one too small for them is said to be below the last of them. */
export function formatSpread(value: number, unit: string): string {
  const decimals = decimalsOf(unit)
  if (unit === 's' || value >= 10) return formatNumber(value, 3)
  return value < 0.5 * 10 ** -decimals ? `<${(10 ** -decimals).toFixed(decimals)}` : value.toFixed(decimals)
}

/**
 * A difference with its sign, always shown: +0.8, -1.2, 0. `to` is the value that it leads to: where both ends as they are
 * shown say another difference (92.2 and 92.6 for +0.34), it has one decimal more, so that it is seen to be the finer number.
 */
export function formatDelta(
  value: number | null | undefined,
  unit: string,
  to: number | null = null,
): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING
  const text = formatMetric(value, unit)
  const finer = contradicts(value, unit, to) ? signed(value.toFixed(decimalsOf(unit) + 1)) : text
  return value > 0 ? `+${finer}` : finer
}

/** Whether the two ends, rounded as they are shown, differ by something else than the rounded difference. */
function contradicts(delta: number, unit: string, to: number | null): boolean {
  const isFixed = unit.startsWith('%') || [delta, to, (to ?? 0) - delta].every((v) => Math.abs(v ?? 0) < 10)
  if (to === null || unit === 's' || !isFixed) return false
  const scale = 10 ** decimalsOf(unit)
  const shown = (v: number): number => Math.round(Number(v.toFixed(decimalsOf(unit))) * scale)
  return shown(to) - shown(to - delta) !== shown(delta)
}

/** Bytes in powers of 1024: 812 MiB. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return MISSING
  return sizeText(bytes)
}

/** Counts by thousands: 1.2 M parameters, 34.1 G multiply-adds. */
export function formatCount(count: number | null | undefined): string {
  if (count === null || count === undefined) return MISSING
  const units = ['', ' k', ' M', ' G', ' T']
  const power = count < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3))
  const value = count / 1000 ** power
  return `${power === 0 ? value : value.toFixed(value >= 100 ? 0 : 1)}${units[power] ?? ''}`
}
