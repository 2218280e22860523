import { MISSING } from './number.ts'

/** Seconds as people say them: 4.2 s, 3 min 10 s, 1 h 28 min, 2 d 3 h. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return MISSING
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const s = Math.round(seconds)
  if (s < 3600) return pair(Math.floor(s / 60), 'min', s % 60, 's')
  if (s < 86_400) return pair(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'min')
  return pair(Math.floor(s / 86_400), 'd', Math.floor((s % 86_400) / 3600), 'h')
}

const pair = (big: number, unit: string, small: number, subunit: string): string =>
  small === 0 ? `${big} ${unit}` : `${big} ${unit} ${small} ${subunit}`

/** Age of a moment: just now, 5 min ago, yesterday, 12 Mar 2026. */
export function formatAge(at: number | null | undefined, now: number): string {
  if (at === null || at === undefined) return MISSING
  const seconds = (now - at) / 1000
  if (seconds < 10) return 'just now'
  if (seconds < 60) return `${Math.floor(seconds)} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  if (seconds < 7 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`
  return formatDate(at)
}

/** Day of a moment in a form that no country misreads. */
export const formatDate = (at: number): string =>
  new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

export const formatClock = (at: number): string =>
  new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

export const formatMoment = (at: number | null | undefined): string =>
  at === null || at === undefined ? MISSING : `${formatDate(at)}, ${formatClock(at)}`
