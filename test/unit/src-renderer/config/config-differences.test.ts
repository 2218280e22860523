import { describe, expect, it } from 'vitest'
import { editorDifferences, takenBack } from '../../../../src-renderer/config/config-differences.ts'
import { parseRunConfig } from '../../../../src-shared/schema/run-config.ts'

const config = (given: unknown) => {
  const parsed = parseRunConfig(given)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}
const base = {
  dataset: { fn: 'img_loader' },
  model: { fn: 'mtl_builder', config: { width: 0.5 } },
  trainer: { fn: 'cotrainer', config: { patience: 3 } },
}

describe('differences to another config', () => {
  it('are the options, or the component where another one stands', () => {
    const here = { ...base, trainer: { fn: 'cotrainer' }, dataset: { fn: 'mtl_loader' } }
    expect(editorDifferences(config(base), config(here)).map((d) => d.path)).toEqual([
      'dataset.fn',
      'trainer.config.patience',
    ])
  })

  it('are taken back to what stands there, or to the default where nothing does', () => {
    expect(takenBack(['dataset.fn', 'trainer.config.patience', 'model.config.vgg_type'], base)).toEqual([
      { path: 'dataset', value: { fn: 'img_loader' } },
      { path: 'trainer.config.patience', value: 3 },
      { path: 'model.config.vgg_type', value: undefined },
    ])
  })
})
