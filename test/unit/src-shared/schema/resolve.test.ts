import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { group, int, nullable, optionalGroup } from '../../../../src-shared/schema/field.ts'
import { resolve, withoutEffect } from '../../../../src-shared/schema/resolve.ts'

const about = (label: string) => ({ label, help: '' })
const size = (fallback: number) => int({ default: fallback, ...about('size') })
const rules = {
  schema: z.strictObject({
    side: size(64),
    double: size(0),
    inner: group({ side: size(8), deep: group({ side: size(1) }, about('deep')) }, about('inner')),
    maybe: optionalGroup({ side: size(5) }, about('maybe')),
    seed: nullable(z.number(), { ...about('seed'), aliases: ['old_seed'] }),
  }),
  derive: {
    double: (c: Record<string, unknown>) => 2 * Number(c['side']),
    'inner.deep.side': (c: Record<string, unknown>) => Number(c['double']) + 1,
    'maybe.side': (c: Record<string, unknown>) => Number(c['side']),
  },
  applies: {
    inner: (c: Record<string, unknown>) => Number(c['side']) > 3,
    'inner.deep.side': (c: Record<string, unknown>) => c['seed'] === null,
  },
}
const at = (given: unknown, path: string) => resolve(rules, given).options.get(path)

describe('resolve', () => {
  it('says of every value whence it comes', () => {
    expect(at({ side: 10 }, 'side')).toMatchObject({
      value: 10,
      fallback: 64,
      source: 'given',
      changed: true,
    })
    expect(at({ side: 10 }, 'double')).toMatchObject({ value: 20, source: 'derived', changed: false })
    expect(at({}, 'inner.side')).toMatchObject({ value: 8, source: 'default', changed: false })
    expect(resolve(rules, {}).config).toEqual({
      side: 64,
      double: 128,
      inner: { side: 8, deep: { side: 129 } },
      maybe: null,
      seed: null,
    })
  })

  it('derives in order, in groups at any depth, and skips groups that are off', () => {
    expect(at({ double: 6 }, 'inner.deep.side')).toMatchObject({ value: 7, source: 'derived' })
    expect(at({}, 'maybe.side')).toBeUndefined()
    expect(at({ maybe: {}, side: 9 }, 'maybe.side')).toMatchObject({ value: 9, source: 'derived' })
  })

  it('knows the default of a given option with the others as they are', () => {
    expect(at({ side: 5, double: 10 }, 'double')).toMatchObject({
      fallback: 10,
      source: 'given',
      changed: false,
    })
    expect(at({ side: 5, double: 11 }, 'double')).toMatchObject({ fallback: 10, changed: true })
  })

  it('names given options without effect, a group for its parts', () => {
    expect(withoutEffect(resolve(rules, { side: 1, inner: { side: 9 } }))).toEqual(['inner'])
    expect(withoutEffect(resolve(rules, { seed: 4, inner: { deep: { side: 3 } } }))).toEqual([
      'inner.deep.side',
    ])
    expect(withoutEffect(resolve(rules, { side: 1, inner: { side: 8 } }))).toEqual([])
  })

  it('knows what applies, unless a rule stumbles, and takes switching a group on for a change', () => {
    expect(at({}, 'double')).toMatchObject({ applies: true })
    expect(at({ side: 1 }, 'inner')).toMatchObject({ applies: false })
    expect(at({ side: 1 }, 'inner.deep.side')).toMatchObject({ applies: false })
    const stumbling = { schema: rules.schema, applies: { side: () => JSON.parse('') as boolean } } // throws
    expect(resolve(stumbling, { side: 3 }).options.get('side')).toMatchObject({ applies: true })
    expect(at({ maybe: {} }, 'maybe')).toMatchObject({ changed: true })
    expect(at({}, 'maybe')).toMatchObject({ changed: false })
    expect(at({ inner: {} }, 'inner')).toMatchObject({ changed: false })
    expect(at({ inner: { deep: { side: 3 } } }, 'inner')).toMatchObject({ changed: true })
  })

  it('keeps the default where its rule stumbles, and has no rule for what is not there', () => {
    const { schema } = rules
    const stumbling = { schema, derive: { side: () => JSON.parse('') as number, 'no.such': () => 1 } } // throws
    expect(resolve(stumbling, {}).options.get('side')).toMatchObject({ value: 64, fallback: 64 })
    expect(resolve(stumbling, {}).options.has('no.such')).toBe(false)
  })

  it('reads earlier spellings and remembers them', () => {
    const resolution = resolve(rules, { old_seed: 3 })
    expect(resolution.config['seed']).toBe(3)
    expect(resolution.written(['seed'])).toEqual(['old_seed'])
    expect(resolution.written(['inner', 'side'])).toEqual(['inner', 'side'])
  })

  it('goes as far as it can with values of the wrong type', () => {
    expect(at({ side: 'wide', inner: 3 }, 'side')?.value).toBe('wide')
    expect(at({ inner: 3 }, 'inner')?.value).toBe(3)
    expect(resolve(rules, [1]).config['side']).toBe(64)
  })
})
