import { describe, expect, it } from 'vitest'
import { balanceText } from '../../../../../src-renderer/components/data/class-balance.ts'
import { droppedPath } from '../../../../../src-renderer/components/data/dropped-path.ts'
import { sortFindings, worstSeverity } from '../../../../../src-renderer/components/data/finding-order.ts'
import { arraysIn, guessMapping } from '../../../../../src-renderer/components/data/mapping.ts'

describe('mapping of unknown files', () => {
  const arrays = arraysIn({
    data: { images: 'uint8 [10, 28, 28]', image_ids: { shape: [40] } },
    responses: { shape: [40, 7] },
  })

  it('lists arrays at any depth with their shapes', () => {
    expect(arrays).toEqual([
      { path: 'data/images', shape: 'uint8 [10, 28, 28]' },
      { path: 'data/image_ids', shape: '40' },
      { path: 'responses', shape: '40 × 7' },
    ])
  })

  it('guesses roles from usual names, each array once', () => {
    expect(guessMapping(arrays)).toEqual({
      images: 'data/images',
      responses: 'responses',
      image_ids: 'data/image_ids',
    })
    expect(guessMapping([])).toEqual({})
  })
})

describe('droppedPath', () => {
  const dropped = (texts: Record<string, string>, files: object[] = []) => ({
    files,
    getData: (type: string) => texts[type] ?? '',
  })

  it('reads a path from a file manager, a terminal and Electron', () => {
    expect(droppedPath(dropped({ 'text/uri-list': 'file:///data/my%20set\r\n' }))).toBe('/data/my set')
    expect(droppedPath(dropped({ 'text/uri-list': 'file:///C:/data' }))).toBe('C:/data')
    expect(droppedPath(dropped({ 'text/plain': ' /data/x ' }))).toBe('/data/x')
    expect(droppedPath(dropped({}, [{ path: '/data/y' }]))).toBe('/data/y')
  })

  it('is null where the browser keeps the path to itself', () => {
    expect(droppedPath(dropped({ 'text/plain': 'hello' }, [{ name: 'x.h5' }]))).toBeNull()
    expect(droppedPath(null)).toBeNull()
  })
})

describe('findings', () => {
  const f = (code: string, severity: 'info' | 'warning' | 'error') => ({
    code,
    severity,
    message: '',
    reason: '',
    fix: '',
  })

  it('puts grave ones first and those set aside last', () => {
    const list = [f('a', 'info'), f('b', 'error'), f('c', 'warning'), f('d', 'error')]
    expect(sortFindings(list, new Set(['b'])).map((x) => x.code)).toEqual(['d', 'c', 'a', 'b'])
    expect(worstSeverity(list)).toBe('error')
    expect(worstSeverity([])).toBeNull()
  })
})

it('says how even classes are', () => {
  const classes = (...counts: number[]) => counts.map((count, i) => ({ name: String(i), count }))
  expect(balanceText(classes(5, 5))).toBe('10 images, all classes equal')
  expect(balanceText(classes(10, 5))).toBe(
    '15 images in 2 classes; the largest class has 2.0 times the smallest',
  )
  expect(balanceText(classes(10, 0))).toContain('some classes are empty')
})
