import { describe, expect, it } from 'vitest'
import { chooseOption, optionIn } from '../../../../src-renderer/config/choose-option.ts'
import { parseText } from '../../../../src-renderer/config/config-text.ts'
import { findField } from '../../../../src-renderer/features/editor/form/field-help.ts'
import { sectionsOf } from '../../../../src-renderer/config/form-state.ts'

const COMBINED = `dataset:
  fn: mtl_loader
  config:
    img_dataset_dict: {dataset_cls: MNIST}
    v1_dataset_dict: {dataset: in_silico}
model: {fn: mtl_builder}
trainer: {fn: cotrainer}
`
const at = (path: string): string[] => path.split('.')
const IMAGES = 'dataset.config.img_dataset_dict'
const MATCHING = 'trainer.config.representation_matching'
const chosen = (text: string, path: string, value: unknown) => chooseOption(text, at(path), value)
const shown = (text: string, path: string) => findField(sectionsOf(parseText(text).given), path)?.state

describe('a combined data set in the form', () => {
  it.each([
    [`${IMAGES}.input_size`, 32],
    [`${IMAGES}.apply_augmentation`, false],
    [`${IMAGES}.add_corrupted_test`, false],
    ['dataset.config.v1_dataset_dict.generator.image_size', 32],
    ['dataset.config.v1_dataset_dict.generator.image_set', 'MNIST'],
    ['dataset.config.v1_dataset_dict.target_types', ['v1']],
    ['dataset.config.v1_dataset_dict.crop', 0],
    ['dataset.config.v1_dataset_dict.scale', 1],
  ])('shows %s as the run has it: %j', (path, value) => {
    expect(shown(COMBINED, path)).toMatchObject({
      value,
      fallback: value,
      source: 'derived',
      isChanged: false,
    })
  })

  it('writes what is not the default here, whatever the fixed default is', () => {
    const text = chosen(COMBINED, `${IMAGES}.input_size`, 64)
    expect(text).toContain('input_size: 64')
    expect(chosen(text, `${IMAGES}.input_size`, 32)).not.toContain('input_size')
  })

  it('hides parts that have no meaning with the others', () => {
    expect(shown(COMBINED, `${IMAGES}.in_resize`)?.field.key).not.toBe('in_resize')
    expect(shown(COMBINED, 'dataset.config.v1_dataset_dict.sessions_dir')?.field.key).not.toBe('sessions_dir')
  })
})

describe('groups', () => {
  it('switches on a group that {} leaves off, and keeps it on when its options go back to their defaults', () => {
    const on = chosen(COMBINED, MATCHING, {})
    expect(optionIn(on, at(MATCHING))?.value).toMatchObject({ representations: ['core'], lambda: 1 })
    const weighed = chosen(on, `${MATCHING}.lambda`, 2)
    const back = chosen(chosen(weighed, `${MATCHING}.lambda`, 1), `${MATCHING}.representations`, ['core'])
    expect(optionIn(back, at(MATCHING))?.value).toMatchObject({ representations: ['core'], lambda: 1 })
    expect(optionIn(chosen(back, MATCHING, null), at(MATCHING))?.value).toBeNull()
  })

  it('goes on in the spelling of the text', () => {
    const published = COMBINED.replace('v1_dataset_dict', 'neural_dataset_dict')
    const text = chosen(published, 'dataset.config.v1_dataset_dict.crop', 3)
    expect(text).toContain('neural_dataset_dict: {dataset: in_silico, crop: 3}')
  })
})
