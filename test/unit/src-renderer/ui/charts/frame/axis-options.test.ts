import { describe, expect, it } from 'vitest'
import { titleLines } from '../../../../../../src-renderer/ui/charts/frame/axis-options.ts'

describe('titleLines', () => {
  it('leaves a short title and one word in one line', () => {
    expect(titleLines('Learning rate')).toBe('Learning rate')
    expect(titleLines('Bildklassifikationsgenauigkeit')).toBe('Bildklassifikationsgenauigkeit')
  })

  it('breaks a long one at the space nearest to its middle', () => {
    expect(titleLines('Classification accuracy (test), %')).toEqual(['Classification', 'accuracy (test), %'])
  })
})
