import { describe, expect, it } from 'vitest'
import { matchScore, matching } from '../../../../src-renderer/commands/command.ts'

describe('matching', () => {
  const titles = ['Go to Queue', 'Pause the queue', 'Go to Compare', 'Question']
  const find = (query: string) => matching(titles, query, (t) => t)

  it('keeps the order while nothing is typed', () => {
    expect(find('')).toEqual(titles)
  })

  it('puts a word above scattered letters', () => {
    expect(find('que')).toEqual(['Question', 'Go to Queue', 'Pause the queue'])
  })

  it('finds letters in order with gaps', () => {
    expect(find('gtc')).toEqual(['Go to Compare'])
  })

  it('finds nothing where a letter is missing', () => {
    expect(matchScore('Queue', 'qx')).toBeNull()
  })
})
