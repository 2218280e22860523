import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseRunConfig } from '../../../../src-shared/schema/run-config.ts'
import { yamlOf } from '../../../../src-renderer/config/yaml-of.ts'
import { BASELINE_YAML, DEMO_YAML, configOf } from '../../../support/fake-renderer/made-up-configs.ts'

type Used = Parameters<typeof yamlOf>[0]

describe('yamlOf', () => {
  it.each(DEMO_YAML.map((yaml) => [/name: (.*)/.exec(yaml)?.[1], yaml]))(
    'means the same after a round trip: %s',
    (_, yaml) => {
      const config = configOf(yaml!)
      const back = parseRunConfig(parse(yamlOf(config as unknown as Used)))
      expect(back).toEqual({ ok: true, value: config })
    },
  )

  it('says only what differs from the defaults', () => {
    const text = yamlOf(configOf(BASELINE_YAML) as unknown as Used)
    expect(text).toContain('width: 0.25')
    expect(text).not.toContain('restore_best')
    expect(text.split('\n').length).toBeLessThan(25)
  })

  it('writes a list of numbers on one line', () => {
    const config = configOf(BASELINE_YAML.replace('trainer:', 'tags: [a, b]\ntrainer:'))
    expect(yamlOf(config as unknown as Used)).toContain('tags: [a, b]')
  })
})
