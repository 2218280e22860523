import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import AnalysesPart from '../../../../../src-renderer/features/run/analyses/AnalysesPart.vue'
import { shortLayers } from '../../../../../src-renderer/features/run/analyses/similarity-rows.ts'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Analysis } from '../../../../../src-shared/contract/analysis.ts'
import { analysisOf, similarityOf } from '../../../../support/fake-renderer/made-up-analyses.ts'
import { demoRuns } from '../../../../support/fake-renderer/made-up-runs.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'

const run = demoRuns().find(({ summary }) => summary.status === 'finished')!.summary
const part = (answers: Answers = {}) => show(AnalysesPart, { props: { run, hasUnits: true }, answers })

describe('analyses of a run', () => {
  it('are asked for by kind, units and changed options alone, and then shown', async () => {
    const made: Analysis[] = []
    const { user, paramsOf, text } = await part({
      'runs.analyses': () => made,
      'runs.analyse': ({ what }) => {
        const found = analysisOf(what)
        made.push(found)
        return found
      },
    })
    expect(text()).toContain('No analyses yet')
    await user.click(byRole('radio', 'Most exciting inputs'))
    await user.type(byRole('textbox', 'Units'), 'a/1, 7')
    await user.click(byRole('button', 'Options'))
    await user.clear(screen.getByLabelText('Steps'))
    await user.type(screen.getByLabelText('Steps'), '20')
    await user.tab()
    await user.click(byRole('button', 'Analyse'))
    await settled()
    expect(paramsOf('runs.analyse')).toMatchObject([
      { id: run.id, what: 'mei', units: ['a/1', '7'], options: { steps: 20 }, others: [] },
    ])
    expect(text()).toContain('n = 6 units, 100 images')
    expect(text()).toContain('One unit answers nothing.')
    expect(screen.getAllByRole('article')).toHaveLength(4)
    await user.click(byRole('button', 'Show more units'))
    await settled()
    expect(screen.getAllByRole('article')).toHaveLength(6)
  })

  it('say why one did not end, and keep what was there', async () => {
    const { user, text } = await part({
      'runs.analyses': () => [analysisOf('tuning')],
      'runs.analyse': () => {
        throw new CotrainError({ code: 'config-invalid', path: 'units', message: 'there is no unit "a".' })
      },
    })
    await user.type(byRole('textbox', 'Units'), 'a')
    await user.click(byRole('button', 'Analyse'))
    await settled()
    expect(text()).toContain('there is no unit "a".')
    expect(screen.getByRole('region', { name: 'Tuning to gratings' })).toBeTruthy()
  })

  it('show layers as profiles, matrices and dissimilarities of images that are chosen by layer', async () => {
    const made = similarityOf(run.id)
    const { user, paramsOf, text } = await part({ 'runs.analyses': () => [made] })
    await settled()
    expect(text()).toContain('3 layers, n = 4 images of the 40 test images of session session-1')
    expect(text()).toContain('0.400 [0.300, 0.500]')
    await user.selectOptions(screen.getByLabelText('Measure'), 'RSA')
    expect(text()).toContain('n = 4 images. Made up.')
    await user.selectOptions(screen.getByLabelText('beside'), 'core.layer1')
    await settled()
    expect(paramsOf('runs.analysedRdms').at(-1)).toMatchObject({
      names: ['responses', `${run.id}/core.layer1`],
    })
    expect(paramsOf('runs.analysedUnits')).toEqual([])
  })

  it('say which mark stands for which run where several are compared', async () => {
    const made = similarityOf(run.id)
    const other = made.profiles.map((profile) => ({ ...profile, run: 'b'.repeat(64) }))
    await part({ 'runs.analyses': () => [{ ...made, profiles: [...made.profiles, ...other] }] })
    await settled()
    const marks = within(screen.getByRole('list', { name: 'Marks of the runs' })).getAllByRole('listitem')
    expect(marks.map((one) => one.textContent)).toEqual([expect.any(String), 'b'.repeat(10)])
  })

  it('call layers by their last part where that tells them apart', () => {
    expect(shortLayers(['core.block.relu1', 'core.other.relu2', 'fc8'])).toEqual(['relu1', 'relu2', 'fc8'])
    expect(shortLayers(['v1.core.layer0', 'v4.core.layer0'])).toEqual(['v1.core.layer0', 'v4.core.layer0'])
  })

  it('are of layers alone where no responses are predicted', async () => {
    const { user, paramsOf } = await show(AnalysesPart, { props: { run, hasUnits: false } })
    expect(screen.queryByRole('radio', { name: 'Most exciting inputs' })).toBeNull()
    expect(screen.queryByRole('textbox', { name: 'Units' })).toBeNull()
    await user.click(byRole('button', 'Analyse'))
    await settled()
    expect(paramsOf('runs.analyse')).toMatchObject([
      { what: 'similarity', options: { pictures: 'classification' }, others: [] },
    ])
  })
})
