import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { useMemory } from '../../../src-renderer/stores/memory.ts'
import type { Showing } from '../../support/show.ts'
import { settled, show } from '../../support/show.ts'

const empty = (given: Showing = {}) => show({ render: () => null }, given)
const refuse = () => {
  throw new CotrainError({ code: 'internal', message: 'The disk is full.', hint: 'Make room.' })
}

describe('what the interface remembers', () => {
  const given: Showing = {
    answers: { 'ui.get': () => ({ text: 'a', list: [1], map: { a: 1 }, off: false, kept: 'old' }) },
  }

  it('is read in the shape that is expected, else the fallback holds', async () => {
    await empty(given)
    const memory = useMemory()
    expect(memory.read('text', 'none')).toBe('none')
    expect(memory.isLoaded).toBe(false)
    await memory.load()
    expect(memory.isLoaded).toBe(true)
    expect(memory.read('text', 'none')).toBe('a')
    expect(memory.read('off', true)).toBe(false)
    expect(memory.read<number[]>('list', [])).toEqual([1])
    expect(memory.read<number[]>('map', [])).toEqual([])
    expect(memory.read<Record<string, number>>('list', {})).toEqual({})
    expect(memory.read('text', 3)).toBe(3)
    expect(memory.read('missing', 'none')).toBe('none')
  })

  it('is not taken from nothing for a map', async () => {
    await empty({ answers: { 'ui.get': () => ({ map: null }) } })
    await useMemory().load()
    expect(useMemory().read<Record<string, number>>('map', {})).toEqual({})
  })

  it('is kept by the service, and what was written first wins over what is loaded later', async () => {
    const { paramsOf } = await empty(given)
    const memory = useMemory()
    memory.write('kept', 'new')
    await memory.load()
    expect(memory.read('kept', '')).toBe('new')
    expect(memory.read('text', '')).toBe('a')
    expect(paramsOf('ui.set')).toEqual([{ key: 'kept', value: 'new' }])
  })

  it('works on where the service keeps nothing', async () => {
    await empty({ answers: { 'ui.get': refuse, 'ui.set': refuse } })
    const memory = useMemory()
    await expect(memory.load()).rejects.toThrow('The disk is full.')
    expect(memory.isLoaded).toBe(true)
    memory.write('a', 1)
    await settled()
    expect(memory.read('a', 0)).toBe(1)
  })
})
