import { expect, it } from 'vitest'
import { relay } from '../../../../../src-main/engine/eval/relay.ts'

/** Counts to three and says how it was left. */
async function* counting(left: string[]): AsyncGenerator<number, string> {
  try {
    for (let i = 1; i <= 3; i++) yield i
    return 'all'
  } finally {
    left.push('closed')
  }
}

async function told<R>(work: AsyncGenerator<string, R>): Promise<readonly [readonly string[], R]> {
  const words: string[] = []
  for (;;) {
    const next = await work.next()
    if (next.done === true) return [words, next.value]
    words.push(next.value)
  }
}

it('passes on every value in its own words, and the result', async () => {
  const left: string[] = []
  expect(await told(relay(counting(left), (n) => `no. ${n}`))).toEqual([['no. 1', 'no. 2', 'no. 3'], 'all'])
  expect(left).toEqual(['closed'])
})

it('closes the work and has no result when it is told to stop', async () => {
  const left: string[] = []
  let n = 0
  expect(await told(relay(counting(left), String, () => ++n === 2))).toEqual([['1', '2'], null])
  expect(left).toEqual(['closed'])
})
