import { describe, expect, it } from 'vitest'
import { applyPatch, optionPath, valueAt } from '../../../../src-shared/schema/patch.ts'

const given = {
  name: 'a',
  trainer: { fn: 'cotrainer', config: { optimizer_options: { lr: 0.1, momentum: 0.9 }, to_monitor: ['v1'] } },
}

describe('a patch', () => {
  it('reads paths with and without "config"', () => {
    expect(optionPath('trainer.lr_decay')).toEqual(['trainer', 'config', 'lr_decay'])
    expect(optionPath('trainer.config.lr_decay')).toEqual(['trainer', 'config', 'lr_decay'])
    expect(optionPath('model.fn')).toEqual(['model', 'fn'])
    expect(optionPath('seed')).toEqual(['seed'])
  })

  it('sets values, replaces lists and merges maps', () => {
    const next = applyPatch(given, {
      'trainer.optimizer_options': { lr: 0.2 },
      'trainer.to_monitor': ['img_classification'],
      'model.width': 0.5,
    })
    expect(next).toEqual({
      name: 'a',
      trainer: {
        fn: 'cotrainer',
        config: { optimizer_options: { lr: 0.2, momentum: 0.9 }, to_monitor: ['img_classification'] },
      },
      model: { config: { width: 0.5 } },
    })
  })

  it('goes back to the default with null, and leaves no empty map behind', () => {
    expect(applyPatch(given, { 'trainer.optimizer_options.lr': null })).toEqual({
      name: 'a',
      trainer: { fn: 'cotrainer', config: { optimizer_options: { momentum: 0.9 }, to_monitor: ['v1'] } },
    })
    const both = { 'trainer.optimizer_options.lr': null, 'trainer.optimizer_options.momentum': null }
    expect(valueAt(applyPatch(given, both), 'trainer.optimizer_options')).toBeUndefined()
    expect(applyPatch(given, { 'model.width': null })).toEqual(given)
  })

  it('replaces a whole map with $set, which can also set null', () => {
    const next = applyPatch(given, {
      'trainer.optimizer_options': { $set: { lr: 1 } },
      'dataset.v1_dataset_dict': { $set: null },
    })
    expect(valueAt(next, 'trainer.optimizer_options')).toEqual({ lr: 1 })
    expect(valueAt(next, 'dataset.v1_dataset_dict')).toBeNull()
  })

  it('does not change what it is laid over', () => {
    const before = JSON.stringify(given)
    applyPatch(given, { 'trainer.optimizer_options': { $set: {} }, name: null })
    expect(JSON.stringify(given)).toBe(before)
  })
})
