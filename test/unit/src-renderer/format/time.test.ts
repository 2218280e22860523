import { describe, expect, it } from 'vitest'
import { formatAge, formatDate, formatDuration } from '../../../../src-renderer/format/time.ts'

describe('formatDuration', () => {
  it('uses the two units that matter', () => {
    expect([4.21, 59.4, 190, 5280, 183_600].map(formatDuration)).toEqual([
      '4.2 s',
      '59 s',
      '3 min 10 s',
      '1 h 28 min',
      '2 d 3 h',
    ])
  })

  it('leaves out a second unit of zero', () => {
    expect(formatDuration(120)).toBe('2 min')
  })
})

describe('formatAge', () => {
  const now = Date.UTC(2026, 5, 15, 12)

  it('counts from seconds to days', () => {
    const ages = [3, 40, 300, 7200, 2 * 86_400].map((s) => formatAge(now - s * 1000, now))
    expect(ages).toEqual(['just now', '40 s ago', '5 min ago', '2 h ago', '2 d ago'])
  })

  it('names the day after a week', () => {
    const then = now - 30 * 86_400_000
    expect(formatAge(then, now)).toBe(formatDate(then))
    expect(formatDate(then)).toBe('16 May 2026')
  })
})
