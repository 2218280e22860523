import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { md5Hex } from '../../../../src-shared/util/md5.ts'
import {
  plainValue,
  pyDict,
  pyFloat,
  pythonFloatText,
  pythonRepr,
  upstreamHash,
  type PyValue,
} from '../../../../src-shared/util/upstream-hash.ts'

describe('md5Hex', () => {
  it('agrees with the system library at every length around the block borders', () => {
    for (let length = 0; length < 140; length++) {
      const text = 'ä'.repeat(length % 3) + 'x'.repeat(length)
      expect(md5Hex(text)).toBe(createHash('md5').update(text, 'utf8').digest('hex'))
    }
  })
})

describe('upstreamHash', () => {
  const nested: PyValue = pyDict({ b: pyDict({ y: pyFloat(0.1), x: [1, 'z'] }), a: null })

  it.each<[string, PyValue, string]>([
    ['{}', pyDict({}), 'd41d8cd98f00b204e9800998ecf8427e'],
    ['[]', [], 'd41d8cd98f00b204e9800998ecf8427e'],
    ['1', 1, 'c4ca4238a0b923820dcc509a6f75849b'],
    ['"1"', '1', 'c4ca4238a0b923820dcc509a6f75849b'],
    ['1.0', pyFloat(1), 'e4c2e8edac362acab7123654b9e73432'],
    ['True', true, 'f827cf462f62848df37c5e1e94a4da74'],
    ['None', null, '6adf97f83acf6453d4a6a4b1070f3754'],
    ['0.0005', pyFloat(0.0005), '0e2cfaf61f3ff5c07b054ea20af4284e'],
    ['5e-05', pyFloat(5e-5), 'ae828f4510ec650287031d8a8d994c4d'],
    ['[1, 2]', [1, 2], '302cbafc0dfbc97f30d576a6f394dad3'],
    ['(1, 2)', { $tuple: [1, 2] }, '302cbafc0dfbc97f30d576a6f394dad3'],
    ['{a: 5, b: 3, c: 4}', pyDict({ c: 4, a: 5, b: 3 }), '16d0b79dca41d0057ac184e1ba0750e1'],
    ['nested', nested, 'f3ed0b2a1bbf8cd8a67e74b2ea5123cb'],
    ['{1: 1}', { $dict: [[1, 1]] }, 'bc7235a51e34c1d3ebfddeb538c20c71'],
    ['{"1": 1}', pyDict({ 1: 1 }), 'bc7235a51e34c1d3ebfddeb538c20c71'],
  ])('hashes %s as the published code does', (_, value, hash) => {
    expect(upstreamHash(value)).toBe(hash)
  })
})

describe('Python text', () => {
  it.each([
    [1, '1.0'],
    [-0, '-0.0'],
    [1e-4, '0.0001'],
    [1e-5, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [123456789.125, '123456789.125'],
    [9007199254740992, '9007199254740992.0'],
    [1e16, '1e+16'],
    [1.25e100, '1.25e+100'],
    [Infinity, 'inf'],
    [NaN, 'nan'],
  ])('writes the float %d as %s', (value, text) => {
    expect(pythonFloatText(value)).toBe(text)
  })

  it('writes containers and quotes like repr', () => {
    const value: PyValue = {
      $dict: [[{ $tuple: [pyFloat(0.1), 'a'] }, ["it's", 'say "hi"', '\n', { $tuple: [1] }, null, false]]],
    }
    expect(pythonRepr(value)).toBe(`{(0.1, 'a'): ["it's", 'say "hi"', '\\n', (1,), None, False]}`)
    expect(pythonRepr({ $ordered: [['b', 3]] })).toBe("OrderedDict([('b', 3)])")
  })

  it('turns into plain values', () => {
    expect(plainValue(pyDict({ lr: pyFloat(3e-4), ks: { $tuple: [1, 2] }, none: null }))).toEqual({
      lr: 3e-4,
      ks: [1, 2],
      none: null,
    })
  })
})
