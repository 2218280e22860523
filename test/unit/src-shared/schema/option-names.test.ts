import { describe, expect, it } from 'vitest'
import { optionLabel } from '../../../../src-shared/schema/option-names.ts'

describe('names of options', () => {
  it('labels an option in as few words as keep it clear', () => {
    expect(optionLabel('trainer.config.patience', [])).toBe('Patience')
    expect(optionLabel('dataset.config.v1_dataset_dict.variant', [])).toBe('V1 part: Variant')
    expect(optionLabel('dataset.fn', [])).toBe('Data set')
    expect(optionLabel('model.config.input_size', ['dataset.config.input_size'])).toBe('Model: Input size')
  })
})
