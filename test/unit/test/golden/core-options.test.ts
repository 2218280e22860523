import { describe, expect, it } from 'vitest'
import { coreUnderTest } from '../../../golden/core-model.ts'
import { publishedCore } from '../../../golden/core-options.ts'
import { NotComparable } from '../../../golden/golden-case.ts'

const SIZES = { hidden_channels: 4, input_kern: 5, hidden_kern: 3 }
const INPUT = { channels: 1, height: 12, width: 12 }
const HIDDEN_BIAS = ['features.layer1.conv.weight', 'features.layer1.conv.bias']

describe('a published core', () => {
  it('is built as a run builds it where a config can say its options', () => {
    const core = coreUnderTest(publishedCore('Stacked2dCore', SIZES, HIDDEN_BIAS), INPUT)
    expect(core.notes).toEqual([])
    expect(core.specs.map((s) => s.torch.name)).toContain('core.features.layer2.conv.bias')
  })

  it('is told from the class of the same name by its parameters', () => {
    const older = publishedCore('SE2dCore', SIZES, ['features.layer1.conv.weight'])
    const newer = publishedCore('SE2dCore', SIZES, HIDDEN_BIAS)
    expect([older.options['n_se_blocks'], newer.options['n_se_blocks']]).toEqual([1, 0])
    expect(coreUnderTest(older, INPUT).notes).toEqual([])
  })

  it('reads a hidden padding of 0 as the published code does', () => {
    const core = publishedCore('Stacked2dCore', { ...SIZES, hidden_padding: 0 }, HIDDEN_BIAS)
    expect(core.options['hidden_padding']).toBeNull()
    expect(core.notes).toHaveLength(1)
  })

  it.each([
    ['an unknown class', 'Stacked3dCore', {}],
    ['an unknown option', 'Stacked2dCore', { spatial_kernel: 3 }],
    [
      'a nonlinearity with other constants',
      'Stacked2dCore',
      { nonlinearity_type: 'ELU', nonlinearity_config: { alpha: 2 } },
    ],
  ])('is not compared with %s', (_what, name, options) => {
    expect(() => coreUnderTest(publishedCore(name, { ...SIZES, ...options }, HIDDEN_BIAS), INPUT)).toThrow(
      NotComparable,
    )
  })
})
