import { describe, expect, it } from 'vitest'
import { type Component, parseComponent } from '../../../../../src-shared/schema/component.ts'
import { findComponent } from '../../../../../src-shared/schema/registry.ts'

const parse = (fn: string, config: Record<string, unknown>) =>
  parseComponent(findComponent('model', fn) as Component, config, 'model.config')

describe('arguments of the published VGG builders', () => {
  it.each([
    ['classification_cnn_builder', { init_weights: true, input_channels: 3, comment: 'as published' }],
    ['mtl_builder', { init_weights: true, neural_input_channels: 1, classification_input_channels: 1 }],
  ])('of %s are read where they say what is so anyway', (fn, config) => {
    expect(parse(fn, config).ok).toBe(true)
  })

  it.each(['classification_cnn_builder', 'mtl_builder'])('%s refuses a start that is not offered', (fn) => {
    expect(parse(fn, { init_weights: false })).toMatchObject({
      ok: false,
      problems: [{ path: 'model.config.init_weights' }],
    })
  })
})
