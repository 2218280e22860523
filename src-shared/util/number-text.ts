/** A sign that screen readers and fonts treat as minus, unlike the hyphen. */
export const MINUS = '\u2212'
export const MISSING = '\u2013'

/** Significant digits shown unless asked otherwise: enough to tell runs apart, few enough to compare by eye. */
const DIGITS = 4

/** A number for a table: four significant digits, thousands thin-spaced, very large and small ones with an exponent. */
export function formatNumber(value: number | null | undefined, digits = DIGITS): string {
  if (value === null || value === undefined) return MISSING
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? 'not a number' : value > 0 ? 'infinite' : `${MINUS}infinite`
  if (value === 0) return '0'
  const size = Math.abs(value)
  const text = size >= 1e7 || size < 1e-4 ? exponent(size, digits) : plain(size, digits)
  return value < 0 ? MINUS + text : text
}

function plain(size: number, digits: number): string {
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)))
  const fixed = Number.isInteger(size) ? String(size) : size.toFixed(Math.min(decimals, 8))
  const [whole = '', fraction] = fixed.split('.')
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u2009') : whole
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

function exponent(size: number, digits: number): string {
  const [mantissa = '', power = '0'] = size.toExponential(digits - 1).split('e')
  return `${mantissa.replace(/\.?0+$/, '')}e${power.replace('+', '')}`
}

/** A round number on an axis, without digits that say nothing: 0.5, 2, 1.2e-5. */
export const formatTick = (value: number): string =>
  formatNumber(Number(value.toPrecision(6)), 6)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
