import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfigText } from '../../../src-main/runs/create/config-text.ts'

const folder = join(import.meta.dirname, '../../../configs')
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))

describe('shipped configs', () => {
  it('are there', () => {
    expect(files).toEqual(
      expect.arrayContaining(['demo-baseline.yaml', 'demo-cotrained.yaml', 'demo-shuffled.yaml']),
    )
  })

  it.each(files)('%s is valid as it is', (name) => {
    const { problems, config } = parseConfigText(readFileSync(join(folder, name), 'utf8'), name)
    expect(problems).toEqual([])
    expect(config?.name).not.toBe('')
  })
})
