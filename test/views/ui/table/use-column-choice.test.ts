import { describe, expect, it } from 'vitest'
import { useColumnChoice } from '../../../../src-renderer/ui/table/use-column-choice.ts'
import { show } from '../../../support/show.ts'

describe('the columns of a table', () => {
  it('are the headline scores and what is no score or option, until a person chooses', async () => {
    const { paramsOf } = await show({ render: () => null })
    const columns = useColumnChoice('runs-columns', () => ['FinalTest/v1/feve'])
    const shown = (ids: readonly string[]) => ids.filter((i) => columns.isShown(i))
    const ids = ['name', 'FinalTest/v1/eval', 'FinalTest/v1/feve', 'FinalTest/v1/loss', 'option:seed']
    expect(shown(ids)).toEqual(['name', 'FinalTest/v1/eval', 'FinalTest/v1/feve'])
    columns.toggle('option:seed')
    columns.toggle('name')
    expect(shown(ids)).toEqual(['FinalTest/v1/eval', 'FinalTest/v1/feve', 'option:seed'])
    expect(paramsOf('ui.set').at(-1)).toEqual({
      key: 'runs-columns',
      value: { 'option:seed': true, name: false },
    })
    columns.toggle('name')
    expect(columns.isShown('name')).toBe(true)
    columns.restore({ 'FinalTest/v1/loss': true })
    expect(shown(ids)).toEqual(['name', 'FinalTest/v1/eval', 'FinalTest/v1/feve', 'FinalTest/v1/loss'])
  })
})
