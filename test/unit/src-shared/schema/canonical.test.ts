import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { canonicalJson, identityOf } from '../../../../src-shared/schema/canonical.ts'
import { boolean, custom, int, list, nullable, record, text } from '../../../../src-shared/schema/field.ts'

describe('canonical JSON', () => {
  it('is one text for equal values', () => {
    expect(canonicalJson({ b: [1, 'x', null, true], a: { d: 0.1, c: false } })).toBe(
      '{"a":{"c":false,"d":0.1},"b":[1,"x",null,true]}',
    )
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}')
    expect(canonicalJson([-0, 0, 1e21, 1.5])).toBe('[0,0,1e+21,1.5]')
    // One letter with its accent, and a letter followed by one, as values and as keys.
    expect(canonicalJson({ 'e\u0301': 'e\u0301' })).toBe(canonicalJson({ '\u00e9': '\u00e9' }))
  })

  it('sorts keys by code point, the shorter of two that begin alike first', () => {
    const keys = ['b', '\u{1f600}', 'ab', 'a', '\uffee', 'aa', '']
    const sorted = ['', 'a', 'aa', 'ab', 'b', '\uffee', '\u{1f600}']
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))
    expect(text).toBe(`{${sorted.map((key) => `"${key}":0`).join(',')}}`)
    expect(canonicalJson(Object.fromEntries(sorted.map((key) => [key, 0])))).toBe(text)
  })

  it.each([NaN, Infinity, -Infinity, () => 1, Symbol('s'), 1n])(
    'refuses what has no identity: %s',
    (value) => {
      expect(() => canonicalJson({ a: [value] })).toThrow(/cannot be part of an identity/)
    },
  )
})

const about = (label: string) => ({ label, help: '' })
const inner = z.strictObject({
  kept: int({ default: 1, ...about('kept') }),
  shown: boolean({ default: false, ...about('shown'), identity: false }),
})
const schema = z.strictObject({
  size: int({ default: 1, ...about('size') }),
  threads: int({ default: 1, ...about('threads'), identity: false }),
  place: text({ default: '', ...about('place'), identity: (value) => String(value).length }),
  items: list(inner, { default: [], ...about('items') }),
  named: record(inner, { default: {}, ...about('named') }),
  maybe: nullable(inner, about('maybe')),
  either: custom(z.union([z.number(), z.array(z.number())]), { default: 1, ...about('either') }),
})
const config = {
  size: 3,
  threads: 8,
  place: '/data',
  items: [{ kept: 1, shown: true }],
  named: { a: { kept: 2, shown: false } },
  maybe: { kept: 4, shown: true },
  either: [1, 2],
}

describe('what of a config counts', () => {
  it('is all but the fields without an identity, in lists, maps and groups too', () => {
    const left = {
      size: 3,
      items: [{ kept: 1 }],
      named: { a: { kept: 2 } },
      maybe: { kept: 4 },
      either: [1, 2],
    }
    expect(identityOf(schema, config)).toEqual({ ...left, place: 5 })
    expect(identityOf(schema, config, true)).toEqual({ ...left, place: '/data' })
    expect(identityOf(schema, { maybe: null, either: 2 })).toEqual({ maybe: null, either: 2 })
  })

  it('keeps what the schema does not know', () => {
    expect(identityOf(schema, { size: 1, later: { shown: true } })).toEqual({
      size: 1,
      later: { shown: true },
    })
    expect(identityOf(schema, 'text')).toBe('text')
    expect(identityOf(schema, null)).toBeNull()
  })
})
