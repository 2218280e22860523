import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { method, ok } from '../../../../../src-shared/contract/calls/method.ts'
import { contract, factsOf } from '../../../../../src-shared/contract/contract.ts'

const place = z.object({ path: z.string(), deep: z.boolean() })

describe('a method of the contract', () => {
  it('does not compile without every fact, nor with one about a parameter that it does not have', () => {
    const made = [
      method({ view: { unless: ['deep'] }, audited: true, paths: ['path'] }, place, ok),
      // @ts-expect-error: who may call it is missing
      method({ audited: true, paths: [] }, place, ok),
      // @ts-expect-error: whether it leaves a line is missing
      method({ view: true, paths: [] }, place, ok),
      // @ts-expect-error: its places are missing
      method({ view: true, audited: false }, place, ok),
      // @ts-expect-error: no such parameter
      method({ view: true, audited: false, paths: ['folder'] }, place, ok),
      // @ts-expect-error: no such parameter
      method({ view: { unless: ['shallow'] }, audited: false, paths: [] }, place, ok),
    ]
    expect(made[0]).toMatchObject({
      view: { unless: ['deep'] },
      audited: true,
      paths: ['path'],
      params: place,
    })
  })

  it('is found by its name, and nothing else is', () => {
    expect(factsOf('runs.predict')).toMatchObject({ view: false, audited: true, paths: ['to'] })
    expect(factsOf('runs.list')).toMatchObject({ view: true, audited: false, paths: [] })
    for (const name of ['runs.nothing', 'toString', '__proto__', '']) expect(factsOf(name)).toBeUndefined()
  })

  it('is audited where it deletes for good or moves the home', () => {
    const audited = Object.entries(contract).flatMap(([name, facts]) => (facts.audited ? [name] : []))
    expect(audited).toEqual(expect.arrayContaining(['runs.deleteForever', 'app.changeHome', 'data.remove']))
  })
})
