import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkNaming } from '../../../../../src-main/runs/create/check-naming.ts'
import { parseConfigText } from '../../../../../src-main/runs/create/config-text.ts'
import type { RunConfig } from '../../../../../src-shared/schema/run-config.ts'
import { fakeDescription } from '../../../../support/fake-engine.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { smallConfig } from '../../../../support/lab.ts'

const shapes = fakeDescription.shapes as NonNullable<typeof fakeDescription.shapes>
const never = () => Promise.reject(new Error('nothing is named, so nobody asks for the model'))
const naming = (options: Record<string, unknown>): RunConfig =>
  smallConfig(1, { trainer: { fn: 'cotrainer', config: options } })
const check = (config: RunConfig): Promise<void> => checkNaming(config, () => Promise.resolve(shapes))

describe('names of parts of the model', () => {
  it('are looked up only where there are some', async () => {
    await checkNaming(naming({ max_iter: 3 }), never)
    await expect(checkNaming(naming({ freeze: { freeze: ['core'] } }), never)).rejects.toThrow(
      /nothing is named/,
    )
  })

  it.each([
    [
      { specific_opt_options: { no_such_parameter: { lr: 0.1 } } },
      /^trainer\.config\.specific_opt_options\.no_such_parameter: no parameter that is trained has "no_such_parameter" in its name/,
    ],
    [{ freeze: { reset: ['nowhere'] } }, /nowhere/],
    [{ freeze: { freeze: ['nowhere'] } }, /nowhere/],
  ])('are refused where the model has none: %j', async (options, words) => {
    await expect(check(naming(options))).rejects.toThrow(words)
  })

  it('pass where the model has them', async () => {
    await check(naming({ freeze: { freeze: ['core'] }, readout_name: 'classifier' }))
  })
})

const folder = sharedPath('cases', 'options-without-effect')

describe.skipIf(folder === null)('kept configs that differ in an option without effect', () => {
  const read = (file: string) => parseConfigText(readFileSync(join(folder ?? '', file), 'utf8'), file)

  it('are refused, each naming its option and why', async () => {
    expect(read('base.yaml').problems).toEqual([])
    expect(read('adam-momentum.yaml').problems).toMatchObject([
      {
        path: expect.stringMatching(/trainer\.config\.optimizer_options\.momentum$/),
        message: 'this option has no effect with optimizer: "Adam".',
      },
    ])
    expect(read('decay-without-scheduler.yaml').problems).toMatchObject([
      {
        path: expect.stringMatching(/trainer\.config\.lr_decay$/),
        message: 'this option has no effect with scheduler: "".',
      },
    ])
    const { config } = read('names-nothing.yaml')
    if (config === null) throw new Error('this is seen in the model only')
    expect(await problemOf(() => check(config))).toMatchObject({
      path: 'trainer.config.specific_opt_options.no_such_parameter',
    })
  })
})
