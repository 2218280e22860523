import { expect, it } from 'vitest'
import { coresIn, physicalCores, vectorFeatures } from '../../../../../../src-main/io/native/library/cpu.ts'

const processor = (socket: number, core: number): string =>
  `processor\t: 0\nphysical id\t: ${socket}\ncore id\t\t: ${core}\nflags\t\t: fpu avx avx2 fma avx512f avx512_bf16\n`

it('counts physical cores, not hyper-threads', () => {
  const text = [processor(0, 0), processor(0, 0), processor(0, 1), processor(1, 0)].join('\n')
  expect(coresIn(text)).toBe(3)
  expect(coresIn('no such lines')).toBe(0)
  expect(physicalCores()).toBeGreaterThan(0)
})

it('names the vector extensions of the processor', () => {
  expect(vectorFeatures(processor(0, 0))).toEqual(['avx', 'avx2', 'fma', 'avx512f', 'avx512_bf16'])
  expect(vectorFeatures('')).toEqual([])
})
