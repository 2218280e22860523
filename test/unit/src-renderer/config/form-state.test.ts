import { describe, expect, it } from 'vitest'
import { findField, typeText } from '../../../../src-renderer/features/editor/form/field-help.ts'
import {
  foundParts,
  isFound,
  problemsAt,
  rangeText,
  sectionsOf,
} from '../../../../src-renderer/config/form-state.ts'

const GIVEN = {
  name: 'x',
  model: { fn: 'mtl_builder', config: { width: 0.5 } },
  trainer: { fn: 'cotrainer', config: { loss_functions: { v1: 'PoissonLoss' }, patience: 3 } },
}
const sections = sectionsOf(GIVEN)
const field = (path: string) => findField(sections, path)!.state

describe('sectionsOf', () => {
  it('marks what differs from the default, and only that', () => {
    expect(field('trainer.config.patience').isChanged).toBe(true)
    expect(field('trainer.config.threshold').isChanged).toBe(false)
    expect(field('seed').isChanged).toBe(false)
  })

  it('knows defaults that depend on other options', () => {
    // A neural task alone scales its loss.
    expect(field('trainer.config.scale_loss').fallback).toBe(true)
    expect(field('trainer.config.scale_loss').isChanged).toBe(false)
  })

  it('hides an option that has no effect, unless it is given', () => {
    const classification = { trainer: { fn: 'cotrainer', config: {} } }
    expect(findField(sectionsOf(classification), 'trainer.config.avg_loss')).toBeNull()
    const given = { trainer: { fn: 'cotrainer', config: { avg_loss: true } } }
    expect(findField(sectionsOf(given), 'trainer.config.avg_loss')).not.toBeNull()
  })

  it('hides what is only read for published configs, unless it is given', () => {
    const fields = (config: object) =>
      findField(sectionsOf({ trainer: { fn: 'cotrainer', config } }), 'trainer.config.use_tensorboard')
    expect(fields({})).toBeNull()
    expect(fields({ use_tensorboard: true })?.state.value).toBe(true)
  })

  it('has no fields for an unknown component and survives values of any type', () => {
    expect(sectionsOf({ model: { fn: 'nope' } }).find((s) => s.id === 'model')?.component).toBeNull()
    for (const wrong of [
      null,
      3,
      [],
      { trainer: 7 },
      { trainer: { fn: 'cotrainer', config: { loss_functions: 3 } } },
    ]) {
      expect(sectionsOf(wrong)).toHaveLength(5)
    }
  })
})

describe('fields', () => {
  it('shows inner options of a group with their own defaults', () => {
    const group = field('trainer.config.optimizer_options')
    const lr = group.inner.find((s) => s.field.key === 'lr')!
    expect(lr.path.join('.')).toBe('trainer.config.optimizer_options.lr')
    expect(lr.isChanged).toBe(false)
    expect(lr.value).toBe(lr.fallback)
  })

  it('finds a field by label, key, help or choice', () => {
    const patience = field('trainer.config.patience').field
    expect(isFound(patience, 'PATIENCE')).toBe(true)
    expect(isFound(patience, 'patience zebra')).toBe(false)
  })

  it('says range and type in words', () => {
    const base = { key: 'x', label: '', help: '', default: 0, nullable: false, kind: 'number' as const }
    expect(rangeText({ ...base, min: 0, max: 1 })).toBe('0 to 1')
    expect(rangeText({ ...base, min: 0, exclusiveMin: true })).toBe('above 0')
    expect(rangeText({ ...base, max: 3 })).toBe('at most 3')
    expect(rangeText(base)).toBe('')
    expect(typeText({ ...base, nullable: true })).toBe('number, or not set')
    expect(typeText({ ...base, kind: 'list', entry: base })).toBe('list (number)')
  })

  it('assigns problems to the field at or above their path', () => {
    const problems = [
      { code: 'config-invalid' as const, path: 'trainer.config.loss_functions.v9', message: 'm' },
      { code: 'config-invalid' as const, path: 'trainer.config.loss', message: 'm' },
    ]
    expect(problemsAt(problems, ['trainer', 'config', 'loss_functions'])).toHaveLength(1)
  })

  it('shows of a group only the parts that a search means', () => {
    const options = field('trainer.config.optimizer_options')
    const keys = (query: string) =>
      foundParts(options.field, options.inner, query).map((part) => part.field.key)
    expect(keys('amsgrad')).toEqual(['amsgrad'])
    expect(keys('optimizer_options').length).toBe(5)
    expect(keys('')).toEqual(keys('optimizer_options'))
  })
})
