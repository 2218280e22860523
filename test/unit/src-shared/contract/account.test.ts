import { expect, test } from 'vitest'
import { dataAccount, leftOut } from '../../../../src-shared/contract/account.ts'

test('parts left out for one reason are one line, with the first names and how many', () => {
  expect(leftOut('file', [], { reason: 'no image.' })).toEqual([])
  const names = ['a.gif', 'b.gif', 'c.gif', 'd.gif', 'e.gif', 'f.gif', 'g.gif']
  const [line] = leftOut('file', names, {
    severity: 'error',
    reason: 'cannot be read.',
    fix: 'Convert them.',
  })
  expect(line).toEqual({
    kind: 'file',
    name: 'a.gif, b.gif, c.gif, d.gif, e.gif and 2 more',
    count: 7,
    reason: 'cannot be read.',
    fix: 'Convert them.',
    severity: 'error',
  })
  expect(dataAccount.safeParse({ used: [], left: [line] }).success).toBe(true)
})
