import { viewOf } from '../../src-main/engine/model/torch-layout.ts'
import { countParameters } from '../../src-main/engine/model/index.ts'
import { comparison } from './compare.ts'
import type { GoldenCase, GoldenOutcome } from './golden-case.ts'
import type { GoldenFile } from './read-golden.ts'
import type { PublishedModel } from './vgg-models.ts'
import { publishedModel } from './vgg-models.ts'

interface Listed extends PublishedModel {
  readonly total: number
  readonly trainable: number
  readonly parameters: readonly {
    readonly name: string
    readonly shape: readonly number[]
    readonly requires_grad: boolean
  }[]
  readonly buffers?: readonly { readonly name: string; readonly shape: readonly number[] }[]
}

/** Names, shapes, order and counts of the published models. */
export function parameterListCases(file: GoldenFile): GoldenCase[] {
  const { models } = file.values as { models: Record<string, Listed> }
  return Object.entries(models).map(([name, listed]) => ({
    name: `${file.name}/${name}`,
    run: async () => check(listed),
  }))
}

async function check(listed: Listed): Promise<GoldenOutcome> {
  const { model, notes } = publishedModel(listed)
  const { specs } = model
  const result = comparison()
  const parameters = specs.filter((s) => s.kind === 'parameter')
  const ours = parameters.map((s) => ({
    name: s.torch.name,
    shape: viewOf(s).stored,
    requires_grad: !s.frozen,
  }))
  result.exact('parameters', ours, listed.parameters)
  result.exact('total', countParameters(specs).values, listed.total)
  result.exact('trainable', countParameters(specs.filter((s) => !s.frozen)).values, listed.trainable)
  const counted = (listed.buffers ?? []).filter((b) => !b.name.endsWith('num_batches_tracked'))
  const buffers = specs
    .filter((s) => s.kind === 'buffer')
    .map((s) => ({ name: s.torch.name, shape: s.shape }))
  result.exact('buffers', buffers, counted)
  return { ...(await result.outcome('exact')), notes }
}
