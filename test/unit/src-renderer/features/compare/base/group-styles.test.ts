import { expect, it } from 'vitest'
import { groupStyles } from '../../../../../../src-renderer/features/compare/base/group-styles.ts'
import { styleOf } from '../../../../../../src-renderer/format/series-style.ts'

const groups = (n: number) => Array.from({ length: n }, (_, i) => ({ groupId: `g${i}`, ids: [`r${i}`] }))
const look = ({ token, dash }: { token: string; dash: readonly number[] }) => `${token} ${dash.join('-')}`

it('gives each group a style of its own, dashes only from the ninth on', () => {
  // All first runs have the same hue: the worst case.
  const styles = [...groupStyles(groups(20), () => styleOf(3)).values()]
  expect(new Set(styles.map(look)).size).toBe(20)
  expect(styles.slice(0, 8).every((s) => s.dash.length === 0)).toBe(true)
  expect(styles.slice(8).every((s) => s.dash.length > 0)).toBe(true)
})

it('keeps the hue of the first run where it is free', () => {
  const styles = groupStyles(groups(3), (id) => styleOf({ r0: 5, r1: 13, r2: 2 }[id] ?? 0))
  expect([...styles.values()].map((s) => s.token)).toEqual(['--c5', '--c6', '--c2'])
})
