import { describe, expect, it } from 'vitest'
import { parseText, placeOf, setOption } from '../../../../src-renderer/config/config-text.ts'

const TEXT = `# Why this run exists.
name: a
trainer:
  fn: cotrainer
  config:
    patience: 5 # responses are noisy
    # The schedule of the paper.
    lr_decay: 0.3
`

describe('setOption', () => {
  it('changes one value and keeps every comment', () => {
    expect(setOption(TEXT, ['trainer', 'config', 'patience'], 7)).toBe(
      TEXT.replace('patience: 5', 'patience: 7'),
    )
  })

  it('adds an option and the maps above it', () => {
    const next = setOption('name: a\nmodel:\n', ['model', 'config', 'width'], 0.5)
    expect(parseText(next).given).toEqual({ name: 'a', model: { config: { width: 0.5 } } })
  })

  it('writes short lists on one line', () => {
    expect(setOption('a: 1\n', ['b'], ['x', 'y'])).toBe('a: 1\nb: [x, y]\n')
  })

  it('removes an option and the maps that it leaves empty', () => {
    const one = setOption(TEXT, ['trainer', 'config', 'patience'], undefined)
    const none = setOption(one, ['trainer', 'config', 'lr_decay'], undefined)
    expect(parseText(none).given).toEqual({ name: 'a', trainer: { fn: 'cotrainer' } })
    expect(none).toContain('# Why this run exists.')
  })

  const MAP = `losses:
  # The task itself.
  image: CrossEntropyLoss
  v1: MSELoss # noisy
  v4: PoissonLoss
`

  it('changes, takes out and adds entries of a map and leaves the others as they are', () => {
    const losses = { image: 'CrossEntropyLoss', v1: 'PoissonLoss', v4: 'PoissonLoss' }
    expect(setOption(MAP, ['losses'], losses)).toBe(MAP.replace('MSELoss', 'PoissonLoss'))
    const { v4: _gone, ...two } = losses
    expect(setOption(MAP, ['losses'], { ...two, it: 'MSELoss' })).toBe(
      MAP.replace('MSELoss', 'PoissonLoss').replace('v4: PoissonLoss', 'it: MSELoss'),
    )
  })

  it('knows entries by number and entries with parts', () => {
    const text = 'shares:\n  1: 0.5 # half\n  2:\n    a: 1 # one\n    b: 2\n    c: 3\n'
    expect(setOption(text, ['shares'], { 1: 0.5, 2: { a: 1, b: 2, c: 4 } })).toBe(text.replace('3', '4'))
    expect(setOption(text, ['shares'], { 1: 0.25 })).toBe('shares:\n  1: 0.25 # half\n')
  })

  it('writes a map anew whose entries come in another order, or that is empty', () => {
    const { given } = parseText(setOption(MAP, ['losses'], { v1: 'a', image: 'b' }))
    expect(JSON.stringify(given)).toBe('{"losses":{"v1":"a","image":"b"}}')
    expect(parseText(setOption(MAP, ['losses'], {})).given).toEqual({ losses: {} })
  })

  it('does not touch a text that cannot be read', () => {
    expect(setOption('a: [1\n', ['b'], 2)).toBe('a: [1\n')
  })

  it('starts from an empty text', () => {
    expect(setOption('', ['trainer', 'fn'], 'cotrainer')).toBe('trainer:\n  fn: cotrainer\n')
  })
})

describe('parseText', () => {
  it('says where the text is wrong', () => {
    const { problems } = parseText('a: 1\nb: [1, 2\nc: 3\n')
    expect(problems.length).toBeGreaterThan(0)
    expect(problems[0]!.to).toBeGreaterThan(problems[0]!.from)
  })

  it('refuses the same key twice', () => {
    expect(parseText('a: 1\na: 2\n').problems[0]?.message).toContain('unique')
  })

  it('refuses a text whose aliases multiply without end', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    expect(parseText(lines.join('\n')).problems).toHaveLength(1)
  })
})

describe('placeOf', () => {
  it('finds the value of an option', () => {
    const place = placeOf(TEXT, 'trainer.config.patience')!
    expect(TEXT.slice(place.from, place.to)).toBe('5')
  })

  it('finds the nearest parent of an option that is not written down', () => {
    const place = placeOf(TEXT, 'trainer.fn.nothing')!
    expect(TEXT.slice(place.from, place.to)).toBe('cotrainer')
  })
})
