import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { problemsOf, show } from '../../../../src-shared/schema/problem-words.ts'

const group = z.strictObject({ lr: z.number().positive().lt(9), momentum: z.number().min(0).max(1) })
const schema = z.strictObject({
  depth: z.int().min(1).max(19),
  optimizer: z.enum(['Adam', 'SGD', 'RMSprop']),
  group,
  groups: z.record(z.string(), group),
  list: z.array(group),
  name: z.string(),
  odd: z.number().refine((n) => n % 2 === 1, 'expected an odd number'),
})
const right = {
  depth: 3,
  optimizer: 'Adam',
  group: { lr: 1, momentum: 0 },
  groups: {},
  list: [],
  name: '',
  odd: 1,
}

function words(change: object, path = ''): string[] {
  const input = { ...right, ...change }
  const { error } = schema.safeParse(input)
  if (error === undefined) return []
  return problemsOf(error, schema, input, path).map((p) => `${p.path}: ${p.message} ${p.hint}`)
}

describe('what is wrong with a config', () => {
  it('is nothing where nothing is', () => {
    expect(words({})).toEqual([])
  })

  it.each<[string, object, string]>([
    ['a type', { name: 3 }, 'name: expected a string, got 3. Write a value of that type.'],
    ['an array', { list: 'x' }, 'list: expected an array, got "x". Write a value of that type.'],
    [
      'a whole number',
      { depth: 2.5 },
      'depth: expected a whole number, got 2.5. Write a value of that type.',
    ],
    ['a bound', { depth: 0 }, 'depth: expected a value at least 1, got 0. Use a value at least 1.'],
    ['another bound', { depth: 20 }, 'depth: expected a value at most 19, got 20. Use a value at most 19.'],
    [
      'an open bound',
      { group: { lr: 0, momentum: 0 } },
      'group.lr: expected a value above 0, got 0. Use a value above 0.',
    ],
    [
      'an open upper bound',
      { group: { lr: 9, momentum: 0 } },
      'group.lr: expected a value below 9, got 9. Use a value below 9.',
    ],
    [
      'a choice that is nearly one',
      { optimizer: 'adam' },
      'optimizer: expected one of Adam, SGD, RMSprop, got "adam". Did you mean "Adam"?',
    ],
    [
      'a choice that is none',
      { optimizer: 'momentum' },
      'optimizer: expected one of Adam, SGD, RMSprop, got "momentum". Use one of these.',
    ],
    [
      'a value that is missing',
      { name: undefined },
      'name: expected a string, got nothing. Write a value of that type.',
    ],
    [
      'a rule of its own',
      { odd: 2 },
      'odd: expected an odd number (got 2). See the reference page of this option.',
    ],
  ])('is told with the place, what was expected and what came: %s', (_what, change, expected) => {
    expect(words(change)).toEqual([expected])
  })

  it('names an unknown option with the one that is meant, in groups, maps and lists too', () => {
    expect(words({ optimiser: 'Adam' })).toEqual(['optimiser: unknown option. Did you mean "optimizer"?'])
    const given = { lr: 1, momentum: 0, momentun: 0.9 }
    const meant = 'unknown option. Did you mean "momentum"?'
    expect(words({ group: given })).toEqual([`group.momentun: ${meant}`])
    expect(words({ groups: { core: given } })).toEqual([`groups.core.momentun: ${meant}`])
    expect(words({ list: [right.group, given] })).toEqual([`list.1.momentun: ${meant}`])
    expect(words({ group: { lr: 1, momentum: 0, nesterov: true } })).toEqual([
      'group.nesterov: unknown option. Known options: lr, momentum.',
    ])
  })

  it('tells everything at once, under the place of the config', () => {
    expect(words({ depth: 0, optimizer: 'SDG', name: null }, 'trainer.config')).toEqual([
      'trainer.config.depth: expected a value at least 1, got 0. Use a value at least 1.',
      'trainer.config.optimizer: expected one of Adam, SGD, RMSprop, got "SDG". Did you mean "SGD"?',
      'trainer.config.name: expected a string, got null. Write a value of that type.',
    ])
  })
})

describe('a value in an error', () => {
  it('is shown as it is written, cut where it is long', () => {
    expect([show(undefined), show(null), show('a'), show([1, 2]), show({ a: 1 })]).toEqual([
      'nothing',
      'null',
      '"a"',
      '[1,2]',
      '{"a":1}',
    ])
    const long = show(Array.from({ length: 100 }, (_, i) => i))
    expect([long.length, long.slice(-3)]).toEqual([80, '...'])
    expect(show(() => 1)).toBe('function')
  })
})
