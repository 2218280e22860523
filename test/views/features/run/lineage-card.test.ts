import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import LineageCard from '../../../../src-renderer/features/run/LineageCard.vue'
import type { Relative } from '../../../../src-shared/contract/run-answers.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'
import { byRole, show } from '../../../support/show.ts'

const [parent, child] = demoRuns().map(({ summary }) => summary)
if (parent === undefined || child === undefined) throw new Error('no demo runs')
const relative = (more: Partial<Relative> = {}): Relative => ({
  run: child,
  fromEpoch: null,
  changes: [],
  scores: [],
  ...more,
})
const card = (lineage: { parent?: Relative; missingParent?: string; children?: Relative[] }) =>
  show(LineageCard, {
    props: { id: parent.id },
    answers: { 'runs.lineage': () => ({ parent: null, missingParent: null, children: [], ...lineage }) },
  })
const lines = (): string[] => screen.getAllByRole('listitem').map((li) => li.textContent ?? '')
const lr = { path: 'trainer.config.lr_init', from: 0.1, to: 0.03 }

describe('the lineage of a run', () => {
  it('asks for the relatives of this run, and says that there is none', async () => {
    const { text, paramsOf } = await card({})
    expect(paramsOf('runs.lineage')).toEqual([{ id: parent.id }])
    expect(text()).toContain('No parent and no children.')
  })

  it('leads to the parent and to the children', async () => {
    await card({ parent: relative({ run: parent }), children: [relative()] })
    expect(lines()[0]).toMatch(/^fromdemo baselineseed 1000nothing changed$/)
    expect(lines()[1]).toMatch(/^led todemo co-trainedseed 1000/)
    expect(byRole('link', 'demo co-trained').getAttribute('href')).toBe(`/runs/${child.id}`)
  })

  it('says what was changed on the way, and that a value was not set', async () => {
    await card({
      children: [
        relative({
          changes: [
            lr,
            { path: 'model.config.vgg_type', from: null, to: 'vgg11' },
            { path: 'seed', from: 1, to: [2] },
          ],
        }),
      ],
    })
    expect(lines()[0]).toContain('Learning rate 0.1 → 0.03, VGG type not set → vgg11, Seed 1 → 2')
  })

  it('counts the changes beyond six', async () => {
    const changes = Array.from({ length: 9 }, (_, n) => ({ ...lr, path: `trainer.config.x${n}` }))
    await card({ children: [relative({ changes })] })
    expect(lines()[0]).toContain('trainer.x5 0.1 → 0.03, 3 more')
    expect(lines()[0]).not.toContain('trainer.x6')
  })

  it('says what the scores did, with their sign, and from which epoch training went on', async () => {
    await card({
      children: [
        relative({
          fromEpoch: 9,
          scores: [
            { key: 'FinalTest/img_classification/eval', from: 94.1, to: 95.3 },
            { key: 'FinalTest/v1/eval', from: 0.42, to: 0.4 },
          ],
        }),
      ],
    })
    expect(lines()[0]).toContain('trained on from epoch 9')
    expect(lines()[0]).toMatch(/Accuracy \+1.2V1 corr. −0.020one run each$/)
  })

  it('says how a removed parent can be brought back', async () => {
    const id = 'c'.repeat(64)
    const { text } = await card({ missingParent: id })
    expect(text()).toContain(`Parent: run ${'c'.repeat(10)}, which was removed.`)
    expect(text()).toContain(`cotrain restore ${id}`)
    expect(text()).not.toContain('No parent')
  })
})
