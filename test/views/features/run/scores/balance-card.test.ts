import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import BalanceCard from '../../../../../src-renderer/features/run/scores/BalanceCard.vue'
import { madeUpBalance } from '../../../../support/fake-renderer/made-up-balance.ts'
import { show } from '../../../../support/show.ts'

const shown = (answer: () => unknown) =>
  show(BalanceCard, {
    props: { id: 'a'.repeat(64), status: 'finished' },
    answers: { 'runs.balance': answer as () => never },
  })

describe('the balance of the tasks', () => {
  it('says which task moves the network, by how much, and what would change that', async () => {
    const { text } = await shown(() => madeUpBalance(5))
    expect(text()).toContain('The neurons move the shared layers')
    expect(text()).toContain('from the first epoch on')
    expect(text()).toContain('Ratio trainer.train_cycler_args.ratio')
    expect(screen.getByRole('figure', { name: /Gradient of the neurons/ })).toBeTruthy()
  })

  it('advises nothing where the tasks are balanced, and draws nothing where nothing was recorded', async () => {
    const balanced = await shown(() => madeUpBalance(1))
    expect(balanced.text()).toContain('Both tasks move the shared layers')
    expect(balanced.text()).not.toContain('What would change that')
    const none = await shown(() => ({
      ...madeUpBalance(1),
      verdict: 'unknown',
      text: 'Nothing yet.',
      epochs: [],
    }))
    expect(none.text()).toContain('Nothing yet.')
  })
})
