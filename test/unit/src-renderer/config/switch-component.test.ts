import { expect, it } from 'vitest'
import { parseText } from '../../../../src-renderer/config/config-text.ts'
import { switchComponent } from '../../../../src-renderer/config/switch-component.ts'

it('keeps options that both know and names those it takes out', () => {
  const text = 'model:\n  fn: mtl_builder\n  config:\n    width: 0.5\n    v1_model_layer: 7\n'
  const { text: next, dropped } = switchComponent(text, 'model', 'classification_cnn_builder')
  expect(dropped).toEqual(['v1_model_layer'])
  expect(parseText(next).given).toEqual({
    model: { fn: 'classification_cnn_builder', config: { width: 0.5 } },
  })
})
