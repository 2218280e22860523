import { describe, expect, it } from 'vitest'
import { balanceText } from '../../../../../../src-renderer/features/data/set/class-balance.ts'
import { droppedPath } from '../../../../../../src-renderer/features/data/parts/dropped-path.ts'
import {
  countFindings,
  sortFindings,
  worstSeverity,
} from '../../../../../../src-renderer/features/data/parts/finding-order.ts'
import {
  arraysIn,
  describeMapping,
  guessMapping,
  mappingGap,
  mappingOf,
} from '../../../../../../src-renderer/features/data/add/mapping.ts'
import { arrayMapping } from '../../../../../../src-shared/schema/importer/array-mapping.ts'

const array = (path: string, ...shape: number[]) => ({ path, shape, type: 'float32' })

describe('mapping of unknown files', () => {
  const arrays = [array('data/images', 10, 28, 28), array('data/image_ids', 40), array('responses', 40, 7)]

  it('lists arrays and leaves out what is none', () => {
    expect(arraysIn([...arrays, null, { path: 'x' }])).toEqual(arrays)
    expect(arraysIn({ images: 3 })).toEqual([])
  })

  it('guesses roles from usual names, each array once, and axes from sizes', () => {
    expect(guessMapping(arrays)).toMatchObject({
      images: 'data/images',
      imageAxes: 'ihw',
      responses: 'responses',
      responseAxes: 'tu',
      imageIds: 'data/image_ids',
    })
  })

  it('sees units first where the second axis has the size of the images', () => {
    expect(guessMapping([array('stimuli', 10, 784), array('rates', 7, 10, 5)])).toMatchObject({
      imageAxes: 'ip',
      responseAxes: 'uir',
    })
    expect(guessMapping([array('stimuli', 10, 8, 8), array('rates', 7, 10)]).responseAxes).toBe('ui')
    const trials = [array('stimuli', 10, 8, 8), array('image_ids', 40), array('rates', 7, 40)]
    expect(guessMapping(trials).responseAxes).toBe('ut')
  })

  it('says what the mapping makes of the file', () => {
    expect(describeMapping(guessMapping(arrays), arrays)).toBe(
      '10 images of 28 x 28 pixels, 7 units, 40 trials',
    )
  })

  it('names the first thing that is missing', () => {
    expect(mappingGap(guessMapping([]), [])).toContain('images')
    const draft = { ...guessMapping(arrays), area: 'V1' as const }
    expect(mappingGap(draft, arrays)).toBe('')
    expect(mappingGap({ ...draft, imageIds: '' }, arrays)).toContain('which image')
    expect(mappingGap({ ...draft, responseAxes: 't' }, arrays)).toContain('axis of the responses')
    expect(mappingGap({ ...draft, session: ' ' }, arrays)).toContain('session')
    expect(mappingGap({ ...draft, area: '' }, arrays)).toBe('Say where the units were recorded')
  })

  it('makes a mapping that the importer takes', () => {
    const mapping = arrayMapping.parse(
      mappingOf({ ...guessMapping(arrays), idsFrom: 1, labels: 'data/labels' }),
    )
    expect(mapping.images).toEqual({ array: 'data/images', axes: 'ihw', labels: 'data/labels' })
    expect(mapping.sessions[0]?.parts[0]).toMatchObject({
      array: 'responses',
      axes: 'tu',
      imageIds: 'data/image_ids',
      idOffset: -1,
    })
  })
})

describe('mapping of files that are split already', () => {
  const arrays = [
    array('images', 20, 8, 8),
    array('training_responses', 40, 7),
    array('training_image_ids', 40),
    array('testing_responses', 10, 7),
    array('testing_image_ids', 10),
    array('tiers', 40),
  ]

  it('takes test trials as a part of their own, and a split of each trial', () => {
    const draft = { ...guessMapping(arrays), area: 'V1' as const }
    expect(mappingGap(draft, arrays)).toBe('')
    expect(arrayMapping.parse(mappingOf(draft)).sessions[0]?.parts).toMatchObject([
      { array: 'training_responses', imageIds: 'training_image_ids', tier: { array: 'tiers' } },
      { array: 'testing_responses', imageIds: 'testing_image_ids', tier: 'test' },
    ])
    expect(mappingGap({ ...draft, testImageIds: '' }, arrays)).toContain('Test trials need')
  })

  it('refuses letters that are no axes, or stand twice', () => {
    const draft = { ...guessMapping(arrays), area: 'V1' as const }
    expect(mappingGap({ ...draft, responseAxes: 'tt' }, arrays)).toContain('each once')
    expect(mappingGap({ ...draft, imageAxes: 'ihx' }, arrays)).toContain('letters i, h, w, c, p')
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
    const ignored = list.map((x) => (x.code === 'b' ? { ...x, ignored: { reason: 'known', at: 1 } } : x))
    expect(sortFindings(ignored).map((x) => x.code)).toEqual(['d', 'c', 'a', 'b'])
    expect(worstSeverity(list)).toBe('error')
    expect(worstSeverity(ignored.filter((x) => x.code !== 'd'))).toBe('warning')
    expect(countFindings(ignored)).toBe('1 error, 1 warning, 1 note, 1 set aside')
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
