import { describe, expect, it } from 'vitest'
import { chartGroups, splitScales } from '../../../../../../src-renderer/features/run/curves/chart-groups.ts'

const groups = chartGroups([
  'LR',
  'Validation/v1/eval',
  'Training/v1/loss',
  'Validation/v1/loss',
  'Training/img_classification/loss',
  'Training/v1/loss_weight',
  'Training/img_classification/loss_weight',
  'Training/v1/grad_norm',
  'Training/img_classification/grad_norm',
  'FinalTest/v1/eval',
  'own/metric/key',
])

describe('chartGroups', () => {
  it('puts losses first and unknown metrics last', () => {
    expect(groups[0]?.title).toBe('Classification loss')
    expect(groups.at(-1)?.id).toBe('metric/key')
  })

  it('draws training and validation of one loss together', () => {
    expect(groups.find((g) => g.id === 'v1/loss')?.lines.map((l) => l.label)).toEqual([
      'training',
      'validation',
    ])
  })

  it('draws weights and gradient norms of all tasks together', () => {
    expect(groups.find((g) => g.id === 'loss_weight')?.lines.map((l) => l.label)).toEqual([
      'V1',
      'Classification',
    ])
    expect(groups.find((g) => g.id === 'grad_norm')?.lines).toHaveLength(2)
  })

  it('leaves final scores to the table', () => {
    expect(groups.flatMap((g) => g.lines).some((l) => l.key.startsWith('Final'))).toBe(false)
  })
})

describe('splitScales', () => {
  const group = groups.find((g) => g.id === 'v1/loss')!

  it('keeps lines of like size together', () => {
    expect(splitScales(group, () => 1)).toEqual([group])
    expect(splitScales(group, () => null)).toEqual([group])
  })

  it('gives a line of another size a chart of its own', () => {
    const split = splitScales(group, (key) => (key.startsWith('Training') ? 2 : 20_000))
    expect(split.map((g) => g.title)).toEqual(['V1 loss, training', 'V1 loss, validation'])
  })
})
