import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { useApp } from '../../../src-renderer/stores/app.ts'
import type { Showing } from '../../support/show.ts'
import { settled, show } from '../../support/show.ts'
import { DOCTOR } from '../../support/fake-renderer/made-up-machine.ts'

const empty = (given: Showing = {}) => show({ render: () => null }, given)
const refuse = () => {
  throw new CotrainError({ code: 'internal', message: 'The disk is full.', hint: 'Make room.' })
}

describe('the service', () => {
  it('says who it is and what computes', async () => {
    await empty()
    const app = useApp()
    expect(app.engine).toBeNull()
    app.start()
    await settled()
    expect(app.link).toBe('open')
    expect(app.info?.version).toBe('0.1.0')
    expect(app.engine).toBe('native')
  })

  it('has a problem until something succeeds', async () => {
    let isDown = true
    const { paramsOf } = await empty({ answers: { 'app.doctor': () => (isDown ? refuse() : DOCTOR) } })
    const app = useApp()
    await app.load()
    expect(app.problems).toEqual([{ code: 'internal', message: 'The disk is full.', hint: 'Make room.' }])
    expect(app.info?.name).toBe('CoTrain')
    await app.examine()
    expect(app.isExamining).toBe(false)
    expect(app.problems).toHaveLength(1)
    isDown = false
    await app.examine()
    expect(app.problems).toEqual([])
    expect(paramsOf('app.doctor').map((p) => p.deep)).toEqual([undefined, true, true])
  })

  it('fails with the words of whatever was thrown', async () => {
    await empty()
    await useApp().attempt(() => Promise.reject(new Error('odd')))
    expect(useApp().problems).toEqual([{ code: 'internal', message: 'odd' }])
  })
})
