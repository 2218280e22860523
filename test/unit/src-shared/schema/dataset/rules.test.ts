import { describe, expect, it } from 'vitest'
import type { Component } from '../../../../../src-shared/schema/component.ts'
import { parseComponent } from '../../../../../src-shared/schema/component.ts'
import { datasets } from '../../../../../src-shared/schema/dataset/index.ts'

const PLACE = 'dataset.config'

function words(fn: string, given: object): string[] {
  const component = datasets.find((known) => known.fn === fn) as Component
  const parsed = parseComponent(component, given, PLACE)
  return parsed.ok
    ? []
    : parsed.problems.map((p) => `${p.path?.slice(PLACE.length + 1)}: ${p.message} ${p.hint}`)
}

describe('a set of responses', () => {
  const neural = (given: object) => words('neural_loader', { dataset: 'in_silico', ...given })

  it('is right as it comes', () => {
    expect(neural({})).toEqual([])
  })

  it.each<[object, string]>([
    [{ target_types: [] }, 'target_types: there is nothing to learn. Name v1, v4 or img_classification.'],
    [
      { target_types: ['v1', 'v4'] },
      'target_types: v1 and v4 need a set each. Use a combined set (mtl_loader) with one group for each area.',
    ],
    [
      { dataset: '' },
      'dataset: no data set is named. Write in_silico, the name of a registered set, or the path of a data file.',
    ],
    [
      { dataset: 'predicted:' },
      'dataset: "predicted:" names no run. Write predicted: or oracle: and the id of a finished run.',
    ],
    [
      { normalize: true, stats: { mean: [0.1, 0.2], std: [1] } },
      'stats.std: has another number of channels than stats.mean. Give one value for each channel in both.',
    ],
    [
      { generator: { bandwidth_low: 2, bandwidth_high: 1 } },
      'generator.bandwidth_high: is 1, below bandwidth_low = 2. Swap the two.',
    ],
    [
      { generator: { frequency_high: 0.3, image_size: 32 } },
      'generator.frequency_high: is above half a cycle per pixel at 32 px. Lower it, or use larger images.',
    ],
  ])('refuses %j by name', (given, expected) => {
    expect(neural(given)).toContain(expected)
  })

  it('looks at the generator where it generates, and nowhere else', () => {
    const turned = { bandwidth_low: 2, bandwidth_high: 1 }
    expect(words('neural_loader', { dataset: 'my recording', generator: turned }).join()).not.toContain(
      'Swap',
    )
  })
})

describe('a set of images', () => {
  const images = (given: object) => words('img_loader', given)

  it('is right as it comes', () => {
    expect(images({})).toEqual([])
  })

  it.each<[object, string]>([
    [
      { apply_noise: { noise_std: { '0.1': 1 }, noise_snr: { '5': 1 } } },
      'apply_noise.noise_snr: noise_std is set as well. State the noise by one of the two.',
    ],
    [
      { apply_noise: { noise_std: { '0.1': 0.5, loud: 0.5 } } },
      'apply_noise.noise_std.loud: expected a number as level. Write level: probability, for example 0.08: 0.5.',
    ],
    [
      { filter_classes: [5, 5] },
      'filter_classes: expected the first class and the one after the last, got [5, 5]. Write for example [0, 10].',
    ],
    [
      { apply_grayscale: false, train_data_mean: [0.1, 0.2, 0.3], train_data_std: [1] },
      'train_data_std: has another number of channels than train_data_mean. Give one value for each channel in both.',
    ],
    [{ dataset_cls: 'library' }, 'data_set: no registered set is named. Name one of `cotrain data list`.'],
    [
      { dataset_cls: 'ImageFolder', train_data_mean: [0.5] },
      'train_data_std: mean and sd belong together. Give both or neither.',
    ],
  ])('refuses %j by name', (given, expected) => {
    expect(images(given)).toContain(expected)
  })

  it('lets the probabilities of noise add up to one, as floats do', () => {
    const thirds = { '0.1': 1 / 3, '0.2': 1 / 3, '-1': 1 / 3 }
    expect(images({ apply_noise: { noise_std: thirds } })).toEqual([])
    expect(images({ apply_noise: { noise_std: { ...thirds, '0.3': 0.1 } } })[0]).toMatch(/add up to 1\.1/)
  })
})
