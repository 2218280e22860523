import { describe, expect, it } from 'vitest'
import { formatProblem } from '../../../../../src-shared/contract/errors.ts'
import { parseConfigText } from '../../../../../src-main/runs/create/config-text.ts'

const good = `# a comment
name: small
dataset: { fn: img_loader }
model: { fn: classification_cnn_builder }
trainer:
  fn: cotrainer
  config:
    max_iter: 3
seed: 7
`
const said = (text: string): string[] => parseConfigText(text, 'a.yaml').problems.map(formatProblem)

describe('a config as text', () => {
  it('is read with every default', () => {
    const { config, problems, given } = parseConfigText(good)
    expect(problems).toEqual([])
    expect(config).toMatchObject({
      name: 'small',
      seed: 7,
      data_seed: 1000,
      trainer: { config: { max_iter: 3 } },
    })
    expect(given).toMatchObject({ dataset: { fn: 'img_loader' } })
  })

  it('names file, line, field, value and fix for each problem', () => {
    expect(said(good.replace('max_iter: 3', 'max_itr: 3'))).toEqual([
      'a.yaml:8, trainer.config.max_itr: unknown option. Did you mean "max_iter"?',
    ])
    expect(said(good.replace('seed: 7', 'seed: -1'))).toEqual([
      'a.yaml:9, seed: expected a value at least 0, got -1. Use a value at least 0.',
    ])
    expect(said(good.replace('seed: 7', 'seed: "7"'))[0]).toMatch(
      /^a\.yaml:9, seed: expected a number, got "7"/,
    )
    expect(said(good.replace('cotrainer', 'cotrainr'))).toEqual([
      'a.yaml:6, trainer.fn: no trainer is called "cotrainr". Did you mean "cotrainer"?',
    ])
    expect(said(good.replace('dataset: { fn: img_loader }\n', ''))[0]).toMatch(
      /^a\.yaml, dataset: expected an object, got nothing/,
    )
  })

  it('names the line where the text is not YAML', () => {
    expect(said('name: a\n  bad: [1, 2\nseed: 1')[0]).toMatch(/^a\.yaml:\d+: /)
    expect(said('name: a\nname: b\n')).toEqual([
      'a.yaml:2: map keys must be unique. Mend the YAML at this line.',
    ])
    expect(said('a: !!js/function "x"')[0]).toMatch(/^a\.yaml:1: unresolved tag/i)
  })

  it('refuses aliases, merges and texts that are too large, before they grow', () => {
    const bomb = 'a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: [*c, *c, *c, *c]'
    expect(said(bomb)).toEqual(['a.yaml: the text uses YAML aliases (&name, *name). Write the values out.'])
    expect(said('base: &b { seed: 1 }\n<<: *b')[0]).toMatch(/aliases/)
    expect(said(`name: ${'x'.repeat(1_000_001)}`)[0]).toMatch(/larger than 1 MB/)
    expect(said('')).toEqual(['a.yaml: the text is empty. Name a dataset, a model and a trainer.'])
  })

  it('does not let keys reach into objects', () => {
    expect(said(`${good}__proto__: { polluted: true }`).length).toBeGreaterThan(0)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('reads words of YAML 1.1 as words', () => {
    expect(parseConfigText(good.replace('small', 'no')).config?.name).toBe('no')
  })
})
