import { configure, screen, waitFor, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import AssumeForm from '../../../../../src-renderer/features/editor/model/AssumeForm.vue'
import ModelCard from '../../../../../src-renderer/features/editor/model/ModelCard.vue'
import ModelPanel from '../../../../../src-renderer/features/editor/model/ModelPanel.vue'
import { BASELINE_YAML, COTRAINED_YAML, configOf } from '../../../../support/fake-renderer/made-up-configs.ts'
import type { Shown } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { cells, words } from '../../compare/small-comparison.ts'

configure({ asyncUtilTimeout: 10_000 })

const layer = (
  block: string,
  name: string,
  parameters: number,
  shape: number[],
  receptiveField?: number,
) => ({
  name: `core.${block}.${name}`,
  kind: 'conv 3x3',
  block,
  outputShape: shape,
  parameters,
  activationBytes: 4 * shape.reduce((a, b) => a * b, 1),
  multiplyAdds: 10 * parameters,
  ...(receptiveField === undefined ? {} : { receptiveField }),
})
const card: Result<'config.modelCard'> = {
  parameters: 13_500,
  tensors: 6,
  multiplyAdds: 135_000,
  activationBytes: 40_000,
  layers: [
    layer('v1_block', 'conv1', 500, [28, 28, 8], 3),
    layer('v1_block', 'pool', 0, [14, 14, 8], 6),
    layer('unshared_block', 'conv2', 3000, [14, 14, 16], 10),
    layer('v1_readout', 'session', 8000, [96]),
    layer('classification_readout', 'dense', 2000, [10]),
  ],
  parameterList: [
    { name: 'v1_readout.weight', shape: [96, 8], count: 8000, frozen: false },
    { name: 'conv1.weight', shape: [3, 3], count: 500, frozen: false },
  ],
  splits: [{ block: 'v1_block', receptiveField: 6 }],
}
const config = configOf(COTRAINED_YAML)
const diagram = (): HTMLElement => byRole('list', 'The network, from the image on')
const titles = (): string[] =>
  within(diagram())
    .getAllByRole('article')
    .map((a) => words(a.querySelector('h4')))

describe('the card of a model', () => {
  it('says what the model costs, and its largest parts', async () => {
    const { text } = await show(ModelCard, { props: { card } })
    expect(text()).toContain('13.5 k')
    expect(text()).toContain('13,500 in 6 tensors')
    expect(text()).toContain('135 k')
    expect(text()).toContain('39.1 KiB')
    expect(text()).toContain('52.7 KiB')
    expect(text()).toContain(
      'Largest output: core.v1_block.conv1, 24.5 KiB per image. ' +
        'Largest weights: v1_readout.weight, 31.3 KiB.',
    )
  })

  it('draws the network from the image on, with the readouts of each part and who shares it', async () => {
    await show(ModelCard, { props: { card } })
    expect(titles()).toEqual([
      'V1 block shared by V1 and classification',
      'V1 readout',
      'Unshared block only classification',
      'Classification readout',
    ])
    const [first] = within(diagram()).getAllByRole('article')
    expect(words(first)).toContain('500 parameters, 5.0 k multiply-adds, 30.6 KiB per image')
    expect(words(first)).toContain('leaves as 14 × 14 × 8; each value sees 6 × 6 px of the image')
  })

  it('lists the layers of a part by their own names', async () => {
    const { user } = await show(ModelCard, { props: { card } })
    const [first] = within(diagram()).getAllByRole('article')
    if (first === undefined) throw new Error('the network has parts')
    await user.click(within(first).getByText('2 layers'))
    const table = first.querySelector('table')
    expect(table && cells(table)).toEqual([
      ['Layer', 'Kind', 'Output', 'Parameters', 'Sees, px'],
      ['conv1', 'conv 3x3', '28 × 28 × 8', '500', '3'],
      ['pool', 'conv 3x3', '14 × 14 × 8', '', '6'],
    ])
    expect(screen.getAllByText('One layer')).toHaveLength(3)
  })
})

describe('the form of data that are not here', () => {
  const tasks = ['img_classification', 'v1', 'v4']
  const set = async ({ user }: Shown, name: string, value: string): Promise<void> => {
    await user.clear(byRole('spinbutton', name))
    if (value !== '') await user.type(byRole('spinbutton', name), value)
  }

  it('describes the usual data for every task, as they were changed', async () => {
    const page = await show(AssumeForm, { props: { tasks } })
    await set(page, 'Image size, px', '32')
    await set(page, 'Units per area', '20')
    await page.user.click(byRole('button', 'Show the model'))
    expect(page.emitted).toEqual([
      {
        name: 'assume',
        values: [
          {
            size: 32,
            channels: 1,
            classes: 200,
            sessions: [
              { area: 'v1', key: 'v1_session', units: 20 },
              { area: 'v4', key: 'v4_session', units: 20 },
            ],
          },
        ],
      },
    ])
  })

  it('names no classes where nothing is classified', async () => {
    const page = await show(AssumeForm, { props: { tasks: ['v4'] } })
    await page.user.click(byRole('button', 'Show the model'))
    expect(page.emitted[0]?.values[0]).toMatchObject({ classes: null, sessions: [{ area: 'v4' }] })
  })

  it('is sent off by Enter, as other forms are', async () => {
    const page = await show(AssumeForm, { props: { tasks } })
    await page.user.type(byRole('spinbutton', 'Classes'), '{Enter}')
    expect(page.emitted).toHaveLength(1)
  })

  it('does not hand over a number that is missing', async () => {
    const page = await show(AssumeForm, { props: { tasks } })
    await set(page, 'Image size, px', '')
    await page.user.click(byRole('button', 'Show the model'))
    await page.user.type(byRole('spinbutton', 'Classes'), '{Enter}')
    expect(page.emitted).toEqual([])
    expect(page.text()).toContain('Image size, px: write a whole number from 1 to 4096.')
  })
})

describe('the panel of the model', () => {
  const missing = (): never => {
    throw new CotrainError({ code: 'data-missing', message: 'The digits are gone.', hint: 'Add them.' })
  }

  it('asks for the model of the config, whatever it is called', async () => {
    const { paramsOf, change } = await show(ModelPanel, {
      props: { config },
      answers: { 'config.modelCard': () => card },
    })
    await waitFor(() => expect(titles()).toHaveLength(4))
    const first = paramsOf('config.modelCard')[0]
    expect(first).toMatchObject({ config: { name: '', comment: '', tags: [], seed: 1000 }, assume: null })
    await change({ config: { ...config, name: 'another name' } })
    await change({ config: { ...config, seed: 7 } })
    await waitFor(() => expect(paramsOf('config.modelCard')).toHaveLength(2))
    expect(paramsOf('config.modelCard')[1]).toMatchObject({ config: { seed: 7 } })
  })

  it('keeps the last model while the config has problems', async () => {
    const { change, text } = await show(ModelPanel, {
      props: { config },
      answers: { 'config.modelCard': () => card },
    })
    await waitFor(() => expect(titles()).toHaveLength(4))
    await change({ config: null })
    expect(text()).toContain('The card shows the last config without problems.')
    expect(titles()).toHaveLength(4)
  })

  it('says that it comes once there are no problems, or that it is loading', async () => {
    const { text } = await show(ModelPanel, { props: { config: null } })
    expect(text()).toContain('The card appears when the config has no problems.')
    const loading = await show(ModelPanel, { props: { config }, state: 'loading' })
    expect(loading.text()).toContain('Loading the model')
  })

  it('says why the model cannot be built', async () => {
    await show(ModelPanel, { props: { config }, state: 'error' })
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain('The model cannot be built')
    expect(screen.queryByRole('button', { name: 'Show the model' })).toBeNull()
  })

  it('shows the model for made-up data where the data are not here', async () => {
    const { user, paramsOf, text } = await show(ModelPanel, {
      props: { config },
      answers: { 'config.modelCard': ({ assume }) => (assume === null ? missing() : card) },
    })
    const button = await screen.findByRole('button', { name: 'Show the model' })
    expect(text()).toContain('The digits are gone.')
    await user.click(button)
    await waitFor(() => expect(text()).toContain('Made-up data: 64 px, 1 channel.'))
    expect(paramsOf('config.modelCard').at(-1)?.assume).toMatchObject({
      size: 64,
      sessions: [{ area: 'v1', key: 'v1_session', units: 100 }],
    })
  })

  it('keeps the form of made-up data when the service refuses what was filled in', async () => {
    const { user } = await show(ModelPanel, {
      props: { config },
      answers: { 'config.modelCard': ({ assume }) => (assume === null ? missing() : card) },
    })
    await screen.findByRole('button', { name: 'Show the model' })
    await user.clear(byRole('spinbutton', 'Image size, px'))
    await user.click(byRole('button', 'Show the model'))
    await settled()
    expect(screen.queryAllByRole('button', { name: 'Show the model' })).toHaveLength(1)
  })

  it('lets what was filled in be mended when the service cannot build a model for it', async () => {
    const { user, text } = await show(ModelPanel, {
      props: { config },
      answers: {
        'config.modelCard': ({ assume }) => {
          if (assume === null) return missing()
          if (assume.size > 32) return card
          throw new CotrainError({ code: 'config-invalid', message: 'The image is too small.', hint: '' })
        },
      },
    })
    await screen.findByRole('button', { name: 'Show the model' })
    await user.clear(byRole('spinbutton', 'Image size, px'))
    await user.type(byRole('spinbutton', 'Image size, px'), '8{Enter}')
    await settled()
    expect(text()).toContain('The image is too small.')
    await user.type(byRole('spinbutton', 'Image size, px'), '0{Enter}')
    await waitFor(() => expect(text()).toContain('Made-up data: 80 px, 1 channel.'))
  })

  it('looks for the real data again when it is asked to', async () => {
    let isHere = false
    const { user, text } = await show(ModelPanel, {
      props: { config },
      answers: { 'config.modelCard': ({ assume }) => (assume === null && !isHere ? missing() : card) },
    })
    await user.click(await screen.findByRole('button', { name: 'Show the model' }))
    await waitFor(() => expect(text()).toContain('Made-up data'))
    isHere = true
    await user.click(byRole('button', 'Look for the data again'))
    await settled()
    expect(titles()).toHaveLength(4)
    expect(text()).not.toContain('Made-up data')
  })

  it('asks for the real data again when the config names others', async () => {
    const { user, paramsOf, change, text } = await show(ModelPanel, {
      props: { config },
      answers: { 'config.modelCard': ({ assume }) => (assume === null ? missing() : card) },
    })
    await user.click(await screen.findByRole('button', { name: 'Show the model' }))
    await waitFor(() => expect(text()).toContain('Made-up data'))
    const before = paramsOf('config.modelCard').length
    await change({ config: { ...config, dataset: configOf(BASELINE_YAML).dataset } })
    await waitFor(() => expect(paramsOf('config.modelCard').length).toBeGreaterThan(before))
    expect(paramsOf('config.modelCard')[before]?.assume).toBeNull()
  })
})
